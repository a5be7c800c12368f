from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Visits and inspections: what officers did, found and promised, and where they go today."""

    name = "visits"

    def ready(self) -> None:
        from visits import receivers  # noqa: F401  connects; models are only complete here
