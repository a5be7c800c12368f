from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Units, people, sign-in, roles."""

    name = "liaison.accounts"
    label = "accounts"
