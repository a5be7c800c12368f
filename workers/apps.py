from django.apps import AppConfig


class WorkersConfig(AppConfig):
    """Workers from elsewhere, registered in batches (流动人口登记)."""

    name = "workers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from workers import receivers  # noqa: F401  connects; models are only complete here
