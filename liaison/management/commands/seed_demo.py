"""A station to try things on, in an empty database."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from enterprises.models import Enterprise
from liaison.accounts.demo import keep_sign_ins, kept_sign_ins
from liaison.accounts.models import Unit, User
from liaison.demo.station import build
from liaison.summaries.actions import count_due


class Command(BaseCommand):
    help = "Make a demo station with made-up names when the database is empty."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print what there is as JSON")
        parser.add_argument(
            "--in-demo-mode", action="store_true", help="do nothing unless DEMO is on"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["in_demo_mode"] and not settings.DEMO:
            return
        with transaction.atomic():
            if not (Unit.objects.exists() or User.objects.exists()):
                # Before the commit: a station that is there can be signed in to.
                keep_sign_ins(build().passwords)
                count_due(timezone.now())
        sign_ins = kept_sign_ins()
        unit = Unit.objects.filter(people__username__in=[one["username"] for one in sign_ins])
        station = unit.filter(kind=Unit.Kind.STATION).first()
        count = Enterprise.objects.filter(unit=station).count()
        if station is None and not options["in_demo_mode"]:
            # Every `make run` asks for one in demo mode: a database in use is no news then.
            self.stderr.write("The database is in use: no demo station was made.")
        if options["json"]:
            made = {
                "unit": station.code if station else None,
                "users": sign_ins,
                "enterprises": count,
            }
            self.stdout.write(json.dumps(made, ensure_ascii=False))
        elif station is not None:
            self.stdout.write(f"Demo station {station.code} with {count} enterprises.")
