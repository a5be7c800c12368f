"""The first unit of an installation, and every further one."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from liaison.accounts.actions import create_unit
from liaison.accounts.models import Unit
from liaison.core.refused import Refused


class Command(BaseCommand):
    help = "Add a bureau, station or squad: add_unit station LSL 示例派出所 --under SLS"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=Unit.Kind.values)
        parser.add_argument("code", help="short and unique; it heads the numbers of the bill")
        parser.add_argument("name")
        parser.add_argument("--under", metavar="CODE", help="the unit above it")

    def handle(
        self, *args: Any, kind: str, code: str, name: str, under: str | None, **options: Any
    ) -> None:
        parent = Unit.objects.filter(code=under).first() if under else None
        if under and parent is None:
            raise CommandError(f"There is no unit {under}.")
        try:
            unit = create_unit(code=code, name=name, kind=kind, parent=parent)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        except IntegrityError as error:
            raise CommandError(f"There is a unit {code} already.") from error
        self.stdout.write(f"{unit.code} {unit.name}")
