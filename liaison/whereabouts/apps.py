from django.apps import AppConfig


class WhereaboutsConfig(AppConfig):
    """When a person's position may be kept: with consent, and while on shift."""

    name = "liaison.whereabouts"
    label = "whereabouts"
