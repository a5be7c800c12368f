from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Papers both ways: notices, policies and forms to enterprises, their answers, and orders."""

    name = "documents"

    def ready(self) -> None:
        from documents import receivers  # noqa: F401  connects; models are only complete here
