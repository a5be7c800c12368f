from django.apps import AppConfig


class GreenChannelConfig(AppConfig):
    """绿色通道: what enterprises apply for at the police, what it takes, and how it goes on."""

    name = "green_channel"

    def ready(self) -> None:
        from green_channel import receivers  # noqa: F401  connects; models are only complete here
