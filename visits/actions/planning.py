"""Planning an officer's day, and seeing that it must be planned anew."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Assignment, Cover, Enterprise
from liaison.accounts.models import Kind, User
from liaison.audit.record import record
from liaison.core.coordinates import Point
from liaison.core.refused import Refused
from visits.day_plans.making import make
from visits.day_plans.sweep import has_days
from visits.models import DayPlan, Urgency
from visits.tasks import wake


@transaction.atomic
def plan_day(
    officer: User,
    on: date,
    *,
    by: User,
    start: Point | None = None,
    now: datetime | None = None,
) -> DayPlan:
    """The officer's calls of that day, chosen and ordered anew from the facts as they are.

    ``start`` is where the officer is (WGS-84); without it the one given before stands, else the
    station's, else the middle of the enterprises. A plan that would take too long is left to a
    worker, who is woken: ``is_being_made()``, with the calls as they were. Raises
    Refused("not_yours" | "no_days" | "past").
    """
    now = now or timezone.now()
    _must_be_planned(officer, on, by, now)
    DayPlan.objects.get_or_create(officer=officer, day=on)
    mine = DayPlan.objects.all().of(officer, on)
    # Written before it is read: of two at once the second sees what the first has left.
    mine.update(day=F("day"))
    plan = mine.select_related("officer__unit").get()
    # All that had come in by now is in the facts that are read from here on.
    heard = list(Urgency.objects.filter(officer=officer).values_list("pk", flat=True))
    if start is not None:
        plan.starts_from = DayPlan.StartsFrom.GIVEN
        plan.longitude, plan.latitude = start.lon, start.lat
    if make(plan, now, at_once=True):
        Urgency.objects.filter(pk__in=heard).delete()
    else:
        plan.due_at = now
        plan.save()
        # Robust: what was asked is written, whatever has become of the broker.
        transaction.on_commit(wake, robust=True)
    record("day_plan.made", plan, by=by, unit=officer.unit)
    return plan


@transaction.atomic
def plan_anew(officers: Iterable[int]) -> None:
    """Something urgent has come in for these officers (by id): the sweep plans what is left of
    their day anew within a minute, where it has been planned. In the transaction of what happened.
    """
    Urgency.objects.bulk_create([Urgency(officer_id=pk) for pk in sorted(set(officers))])


def looked_after_by(enterprise: Enterprise) -> set[int]:
    """Who is to go there: the responsible officer and whoever acts for him today."""
    answering = Assignment.objects.filter(enterprise=enterprise).open().responsible()
    return and_acting(answering.values_list("officer", flat=True))


def and_acting(officers: Iterable[int]) -> set[int]:
    """These officers with whoever acts for any of them today."""
    keys = set(officers)
    covers = Cover.objects.all().active(timezone.localdate()).filter(officer__in=keys)
    return keys | set(covers.values_list("acting", flat=True))


def _must_be_planned(officer: User, on: date, by: User, now: datetime) -> None:
    unit = officer.unit
    chief = by.is_active and by.kind == Kind.CHIEF and unit is not None and by.unit_id == unit.pk
    if by.pk != officer.pk and not chief:
        raise Refused("not_yours", _("Only the officer and the station's chiefs plan this day."))
    if not has_days(officer):
        raise Refused("no_days", _("There are no calls to plan for this person."))
    if on < timezone.localdate(now):
        raise Refused("past", _("This day is over."), field="day")
