"""Where a unit's house stands: day plans begin there."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from liaison.accounts.actions import place_unit
from liaison.accounts.models import Unit
from liaison.core.coordinates import CoordinateSystem, Point, to_wgs84


class Command(BaseCommand):
    help = "Say where a unit is: place_unit LSL 120.5174 36.8612 --coordinates gcj02"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code")
        parser.add_argument("longitude", type=float)
        parser.add_argument("latitude", type=float)
        parser.add_argument(
            "--coordinates",
            choices=CoordinateSystem.values,
            default=CoordinateSystem.WGS84,
            help="the system the numbers were read in; wgs84 if not given",
        )

    def handle(
        self,
        *args: Any,
        code: str,
        longitude: float,
        latitude: float,
        coordinates: str,
        **options: Any,
    ) -> None:
        unit = Unit.objects.filter(code=code).first()
        if unit is None:
            raise CommandError(f"There is no unit {code}.")
        try:
            point = Point(longitude, latitude)
        except ValueError as error:
            raise CommandError(str(error)) from error
        place_unit(unit, to_wgs84(point, coordinates))
