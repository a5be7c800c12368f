"""What the periodic jobs do about day plans, and how far behind they are."""

from collections import Counter
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from liaison.accounts.models import Unit, User
from liaison.core.sweeping import longest_wait, sweep
from visits.day_plans.making import make
from visits.models import DayPlan, Urgency

# One that cannot be made is tried again after so long.
PUT_OFF = timedelta(minutes=10)
# Held at once: a plan takes its moment, and whoever raises a line waits for the row to mark it.
BATCH = 5


def plan_due(now: datetime) -> Counter[str]:
    """Make every plan anew that is due; processes at the same time share them."""
    _mark(now)
    due = DayPlan.objects.all().due(now).select_related("officer__unit")
    counts = Counter(day_plans=0)
    counts.update(
        sweep(
            due.order_by("due_at", "id"),
            lambda rows: _plan(rows, now),
            lambda row: DayPlan.objects.filter(pk=row.pk).update(due_at=now + PUT_OFF),
            batch=BATCH,
        )
    )
    return counts


def oldest_due(now: datetime) -> timedelta | None:
    """For how long the plan, or what came in for one, has waited that has waited longest."""
    heard = Urgency.objects.filter(at__lte=now)
    return longest_wait(now, (DayPlan.objects.all().due(now), "due_at"), (heard, "at"))


@transaction.atomic
def forget_old(now: datetime) -> dict[str, int]:
    """Delete plans that nobody looks at any more, and where their officers were on days gone by."""
    today = timezone.localdate(now)
    oldest = today - timedelta(settings.DAY_PLAN_KEEP_DAYS)
    old = DayPlan.objects.filter(day__lt=oldest)
    forgotten = old.count()
    old.delete()
    gone_by = DayPlan.objects.filter(day__lt=today, starts_from=DayPlan.StartsFrom.GIVEN)
    gone_by.update(longitude=None, latitude=None)
    return {"day_plans_forgotten": forgotten}


def has_days(officer: User) -> bool:
    """Whether there are days to plan for this person: who can answer for enterprises of a
    station, and still does."""
    unit = officer.unit
    return unit is not None and unit.kind == Unit.Kind.STATION and officer.can_answer_at(unit)


@transaction.atomic
def _mark(now: datetime) -> None:
    """What has come in makes the plans of today due; who has none needs none made anew."""
    heard = dict(Urgency.objects.filter(at__lte=now).values_list("pk", "officer"))
    if not heard:
        return
    today = DayPlan.objects.filter(officer__in=set(heard.values()), day=timezone.localdate(now))
    # By id: two processes that mark the same ones take turns.
    for pk in today.order_by("pk").values_list("pk", flat=True):
        DayPlan.objects.filter(pk=pk).update(due_at=now)
    Urgency.objects.filter(pk__in=heard).delete()


def _plan(rows: list[DayPlan], now: datetime) -> Counter[str]:
    for plan in rows:
        if has_days(plan.officer):
            make(plan, now, at_once=False)
        else:
            DayPlan.objects.filter(pk=plan.pk).update(due_at=None)
    return Counter(day_plans=len(rows))
