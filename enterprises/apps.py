from django.apps import AppConfig


class EnterprisesConfig(AppConfig):
    """Enterprises and projects, their contacts, and who answers for them."""

    name = "enterprises"
