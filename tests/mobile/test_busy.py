"""The database cannot just now: nothing is written, and the phone tries again."""

import threading
import time
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from enterprises.models import Enterprise
from issues.models import Issue
from liaison.mobile.models import Operation
from tests import factories as make
from tests.mobile.phone import issue, statuses, visit
from visits.models import Visit

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
BUSY = ("retry", "busy")


@contextmanager
def held_by_another(enterprise, meanwhile=None):
    """Somebody else is writing what an operation on the enterprise must write."""
    holds, may_end = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            Enterprise.objects.filter(pk=enterprise.pk).update(name=enterprise.name)
            holds.set()
            if meanwhile:
                meanwhile()
            may_end.wait(30)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert holds.wait(30)
    try:
        yield
    finally:
        may_end.set()
        thread.join(30)


@pytest.fixture
def impatient():
    """Whoever waits for a lock here soon gives up, as everybody does in the end."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 0")
    else:
        options = connection.settings_dict["OPTIONS"]
        before, options["timeout"] = options.get("timeout", 5), 0.2
        yield
        options["timeout"] = before


def test_a_lock_that_does_not_come(phone, enterprise, officer, impatient):
    other = make.AssignedEnterpriseFactory(unit=enterprise.unit, officer=officer)
    batch = [issue(enterprise), visit(enterprise), visit(other)]
    with held_by_another(enterprise):
        assert statuses(phone.send(*batch)) == [BUSY] * 3
        assert not Operation.objects.exists()
    assert statuses(phone.send(*batch)) == [("done", "")] * 3
    assert (Issue.objects.count(), Visit.objects.count()) == (1, 2)


@pytest.mark.postgres
def test_the_database_goes_away_in_the_middle(phone, enterprise, officer):
    def cut_off_who_waits():
        with connection.cursor() as cursor:
            for _ in range(300):
                cursor.execute(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                    " WHERE wait_event_type = 'Lock' AND datname = current_database()"
                )
                if cursor.fetchone()[0]:
                    return
                time.sleep(0.05)

    other = make.AssignedEnterpriseFactory(unit=enterprise.unit, officer=officer)
    batch = [visit(other), issue(enterprise), visit(enterprise), visit(other)]
    done = threading.Event()

    def cut():
        threading.Thread(
            target=lambda: (cut_off_who_waits(), connection.close(), done.set())
        ).start()

    with held_by_another(enterprise, meanwhile=cut):
        answers = phone.send(*batch)
        assert done.wait(30)
    assert statuses(answers) == [("done", ""), BUSY, BUSY, BUSY]
    assert Operation.objects.count() == Visit.objects.count() == 1
    assert statuses(phone.send(*batch)) == [("done", "")] * 4
    assert (Issue.objects.count(), Visit.objects.count()) == (1, 3)
