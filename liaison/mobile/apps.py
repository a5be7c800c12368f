from django.apps import AppConfig


class MobileConfig(AppConfig):
    """What the officer's phone sends: its outbox, and its files in pieces."""

    name = "liaison.mobile"
    label = "mobile"
