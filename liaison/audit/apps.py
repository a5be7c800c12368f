from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Who did what, append-only."""

    name = "liaison.audit"
    label = "audit"

    def ready(self) -> None:
        from liaison.audit import receivers  # noqa: F401  connects; models are only complete here
