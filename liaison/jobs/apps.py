from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The periodic jobs: running them, and how each last went."""

    name = "liaison.jobs"
    label = "jobs"
