from django.apps import AppConfig


class StaffConfig(AppConfig):
    """Shell of the browser face: dashboard, dossier, navigation."""

    name = "liaison.staff"
    label = "staff"
