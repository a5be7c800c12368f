from django.apps import AppConfig


class IssuesConfig(AppConfig):
    """The bill (问题账单): what was raised, who takes it, by when, what closed it."""

    name = "issues"

    def ready(self) -> None:
        from issues import receivers  # noqa: F401  connects; models are only complete here
