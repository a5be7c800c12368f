from django.apps import AppConfig


class LawConfig(AppConfig):
    """The articles that orders and approvals rest on."""

    name = "liaison.law"
    label = "law"
