"""An officer with enterprises round the station, each as due as is asked."""

from datetime import timedelta

from django.utils import timezone

from enterprises.models import Cadence, Enterprise
from liaison.accounts.actions import place_unit
from liaison.core.coordinates import Point
from tests import factories as make
from visits.models import DayPlan

STATION = Point(120.5, 36.86)
# About 111 m to the north.
STEP = 0.001


class Town:
    def __init__(self):
        self.unit = make.StationFactory()
        place_unit(self.unit, STATION)
        self.officer = make.OfficerFactory(unit=self.unit)
        self.chief = make.ChiefFactory(unit=self.unit)
        self.desk = make.DeskFactory(unit=self.unit)

    def site(self, steps=1, *, overdue=None, officer=None, placed=True, **facts):
        """An enterprise so many steps north of the station, a visit there overdue by so many
        days; nothing is due without."""
        point = (
            {"longitude": STATION.lon, "latitude": round(STATION.lat + steps * STEP, 6)}
            if placed
            else {}
        )
        made = make.AssignedEnterpriseFactory(
            unit=self.unit, officer=officer or self.officer, **point, **facts
        )
        today = timezone.localdate()
        due_on = today + timedelta(30) if overdue is None else today - timedelta(overdue)
        Cadence.objects.filter(enterprise=made).update(
            next_visit_due_on=due_on, next_contact_due_on=today + timedelta(30)
        )
        return made

    @property
    def plan(self):
        return DayPlan.objects.get(officer=self.officer, day=timezone.localdate())

    @property
    def calls(self):
        """The enterprises of today's plan, in walking order."""
        return [one.enterprise for one in self.plan.calls.order_by("position")]


def many_sites(unit, officer, n, chance):
    """As many at once, by rows: for tests and measurements that are about time."""
    made = Enterprise.objects.bulk_create(
        [
            Enterprise(
                unit=unit,
                name=f"示例{k:04d}有限公司",
                identity_key=f"x{k}",
                grade=chance.choice(("red", "yellow", "green", "green")),
                longitude=STATION.lon + chance.gauss(0, 0.04),
                latitude=STATION.lat + chance.gauss(0, 0.03),
            )
            for k in range(n)
        ]
    )
    today = timezone.localdate()
    Cadence.objects.bulk_create(
        [
            Cadence(
                enterprise=one,
                next_contact_due_on=today + timedelta(chance.randint(-9, 7)),
                next_visit_due_on=today + timedelta(chance.randint(-9, 30)),
            )
            for one in made
        ]
    )
    places = made[0].assignments.model
    places.objects.bulk_create([places(enterprise=one, officer=officer) for one in made])
    return made
