from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Units, people, sign-in, roles."""

    name = "liaison.accounts"
    label = "accounts"

    def ready(self) -> None:
        from liaison.accounts import receivers  # noqa: F401  connects; models are only complete here
