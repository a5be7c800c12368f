"""After a test that commits: what it wrote is gone, what migrations made is back, and what may not
be changed still may not."""

import pytest
from django.db import DatabaseError, transaction

from enterprises.models import Enterprise
from issues.models import Event, Issue, IssueKind
from tests import factories as make
from tests.emptying import MANY, AsMigrated


@pytest.mark.parametrize("rows", [1, MANY + 1])
@pytest.mark.django_db(transaction=True)
def test_all_is_as_the_migrations_left_it(rows):
    as_migrated = AsMigrated()
    assert "issues_issuekind" in as_migrated.filled
    assert "issues_issue" in as_migrated.empty
    unit = make.WorkingIssueFactory().unit
    Enterprise.objects.bulk_create(
        Enterprise(unit=unit, name=f"示例{n}厂", identity_key=f"示例{n}厂|") for n in range(rows)
    )
    IssueKind.objects.filter(code="hazard").update(name="改过")
    IssueKind.objects.filter(code="case_lead").delete()
    as_migrated.restore()
    after = AsMigrated()
    assert (after.filled, after.empty) == (as_migrated.filled, as_migrated.empty)
    assert not Issue.objects.exists()
    event = make.RaisedIssueFactory().events.first()
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.filter(pk=event.pk).delete()
