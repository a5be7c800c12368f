from django.apps import AppConfig


class SummariesConfig(AppConfig):
    """The numbers of every unit, counted ahead, each with the moment it is true for."""

    name = "liaison.summaries"
    label = "summaries"
