from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Rules that belong to no domain: working days, coordinates, spreadsheets, forms."""

    name = "liaison.core"
    label = "core"
