"""A sweep meets a verb on the row that it is about to take."""

import threading
import time
from collections import Counter

import pytest
from django.db.models.expressions import RawSQL
from django.utils import timezone

from issues.models import Issue
from liaison.core.sweeping import sweep
from tests import factories as make
from tests.races.threads import all_at_once

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]


@pytest.mark.postgres  # on SQLite writers take turns
def test_a_line_given_away_while_it_is_taken_comes_with_its_new_handler():
    line = make.RaisedIssueFactory()
    other = make.OfficerFactory(unit=line.unit)
    now = timezone.now()
    Issue.objects.update(next_escalation_at=now)
    asking, seen = threading.Event(), []
    # A sweep asks whether there is any, and which; asked so slowly that the line changes hands
    # between the second question and the taking.
    slow = RawSQL("(SELECT 1 FROM pg_sleep(0.5) WHERE issues_issue.id > 0)", ())
    due = Issue.objects.all().to_escalate(now).for_ledger().annotate(slow=slow).filter(slow=1)

    def take(lines):
        seen.extend((one.handler_id, one.handler) for one in lines)
        Issue.objects.update(next_escalation_at=None)
        return Counter(taken=len(lines))

    def sweeps():
        asking.set()
        return sweep(due.order_by("pk"), take, Issue.delete)

    def gives_away():
        asking.wait(10)
        time.sleep(0.75)
        Issue.objects.filter(pk=line.pk).update(handler=other)

    assert all_at_once([sweeps, gives_away])[0] == {"taken": 1}
    assert seen == [(other.pk, other)]
