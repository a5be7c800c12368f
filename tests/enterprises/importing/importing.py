"""What tests/enterprises/importing/test_command.py kills."""

import io

from django.core.management import call_command


def work(path: str, unit: str) -> None:
    """Import a list, as the command does."""
    call_command("import_enterprises", path, "--unit", unit, stdout=io.StringIO())
