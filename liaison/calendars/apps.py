from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    """Which dates are worked, published year by year, and between which hours a unit works."""

    name = "liaison.calendars"
    label = "calendars"
