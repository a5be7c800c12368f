"""The timeline is only ever added to, and says what was true then."""

import pytest
from django.db import DatabaseError, connection, transaction

from issues.actions import note_on_issue
from issues.models import Event, Issue
from issues.workflow import OPEN
from liaison.accounts.models import User
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("table", ["issues_event", "audit_entry"])
@pytest.mark.parametrize("change", ["UPDATE {} SET actor_name = 'x'", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_the_record(table, change):
    make.RaisedIssueFactory()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        before = cursor.fetchone()
    assert before > (0,)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change.format(table))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE actor_name <> 'x'")
        assert cursor.fetchone() == before


def test_a_person_renamed_later_does_not_rewrite_history():
    issue = make.ClosedIssueFactory(kind="other")
    before = list(issue.events.values_list("move", "actor_name", "text", "values"))
    User.objects.update(name="改名")
    assert list(issue.events.values_list("move", "actor_name", "text", "values")) == before
    assert [move for move, *_ in before] == ["raise", "accept", "start", "propose", "close"]


def test_an_officer_with_a_long_sign_in_name_and_no_other():
    issue = make.RaisedIssueFactory()
    officer = make.OfficerFactory(unit=issue.unit, name="", username="u" * 150)
    Issue.objects.filter(pk=issue.pk).update(handler=officer)
    note_on_issue(issue, by=officer, note="说明")
    assert issue.events.last().actor_name == "u" * 60


@pytest.mark.parametrize("stage", OPEN)
def test_the_enterprise_reads_the_public_part(stage):
    issue = make.ISSUE_IN[stage]()
    contact = make.ContactUserFactory(enterprise=issue.enterprise)
    note_on_issue(issue, by=issue.handler, note="内部", internal=True)
    note_on_issue(issue, by=issue.handler, note="公开")
    note_on_issue(issue, by=contact, note="企业说", internal=True)
    read = Event.objects.visible_to(contact).filter(issue=issue, move="note")
    assert [event.text for event in read] == ["公开", "企业说"]
    assert Event.objects.visible_to(issue.handler).filter(issue=issue, move="note").count() == 3
    assert not Event.objects.visible_to(make.ContactUserFactory()).exists()


def test_a_remark_is_no_move():
    issue = make.WorkingIssueFactory()
    note_on_issue(issue, by=issue.handler, note="说明")
    note_on_issue(issue, by=issue.handler, note="说明")
    fresh = Issue.objects.get(pk=issue.pk)
    assert (fresh.version, fresh.stage) == (issue.version, issue.stage)
