"""The first person of a unit: usually its system administrator, who then adds the others."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from liaison.accounts.models import Kind, Unit, User
from liaison.accounts.people import add_person
from liaison.core.refused import Refused


class Command(BaseCommand):
    help = "Add a person: add_person LSL desk 示例内勤 --kind desk --duty system"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("unit", help="the unit's code")
        parser.add_argument("username")
        parser.add_argument("name")
        parser.add_argument("--kind", choices=Kind.values, required=True)
        parser.add_argument("--phone", default="")
        parser.add_argument("--duty", choices=User.AdminDuty.values, default="")

    def handle(self, *args: Any, unit: str, duty: str, **options: Any) -> None:
        found = Unit.objects.filter(code=unit).first()
        if found is None:
            raise CommandError(f"There is no unit {unit}.")
        values = {name: options[name] for name in ("username", "name", "kind", "phone")}
        try:
            user, password = add_person({**values, "unit": found}, by=None, duty=duty)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{user.username} {password}")
        self.stderr.write("The password is good for the first sign-in and shown only here.")
