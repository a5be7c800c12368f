"""Applying for an item of the catalogue."""

import uuid

import pytest

from green_channel.actions import (
    apply_for,
)
from green_channel.models import Application, Mode
from issues.models import Issue
from liaison.accounts.models import Kind
from liaison.core.refused import Conflict, Refused
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_a_contact_applies_and_it_is_a_line_of_the_bill():
    enterprise = make.AssignedEnterpriseFactory()
    contact = make.ContactUserFactory(enterprise=enterprise)
    item = make.ItemFactory(unit=enterprise.unit)
    need = item.requirements.first()
    photo = make.EvidenceFactory(by=contact)
    application = apply_for(
        item, enterprise, by=contact, text="下月开业", files={need.pk: [photo.pk]}
    )
    issue = application.issue
    assert (issue.kind.code, issue.title, issue.text) == ("approval", item.name, "下月开业")
    assert issue.source == Issue.Source.PORTAL
    assert issue.handler == make.handler_of(enterprise)
    there, missing = application.papers.all()
    assert [one.attachment.evidence for one in there.supplies.all()] == [photo]
    assert (there.is_open, missing.is_open) == (False, True)


def test_what_another_office_does_is_refused_and_says_where():
    enterprise = make.AssignedEnterpriseFactory()
    contact = make.ContactUserFactory(enterprise=enterprise)
    with pytest.raises(Refused) as refused:
        apply_for(make.shared_item("apec_card"), enterprise, by=contact)
    assert refused.value.code == "referred_out"
    assert refused.value.details["office"] == "外事办公室"
    assert not Issue.objects.exists()


def test_another_stations_item_is_not_applied_for_here():
    enterprise = make.AssignedEnterpriseFactory()
    with pytest.raises(Refused) as refused:
        apply_for(make.ItemFactory(), enterprise, by=make.DeskFactory(unit=enterprise.unit))
    assert refused.value.code == "no_item"


def test_handled_by_an_officer_it_is_that_officers_line():
    enterprise = make.AssignedEnterpriseFactory()
    other = make.OfficerFactory(unit=enterprise.unit)
    desk = make.someone(Kind.DESK, enterprise.unit)
    made = apply_for(make.shared_item("seal"), enterprise, by=desk, mode=Mode.AGENT, agent=other)
    assert (made.agent, made.issue.handler) == (other, other)
    with pytest.raises(Refused):
        apply_for(
            make.shared_item("seal"), enterprise, by=desk, mode=Mode.ASSISTED,
            agent=make.OfficerFactory(),
        )  # fmt: skip


def test_without_an_officer_nobody_helps_but_one_may_apply_oneself():
    enterprise = make.EnterpriseFactory()
    contact = make.ContactUserFactory(enterprise=enterprise)
    with pytest.raises(Refused) as refused:
        apply_for(make.shared_item("seal"), enterprise, by=contact, mode=Mode.AGENT)
    assert (refused.value.code, refused.value.field) == ("no_officer", "mode")
    assert apply_for(make.shared_item("seal"), enterprise, by=contact).agent is None


def test_sent_again_it_is_the_same_application():
    enterprise = make.AssignedEnterpriseFactory()
    contact = make.ContactUserFactory(enterprise=enterprise)
    once = uuid.uuid4()
    first = apply_for(make.shared_item("seal"), enterprise, by=contact, client_id=once)
    again = apply_for(make.shared_item("seal"), enterprise, by=contact, client_id=once)
    assert first == again
    assert Application.objects.count() == 1
    with pytest.raises(Conflict):
        apply_for(make.shared_item("hotel"), enterprise, by=contact, client_id=once)
