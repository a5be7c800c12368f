"""Writing down a visit: once, as it happened, and what follows from it."""

import uuid
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from enterprises.models import Cadence, Enterprise
from issues.actions.engine import Proven
from issues.models import Issue
from issues.workflow import Proof
from liaison.accounts.models import Kind
from liaison.core.refused import Conflict, Refused
from liaison.core.workdays import CHINA
from tests import factories as make
from visits.actions import Found, Promised, entry_soon_again, keep_promise, log_visit
from visits.actions.visit import SOON
from visits.models import Channel, Finding, Front, OfficerRole, Promise, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def enterprise():
    return make.AssignedEnterpriseFactory()


@pytest.fixture
def write(enterprise):
    def log(**more):
        given = {
            "by": make.handler_of(enterprise),
            "channel": Channel.ON_SITE,
            "met": "门卫",
            "happened_at": timezone.now() - timedelta(hours=2),
        }
        return log_visit(more.pop("at", enterprise), **{**given, **more})

    return log


def code_of(write, **more):
    with pytest.raises(Refused) as refused:
        write(**more)
    return refused.value.code


def finding(**more):
    return Found(make.kind_of("hazard"), "通道堆料", **more)


def test_everything_is_kept(write, enterprise):
    contact = make.ContactFactory(enterprise=enterprise)
    visit = write(
        contact=contact,
        met="",
        roles=OfficerRole.values,
        fronts=Front.values,
        summary=" 情况 ",
        findings=[finding(text="东区"), Found(make.kind_of("service"), "办证")],
        promises=[Promised("带演练方案", timezone.localdate())],
    )
    visit.refresh_from_db()
    assert (visit.met, visit.summary, visit.unit) == (contact.name, "情况", enterprise.unit)
    assert (visit.roles, visit.fronts) == (OfficerRole.values, Front.values)
    lines = [one.issue for one in visit.findings.order_by("pk")]
    assert [(one.title, one.source, one.raised_by) for one in lines] == [
        ("通道堆料", "visit", visit.officer),
        ("办证", "visit", visit.officer),
    ]
    assert {one.handler for one in lines} == {visit.officer}
    assert visit.promises.get().text == "带演练方案"


def test_the_clock_of_a_finding_runs_from_the_visit(write):
    visit = write(happened_at=timezone.now() - timedelta(hours=30), findings=[finding()])
    line = visit.findings.get().issue
    assert line.raised_at == visit.happened_at
    assert line.is_late, "an answer was due within 24 hours of being found"


def test_a_photo_of_a_finding_goes_to_its_line(write, enterprise):
    photo = Proven(make.EvidenceFactory(by=make.handler_of(enterprise)).pk)
    visit = write(findings=[finding(files=(photo,))])
    attached = visit.findings.get().issue.attachments.get()
    assert (attached.evidence_id, attached.proof) == (photo.evidence, Proof.BEFORE)


# --- again ------------------------------------------------------------------------------------


def test_the_same_again_is_the_same_visit(write, enterprise):
    sent = {
        "client_id": uuid.uuid4(),
        "happened_at": timezone.now(),
        "findings": [finding()],
        "promises": [Promised("一")],
    }
    first = write(**sent)
    later = {**sent, "happened_at": sent["happened_at"].astimezone(CHINA)}
    assert write(**later) == first
    assert (Visit.objects.count(), Issue.objects.count(), Promise.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize(
    "other",
    [
        {"channel": "phone"},
        {"summary": "别的"},
        {"met": "别人"},
        {"roles": [OfficerRole.RISK_RESOLVER]},
        {"fronts": [Front.SERVICE]},
        {"promises": [Promised("一")]},
        {"happened_at": datetime(2026, 1, 1, tzinfo=CHINA)},
    ],
    ids=lambda other: next(iter(other)),
)
def test_another_under_the_same_id_is_a_conflict(write, other, time_machine):
    time_machine.move_to("2026-03-05T10:00:00+08:00", tick=False)
    sent = {"client_id": uuid.uuid4()}
    first = write(**sent)
    with pytest.raises(Conflict) as conflict:
        write(**{**sent, **other})
    assert conflict.value.details == {"visit": first.pk}
    assert Visit.objects.count() == 1


def test_an_id_is_ones_own(write, enterprise):
    one = uuid.uuid4()
    colleague = make.OfficerFactory(unit=enterprise.unit)
    assert write(client_id=one) != write(client_id=one, by=colleague)


# --- refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Kind)
def test_the_stations_own_people_write_it_down(kind, write, enterprise):
    by = make.UserFactory(kind=kind, unit=enterprise.unit)
    if kind in (Kind.BUREAU, Kind.CONTACT):
        assert code_of(write, by=by) == "not_yours"
    else:
        assert write(by=by).officer == by
    assert code_of(write, by=make.UserFactory(kind=kind)) == "not_yours"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"channel": "fax"}, "invalid"),
        ({"roles": ["judge"]}, "invalid"),
        ({"fronts": ["sixth"]}, "invalid"),
        ({"promises": [Promised("  ")]}, "missing"),
        ({"promises": [Promised("一", date(2020, 1, 1))]}, "past"),
        ({"happened_at": datetime(1026, 1, 1, tzinfo=CHINA)}, "long_ago"),
        ({"happened_at": datetime(1, 1, 1, tzinfo=CHINA)}, "long_ago"),
        ({"happened_at": datetime(9999, 12, 31, tzinfo=CHINA)}, "future"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_stays(more, code, write):
    assert code_of(write, findings=[finding()], **more) == code
    assert not Visit.objects.exists()
    assert not Issue.objects.exists()
    assert not Cadence.objects.filter(last_contact_at__isnull=False).exists()


def test_a_visit_in_the_future_is_refused(write):
    assert code_of(write, happened_at=timezone.now() + timedelta(minutes=1)) == "future"


def test_a_refused_finding_takes_the_visit_with_it(write):
    assert code_of(write, findings=[finding(), Found(make.kind_of("hazard"), " ")]) == "missing"
    assert not Visit.objects.exists()


def test_a_contact_of_another_enterprise_is_not_met(write):
    assert code_of(write, contact=make.ContactFactory()) == "invalid"


# --- clocks -----------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", Channel)
def test_a_call_moves_one_clock_and_a_visit_both(channel, write, enterprise):
    visit = write(channel=channel)
    row = Cadence.objects.get(enterprise=enterprise)
    assert row.last_contact_at == visit.happened_at
    assert (row.last_visit_at == visit.happened_at) == (channel == Channel.ON_SITE)


def test_an_old_visit_typed_in_today_silences_nothing(write, enterprise, time_machine):
    time_machine.move_to(timezone.now() + timedelta(days=40))
    today = timezone.localdate()
    overdue = Enterprise.objects.all().contact_overdue(today)
    write(happened_at=timezone.now() - timedelta(days=35))
    assert overdue.get() == enterprise
    write()
    assert not overdue.exists()


# --- entries close together, promises, who reads ----------------------------------------------


@pytest.mark.parametrize(
    ("channel", "apart", "warns"),
    [
        ("on_site", timedelta(days=1), True),
        ("on_site", SOON - timedelta(seconds=1), True),
        ("on_site", SOON, False),
        ("phone", timedelta(days=1), False),
    ],
)
def test_a_second_entry_within_seven_days_warns(channel, apart, warns, write, enterprise):
    visit = write(channel=channel, happened_at=timezone.now() - timedelta(days=20))
    for moment in (visit.happened_at + apart, visit.happened_at - apart):
        soon = entry_soon_again(enterprise, moment)
        assert soon == (visit.happened_at if warns else None)
    assert entry_soon_again(make.EnterpriseFactory(), visit.happened_at) is None


def test_a_promise_is_kept_once_and_by_the_station(write):
    promise = write(promises=[Promised("一")]).promises.get()
    with pytest.raises(Refused):
        keep_promise(promise, by=make.OfficerFactory())
    keep_promise(promise, by=make.OfficerFactory(unit=promise.visit.unit))
    assert not Promise.objects.all().open().exists()
    with pytest.raises(Conflict):
        keep_promise(promise, by=promise.visit.officer)


def test_a_sensitive_finding_hides_with_its_line(write, enterprise):
    visit = write(findings=[finding(), Found(make.kind_of("case_lead"), "线索")])
    colleague = make.OfficerFactory(unit=enterprise.unit)
    assert Visit.objects.visible_to(colleague).get() == visit
    assert Finding.objects.visible_to(colleague).get().issue.title == "通道堆料"
    assert Finding.objects.visible_to(make.ChiefFactory(unit=enterprise.unit)).count() == 2
    assert Finding.objects.visible_to(visit.officer).count() == 2


@pytest.mark.parametrize(
    "said",
    [{"met": "门卫"}, {"summary": "看了库房"}, {"roles": ["prevention_instructor"]}],
    ids=str,
)
def test_pressing_a_button_is_no_visit(said, write):
    with pytest.raises(Refused) as caught:
        write(met=" ", summary="\n")
    assert (caught.value.code, caught.value.field) == ("nothing_said", "summary")
    assert not Visit.objects.exists()
    assert write(**{"met": "", **said}).pk
