from django.apps import AppConfig


class EnterprisesConfig(AppConfig):
    """Enterprises and projects, their contacts, and who answers for them."""

    name = "enterprises"

    def ready(self) -> None:
        from enterprises import receivers  # noqa: F401  connects; models are only complete here
