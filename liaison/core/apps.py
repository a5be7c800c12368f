from django.apps import AppConfig
from django.db.backends.signals import connection_created

from liaison.core import checks  # noqa: F401  registers itself
from liaison.core.moments import read_moments_quickly


class CoreConfig(AppConfig):
    """Rules that belong to no domain: working days, coordinates, spreadsheets, forms."""

    name = "liaison.core"
    label = "core"

    def ready(self) -> None:
        connection_created.connect(read_moments_quickly)
