from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Shell of the enterprise's door: home, frame, what is mine."""

    name = "liaison.portal"
    label = "portal"
