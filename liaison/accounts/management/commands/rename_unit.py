"""A unit's new name; its code and its place in the tree stay, everything hangs on them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from liaison.accounts.actions import rename_unit
from liaison.accounts.models import Unit
from liaison.core.refused import Refused


class Command(BaseCommand):
    help = "Rename a unit: rename_unit SLS 示例路派出所"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code")
        parser.add_argument("name")

    def handle(self, *args: Any, code: str, name: str, **options: Any) -> None:
        unit = Unit.objects.filter(code=code).first()
        if unit is None:
            raise CommandError(f"There is no unit {code}.")
        try:
            rename_unit(unit, name)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
