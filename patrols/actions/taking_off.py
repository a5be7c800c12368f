"""Enterprises that are in a team no more come off its nights ahead, which then stand short."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import F, QuerySet

from patrols.models import Duty, DutyNight, Roster
from patrols.roster_dates import month_of


def take_off_nights(
    enterprises: Collection[int], teams: Collection[int], begins_on: date
) -> dict[int, list[date]]:
    """Off all duties in these teams' nights from ``begins_on`` on: by enterprise its nights.

    For verbs, in their transaction. Rosters are claimed first, then nights, as everybody does who
    changes one: a month that is being made, and a change of a night under way, comes before or is
    overtaken.
    """
    _claim(Roster.objects.filter(team__in=teams, month__gte=month_of(begins_on)))
    duties = Duty.objects.filter(
        enterprise__in=enterprises, night__team__in=teams, night__night_on__gte=begins_on
    )
    _claim(DutyNight.objects.filter(pk__in=duties.values("night")))
    nights: dict[int, list[date]] = defaultdict(list)
    rows = duties.order_by("night__night_on").values_list("enterprise", "night__night_on")
    for key, night_on in rows:
        nights[key].append(night_on)
    duties.delete()
    return nights


def _claim(rows: QuerySet[Any]) -> None:
    """One version on, in an order in which two who do this do not wait for each other."""
    keys = list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    rows.model._default_manager.filter(pk__in=keys).update(version=F("version") + 1)
