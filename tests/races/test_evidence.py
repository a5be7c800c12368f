"""Several verbs at once that want the same files: each file goes to one record."""

from datetime import timedelta

import pytest
from django.utils import timezone

from issues.actions import note_on_issue
from issues.actions.engine import Proven
from issues.models import Attachment
from liaison.core.refused import Refused
from liaison.evidence.actions import discard_unattached
from liaison.evidence.models import Evidence
from tests import factories as make
from tests.races.threads import all_at_once, losers, winners
from visits.actions import log_visit
from visits.models import Visit, VisitFile

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("time", range(3))
def test_a_file_that_lines_and_visits_want_goes_to_one_of_them(time):
    enterprise = make.AssignedEnterpriseFactory()
    officer = make.handler_of(enterprise)
    line = make.WorkingIssueFactory(enterprise=enterprise)
    files = [make.EvidenceFactory(by=officer).pk for _ in range(3)]
    now = timezone.now()

    def visit(n):
        mine = files if n % 2 else files[::-1]
        at = now - timedelta(minutes=n)
        return log_visit(enterprise, by=officer, channel="phone", happened_at=at, files=mine)

    def remark(n):
        mine = [Proven(one) for one in (files if n % 2 else files[::-1])]
        return note_on_issue(line, by=officer, note=f"{n}", files=mine)

    results = all_at_once(
        [lambda n=n, verb=verb: verb(n) for n in range(6) for verb in (visit, remark)]
    )
    assert len(winners(results)) == 1
    assert {one.code for one in losers(results)} == {"file_used"}
    assert VisitFile.objects.count() + Attachment.objects.filter(issue=line).count() == 3
    assert Visit.objects.count() == VisitFile.objects.count() / 3


@pytest.mark.parametrize("time", range(3))
def test_a_file_is_discarded_or_put_to_a_visit(time):
    enterprise = make.AssignedEnterpriseFactory()
    officer, now = make.handler_of(enterprise), timezone.now()
    file = make.EvidenceFactory(by=officer)
    sent = {"by": officer, "channel": "phone", "happened_at": now, "files": [file.pk]}
    results = all_at_once(
        [
            lambda: log_visit(enterprise, **sent),
            lambda: discard_unattached(before=now + timedelta(days=1)),
        ]
    )
    if isinstance(results[0], Refused):
        assert results[0].code == "no_such_file"
    discarded = not Evidence.objects.filter(pk=file.pk).exists()
    assert discarded == isinstance(results[0], Refused) == bool(results[1])
    assert file.file.storage.exists(file.file.name) != discarded
