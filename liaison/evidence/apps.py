from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Photos and files."""

    name = "liaison.evidence"
    label = "evidence"
