"""Questions about enterprises."""

from datetime import date

import pytest

from enterprises.models import (
    Assignment,
    Cadence,
    Contact,
    ContactPolicy,
    Cover,
    Enterprise,
    ImportBatch,
    StageChange,
)
from liaison.accounts.models import Kind
from tests import factories as make

pytestmark = pytest.mark.django_db
OF_AN_ENTERPRISE = (Assignment, Cadence, Contact, StageChange)


@pytest.fixture
def enterprise():
    enterprise = make.AssignedEnterpriseFactory(
        name="示例（龙水）铝业", credit_code="91370285MA3C123457"
    )
    make.ContactFactory(enterprise=enterprise, phone="13912345678")
    return enterprise


@pytest.mark.parametrize("kind", Kind)
def test_one_sees_the_stations_or_ones_own(kind, enterprise):
    unit = enterprise.unit
    here = {
        Kind.BUREAU: lambda: make.BureauUserFactory(unit=unit.parent),
        Kind.CONTACT: lambda: make.ContactUserFactory(enterprise=enterprise),
    }.get(kind, lambda: make.UserFactory(kind=kind, unit=unit))()
    there = (
        make.ContactUserFactory(enterprise=make.EnterpriseFactory(unit=unit))
        if kind == Kind.CONTACT
        else make.UserFactory(kind=kind, unit=make.StationFactory())
    )
    squad = make.UserFactory(kind=kind, unit=make.SquadFactory(parent=unit))
    nowhere = make.UserFactory(kind=kind, unit=None)
    left = make.UserFactory(kind=kind, unit=unit, is_active=False)
    assert Enterprise.objects.visible_to(here).filter(pk=enterprise.pk).exists()
    for person in (there, squad, nowhere, left):
        assert not Enterprise.objects.visible_to(person).filter(pk=enterprise.pk).exists()
    for model in OF_AN_ENTERPRISE:
        assert model.objects.visible_to(here).filter(enterprise=enterprise).exists()
        for person in (there, squad, nowhere, left):
            assert not model.objects.visible_to(person).filter(enterprise=enterprise).exists()


def test_contacts_and_strangers_read_nothing_of_the_stations_own_affairs(enterprise):
    desk = make.someone(Kind.DESK, enterprise.unit)
    batch = ImportBatch.objects.create(unit=desk.unit, by=desk, filename="a.xlsx", sha256="0")
    policy = ContactPolicy.objects.create(unit=desk.unit, contact_days=3, visit_days=9)
    cover = Cover.objects.create(
        officer=make.handler_of(enterprise), acting=make.OfficerFactory(unit=desk.unit),
        starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 2), by=desk,
    )  # fmt: skip
    contact = make.ContactUserFactory(enterprise=enterprise)
    for row in (batch, policy, cover):
        rows = type(row).objects.filter(pk=row.pk)
        assert rows.visible_to(desk).exists()
        for person in (contact, make.DeskFactory(), make.DeskFactory(unit=None)):
            assert not rows.visible_to(person).exists(), (row, person.kind)
    officer = make.OfficerFactory(unit=desk.unit)
    assert not ImportBatch.objects.visible_to(officer).exists()


@pytest.mark.parametrize(
    "words",
    ["龙水", "（龙水）", "(龙水)", " 龙水 ", "slls", "SLLS", "9137", "139123", "１３９１２３", ""],
)
def test_it_is_found_as_people_type_it(words, enterprise):
    assert enterprise.initials.startswith("sl")
    typed = words.replace("slls", enterprise.initials[:3]).replace(
        "SLLS", enterprise.initials[:3].upper()
    )
    assert Enterprise.objects.all().matching(typed).get() == enterprise


@pytest.mark.parametrize("words", ["没有", "zzz", "9999", "%", "_", "13900"])
def test_what_is_not_there_is_not_found(words, enterprise):
    assert not Enterprise.objects.all().matching(words).exists()


def test_a_contact_who_left_is_found_no_more(enterprise):
    enterprise.contacts.update(left_on="2026-01-01")
    assert not Enterprise.objects.all().matching("139123").exists()
    assert not Contact.objects.all().present().exists()


def test_mine_and_answered_by(enterprise):
    officer = make.handler_of(enterprise)
    free = make.EnterpriseFactory(unit=enterprise.unit)
    assert Enterprise.objects.all().mine(officer).get() == enterprise
    assert Enterprise.objects.all().answered_by([officer.pk]).get() == enterprise
    assert Enterprise.objects.all().unassigned().get() == free
    assert not Enterprise.objects.all().mine(make.OfficerFactory(unit=enterprise.unit)).exists()
