"""Several decide at once on an application, or on the same workers: one wins."""

import pytest

from green_channel.actions import decide
from green_channel.models import Decision, Outcome
from issues.models import Issue
from issues.workflow import Stage
from liaison.audit.models import Entry
from liaison.core.refused import Conflict
from tests import factories as make
from tests.races.threads import all_at_once, losers, winners
from workers.actions import mark_workers
from workers.models import Worker
from workers.workflow import Status

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
MANY = 8


def test_an_application_is_decided_once():
    application = make.HandledApplicationFactory()
    issue = Issue.objects.get(pk=application.issue_id)
    said = [
        {"outcome": Outcome.GRANTED},
        {"outcome": Outcome.REFUSED, "reason": "不符合条件", "appeal": "六十日内申请复议"},
    ]
    results = all_at_once(
        [
            lambda told=said[n % 2]: decide(
                application,
                by=issue.handler,
                version=issue.version,
                pickup_place="3号窗口",
                pickup_when="工作日",
                **told,
            )
            for n in range(MANY)
        ]
    )
    [won] = winners(results)
    assert all(isinstance(one, Conflict) for one in losers(results))
    assert Decision.objects.get() == won
    assert Decision.objects.get().outcome == won.outcome
    now = Issue.objects.get(pk=issue.pk)
    assert now.stage == Stage.PROPOSED
    assert now.events.filter(move="propose").count() == 1


def test_workers_are_registered_once_and_no_number_is_lost():
    batch = make.with_photos(make.WorkerBatchFactory())
    chiefs = [make.ChiefFactory(unit=batch.unit) for _ in range(MANY)]
    keys = [one.pk for one in make.workers_of(batch)]
    mark_workers(keys, "check", by=chiefs[0], unit=batch.unit)
    results = all_at_once(
        [lambda by=by: mark_workers(keys, "register", by=by, unit=batch.unit) for by in chiefs]
    )
    assert winners(results) == [len(keys)]
    assert all(isinstance(one, Conflict) for one in losers(results))
    assert set(Worker.objects.values_list("status", flat=True)) == {Status.REGISTERED}
    numbers = sorted(one.certificate[-5:] for one in make.workers_of(batch))
    assert numbers == [f"{n:05d}" for n in range(1, len(keys) + 1)]
    assert Entry.objects.filter(action="workers.register").count() == 1


def test_two_lists_of_workers_that_overlap_are_registered_once():
    """Whoever asked for one that is taken registers none of theirs."""
    batch = make.with_photos(make.WorkerBatchFactory())
    chief = make.ChiefFactory(unit=batch.unit)
    keys = [one.pk for one in make.workers_of(batch)]
    mark_workers(keys, "check", by=chief, unit=batch.unit)
    lists = [keys[:2], list(reversed(keys[1:]))]
    results = all_at_once(
        [
            lambda some=some: mark_workers(some, "register", by=chief, unit=batch.unit)
            for some in lists
        ]
    )
    assert winners(results) == [2]
    [lost] = losers(results)
    assert isinstance(lost, Conflict)
    registered = {one.pk for one in make.workers_of(batch) if one.status == Status.REGISTERED}
    assert registered in [set(some) for some in lists]
