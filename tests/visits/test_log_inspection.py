"""An inspection is more than a visit; each rule refuses by its name."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from enterprises.models import Cadence
from issues.models import Issue
from liaison.core.refused import Conflict, Refused
from tests import factories as make
from visits.actions import Found, log_inspection
from visits.models import Inspection

pytestmark = pytest.mark.django_db


@pytest.fixture
def enterprise():
    return make.EnterpriseFactory()


@pytest.fixture
def police(enterprise):
    return [make.OfficerFactory(unit=enterprise.unit) for _ in range(2)]


@pytest.fixture
def write(enterprise, police):
    def log(**more):
        given = {
            "by": police[0],
            "officers": police,
            "platform_reference": "SD-2026-000001",
            "happened_at": timezone.now() - timedelta(hours=1),
            "summary": "检查治安防范",
        }
        return log_inspection(more.pop("at", enterprise), **{**given, **more})

    return log


def refusal(write, **more):
    with pytest.raises(Refused) as refused:
        write(**more)
    return refused.value


def test_two_police_officers_and_a_reference(write, police, enterprise):
    inspection = write(findings=[Found(make.kind_of("hazard"), "门锁损坏")])
    assert set(inspection.officers.all()) == set(police)
    line = inspection.findings.get().issue
    assert (line.title, line.raised_at) == ("门锁损坏", inspection.happened_at)
    row = Cadence.objects.get(enterprise=enterprise)
    assert row.last_contact_at == row.last_visit_at == inspection.happened_at


def test_a_chief_is_a_police_officer(write, police):
    assert write(officers=[police[0], make.ChiefFactory(unit=police[0].unit)])


def test_who_does_not_count_is_refused_with_the_rule(write, police, enterprise):
    auxiliary = make.AuxiliaryFactory(unit=enterprise.unit)
    desk = make.DeskFactory(unit=enterprise.unit)
    left = make.OfficerFactory(unit=enterprise.unit, is_active=False)
    for officers, code in (
        ([], "two_police_officers"),
        (police[:1], "two_police_officers"),
        ([police[0], police[0]], "two_police_officers"),
        ([police[0], auxiliary], "two_police_officers"),
        ([police[0], desk], "two_police_officers"),
        ([*police, auxiliary], "auxiliary_officer"),
        ([police[0], make.OfficerFactory()], "wrong_officer"),
        ([police[0], left], "wrong_officer"),
    ):
        refused = refusal(write, officers=officers)
        assert (refused.code, refused.field) == (code, "officers")
    assert not Inspection.objects.exists()


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"platform_reference": "  "}, "platform_reference"),
        ({"summary": " "}, "missing"),
        ({"happened_at": timezone.now() + timedelta(days=1)}, "future"),
        ({"happened_at": timezone.now() - timedelta(days=7300)}, "long_ago"),
        ({"findings": [Found(None, "x")]}, None),
    ],
)
def test_what_is_missing_or_impossible_is_refused(more, code, write):
    if code is None:
        more = {"findings": [Found(make.kind_of("hazard"), " ")]}
        code = "missing"
    assert refusal(write, **more).code == code
    assert not Inspection.objects.exists()
    assert not Issue.objects.exists()


def test_people_from_elsewhere_write_none(write, enterprise):
    for by in (
        make.OfficerFactory(),
        make.BureauUserFactory(unit=enterprise.unit.parent),
        make.ContactUserFactory(enterprise=enterprise),
    ):
        assert refusal(write, by=by).code == "not_yours"


def test_a_reference_is_used_once_in_a_station(write, enterprise):
    write()
    again = {"early_because": "举报"}
    assert refusal(write, **again).code == "reference_used"
    other = make.EnterpriseFactory()
    pair = [make.OfficerFactory(unit=other.unit) for _ in range(2)]
    assert write(at=other, by=pair[0], officers=pair)


def test_soon_again_wants_a_reason(write, enterprise):
    make.VisitFactory(
        enterprise=enterprise,
        by=make.OfficerFactory(unit=enterprise.unit),
        happened_at=timezone.now() - timedelta(days=3),
    )
    refused = refusal(write)
    assert (refused.code, refused.field) == ("soon_again", "early_because")
    assert write(early_because="群众举报").early_because == "群众举报"


def test_sent_twice_is_one_inspection(write, police):
    sent = {"client_id": uuid.uuid4(), "happened_at": timezone.now()}
    assert write(**sent) == write(**sent)
    assert Inspection.objects.count() == 1
    # A correction sent under the same id must not be taken for the same and be lost.
    for changed in ({"platform_reference": "SD-2026-000002"}, {"summary": "更正后的情况"}):
        with pytest.raises(Conflict):
            write(**sent, **changed)
