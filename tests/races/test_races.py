"""Many at once: exactly one wins, the others are told, nobody gets an error."""

import threading
import uuid

import pytest
from django.db import connection
from django.utils import timezone

from enterprises.actions import assign
from issues.actions import make_move, raise_issue
from issues.models import Issue
from liaison.core.refused import Conflict
from tests import factories as make
from visits.actions import log_visit
from visits.models import Visit

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
MANY = 32


def all_at_once(jobs):
    """Run each job in a thread of its own, started together; what each returned or raised."""
    gate = threading.Barrier(len(jobs))
    results = [None] * len(jobs)

    def run(n, job):
        gate.wait()
        try:
            results[n] = job()
        except Exception as error:
            results[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return results


def test_one_of_many_assigns_an_enterprise():
    enterprise = make.EnterpriseFactory()
    desk = make.DeskFactory(unit=enterprise.unit)
    officers = [make.OfficerFactory(unit=enterprise.unit) for _ in range(MANY)]
    results = all_at_once(
        [lambda officer=officer: assign(enterprise, officer, by=desk) for officer in officers]
    )
    assert sum(not isinstance(one, Exception) for one in results) == 1
    losers = [one for one in results if isinstance(one, Exception)]
    assert all(isinstance(one, Conflict) for one in losers), losers
    assert enterprise.assignments.open().responsible().count() == 1


def test_one_of_many_makes_the_move():
    issue = make.RaisedIssueFactory()
    results = all_at_once(
        [
            lambda: make_move(issue, "accept", by=issue.handler, version=1, values={})
            for _ in range(MANY)
        ]
    )
    assert sum(isinstance(one, Issue) for one in results) == 1
    losers = [one for one in results if not isinstance(one, Issue)]
    assert all(isinstance(one, Conflict) for one in losers), losers
    assert issue.events.filter(move="accept").count() == 1


def test_numbers_are_given_once():
    issue = make.RaisedIssueFactory()
    desk = make.DeskFactory(unit=issue.unit)
    results = all_at_once(
        [
            lambda n=n: raise_issue(
                issue.enterprise, kind=issue.kind, title=f"第{n}条", by=desk, source="desk"
            )
            for n in range(MANY)
        ]
    )
    numbers = {one.number for one in results}
    assert len(numbers) == MANY
    assert issue.number not in numbers


def test_one_visit_however_often_it_is_sent():
    enterprise = make.AssignedEnterpriseFactory()
    officer = make.handler_of(enterprise)
    sent = {"channel": "phone", "happened_at": timezone.now(), "client_id": uuid.uuid4()}
    results = all_at_once([lambda: log_visit(enterprise, by=officer, **sent) for _ in range(16)])
    assert {getattr(one, "pk", one) for one in results} == {Visit.objects.get().pk}
