"""Who did what: written by every verb, read by the audit administrator alone."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from enterprises.actions import assign, change_stage, cover, edit_enterprise, hand_over
from liaison.accounts.models import Kind, User
from liaison.audit.models import Entry
from liaison.audit.record import record
from liaison.core.refused import Refused
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_every_step_of_the_loop_is_in_the_record():
    issue = make.ClosedIssueFactory(kind="hazard")
    visit = make.VisitFactory(enterprise=issue.enterprise)
    make.InspectionFactory(enterprise=issue.enterprise, early_because="举报")
    desk, officer = make.someone(Kind.DESK, issue.unit), make.OfficerFactory(unit=issue.unit)
    today = timezone.localdate()
    cover(visit.officer, officer, starts_on=today, ends_on=today + timedelta(1), by=desk)
    hand_over(visit.officer, officer, by=desk, reason="调离")
    edited = edit_enterprise(issue.enterprise, {"note": "x"}, by=desk, version=1)
    change_stage(edited, "closed", by=desk, version=2)
    actions = set(Entry.objects.values_list("action", flat=True))
    assert actions >= {
        "enterprise.listed", "enterprise.assigned", "enterprise.edited", "enterprise.stage",
        "officer.covered", "officer.handed_over", "visit.logged", "inspection.logged",
        "issue.raise", "issue.accept", "issue.start", "issue.propose", "issue.close",
    }  # fmt: skip
    for entry in Entry.objects.all():
        assert entry.actor_name == str(entry.actor)
        assert entry.unit == issue.unit


def test_what_was_refused_leaves_nothing():
    enterprise = make.EnterpriseFactory()
    before = Entry.objects.count()
    with pytest.raises(Refused):
        assign(enterprise, make.OfficerFactory(), by=make.someone(Kind.DESK, enterprise.unit))
    assert Entry.objects.count() == before


def test_values_are_short_and_hold_no_texts():
    make.ClosedIssueFactory(kind="case_lead", text="线索内容" * 100)
    for entry in Entry.objects.all():
        assert len(json.dumps(entry.changes, ensure_ascii=False)) < 200
        assert "线索内容" not in json.dumps(entry.changes, ensure_ascii=False)


def test_the_systems_own_deeds_and_long_names():
    unit = make.StationFactory()
    assert record("sweep", unit, by=None, unit=unit).actor_name == "system"
    person = make.DeskFactory(unit=unit, name="", username="u" * 150)
    assert record("x", person, by=person, unit=unit).actor_name == "u" * 60


@pytest.mark.parametrize("duty", User.AdminDuty)
def test_the_audit_administrator_reads_it_and_nobody_else(duty):
    entry = Entry.objects.get(pk=record("x", unit := make.StationFactory(), by=None, unit=unit).pk)
    reader = make.DeskFactory(unit=unit.parent, admin_duty=duty)
    reads = duty == User.AdminDuty.AUDIT
    assert Entry.objects.visible_to(reader).filter(pk=entry.pk).exists() == reads
    stranger = make.DeskFactory(admin_duty=duty)
    assert not Entry.objects.visible_to(stranger).exists()
