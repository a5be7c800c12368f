"""What is counted of a station equals its rows, recounted one by one in plain Python."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from enterprises.models import Enterprise
from issues.models import Extension, Issue
from liaison.summaries.topics import TOPICS, function_of
from tests.summaries.tree import Tree
from visits.models import Visit

pytestmark = pytest.mark.django_db


def enterprises(unit, now):
    today = timezone.localdate(now)
    found = Counter(listed=Enterprise.objects.filter(unit=unit).count())
    for one in Enterprise.objects.filter(unit=unit).exclude(stage="closed"):
        due = (one.cadence.next_contact_due_on, one.cadence.next_visit_due_on)
        over = any(day < today for day in due)
        officers = [
            place.officer
            for place in one.assignments.filter(role="responsible", ended_at=None)
            if place.officer.is_active and place.officer.unit_id == unit.pk
        ]
        found.update(
            {
                "live": 1,
                one.grade: 1,
                "unassigned": not officers,
                "overdue": over,
                "due_today": today in due and not over,
                "placed": one.point is not None,
            }
        )
        if one.point:
            found["east"] += one.longitude * 1e6
            found["north"] += one.latitude * 1e6
    return found


def issues(unit, now):
    today = timezone.localdate(now)
    found = Counter()
    for line in Issue.objects.filter(unit=unit):
        if line.next_due_at:
            falls_on = timezone.localdate(line.next_due_at)
            year = timezone.localdate(line.resolve_due_at).year if line.resolve_due_at else None
            found.update(
                {
                    "open": 1,
                    "late": line.next_due_at < now,
                    "due_today": line.next_due_at >= now and falls_on == today,
                    "due_uncertain": line.due_uncertain,
                    f"uncertain_{year}": line.due_uncertain,
                    "awaiting_acceptance": line.stage == "raised",
                    "extension_asked": Extension.objects.filter(
                        issue=line, decided_at=None
                    ).exists(),
                }
            )
        elif line.stage == "closed" and timezone.localdate(line.closed_at).year == today.year:
            found.update({f"closed_{line.kind.code}": 1, "loss": (line.loss_recovered or 0) * 100})
    return found


def visits(unit, now):
    year = timezone.localdate(now).year
    rows = Visit.objects.filter(unit=unit)
    return Counter(this_year=sum(timezone.localdate(one.happened_at).year == year for one in rows))


RECOUNT = {"enterprises": enterprises, "issues": issues, "visits": visits}


def not_nothing(numbers):
    # A sum of degrees is rounded once here and once there.
    return {name: pytest.approx(n, abs=1) if n > 1e6 else n for name, n in numbers.items() if n}


def test_every_topic_is_recounted_here():
    assert set(RECOUNT) == set(TOPICS)


@pytest.mark.parametrize("seed", range(2))
def test_every_number_is_that_of_the_rows(seed):
    tree, now = Tree(seed), timezone.now()
    for topic, recount in RECOUNT.items():
        found = function_of(topic)([unit.pk for unit in tree.units.values()], now)
        for name, unit in tree.units.items():
            counted = {name: n for name, n in found.get(unit.pk, {}).items() if n}
            assert counted == not_nothing(recount(unit, now)), (topic, name)


def test_what_changes_at_midnight_changes_with_the_moment():
    tree, now = Tree(), timezone.now()
    unit = tree.units["first"]
    for ahead in (timedelta(days=1), timedelta(days=400)):
        for topic, recount in RECOUNT.items():
            found = function_of(topic)([unit.pk], now + ahead).get(unit.pk, {})
            expected = not_nothing(recount(unit, now + ahead))
            assert {name: n for name, n in found.items() if n} == expected, (topic, ahead)


def test_a_batch_costs_the_same_queries_as_one_station():
    tree, now = Tree(), timezone.now()
    every = [unit.pk for unit in tree.units.values()]

    def cost(topic, units):
        with CaptureQueriesContext(connection) as queries:
            function_of(topic)(units, now)
        return len(queries)

    for topic in TOPICS:
        assert cost(topic, every) == cost(topic, every[:1]) <= 3
