"""A station to try things on, in an empty database."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from enterprises.models import Enterprise
from liaison.accounts.models import Unit
from liaison.demo.station import build


class Command(BaseCommand):
    help = "Make a demo station with made-up names when the database is empty."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print what there is as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.VAR / "demo-credentials.json"
        if not Unit.objects.exists():
            with transaction.atomic():
                station = build()
            made = {
                "unit": station.unit.code,
                "users": [
                    {"username": name, "password": password, "kind": station.people[name].kind}
                    for name, password in station.passwords.items()
                ],
            }
            # Only its owner may read it, from the first byte on.
            path.touch(mode=0o600)
            path.write_text(json.dumps(made, ensure_ascii=False, indent=1))
        credentials = json.loads(path.read_text()) if path.exists() else {"unit": None, "users": []}
        count = Enterprise.objects.filter(unit__code=credentials["unit"]).count()
        if options["json"]:
            self.stdout.write(json.dumps({**credentials, "enterprises": count}, ensure_ascii=False))
        elif count:
            self.stdout.write(f"Demo station {credentials['unit']} with {count} enterprises.")
