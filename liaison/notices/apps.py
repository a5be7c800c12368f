from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Who is told what: the inbox, and what is sent from it by other channels."""

    name = "liaison.notices"
    label = "notices"
