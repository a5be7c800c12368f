from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Visits and inspections: what officers did, found and promised."""

    name = "visits"
