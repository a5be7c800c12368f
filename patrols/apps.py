from django.apps import AppConfig


class PatrolsConfig(AppConfig):
    """警保联控: neighbouring enterprises in teams, whose guards patrol in turn every night."""

    name = "patrols"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from patrols import receivers  # noqa: F401  connects; models are only complete here
