"""Papers to enterprises: who gets them, who has read them, what is withdrawn and replaced."""

import io
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone

from documents.actions import acknowledge, open_document, publish, reply, withdraw
from documents.actions.publishing import Draft
from documents.audience import Audience
from documents.models import Addressed, Document, Opening
from liaison.core.due import start_of
from liaison.core.refused import Conflict, Refused
from liaison.evidence.actions import keep
from liaison.jobs.sweeps import ring
from liaison.notices.models import Notice
from tests import factories as make

pytestmark = pytest.mark.django_db


def paper(name="表.xlsx", part="xl/workbook.xml", **more):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr(part, "<x/>")
        for extra, content in more.items():
            file.writestr(extra.replace("__", "/"), content)
    return SimpleUploadedFile(name, out.getvalue())


@pytest.fixture
def station():
    return make.StationFactory()


@pytest.fixture
def desk(station):
    return make.DeskFactory(unit=station)


def enterprises(station, *given):
    return [make.AssignedEnterpriseFactory(unit=station, **one) for one in given]


def draft(audience=None, **more):
    values = {"kind": "notice", "title": "示例", "text": "请知悉", **more}
    return Draft(audience=audience or Audience(), **values)


@pytest.mark.parametrize(
    ("audience", "wanted"),
    [
        (Audience(), {0, 1, 2}),
        (Audience("by", tiers=("key",)), {0, 2}),
        (Audience("by", tiers=("key",), grades=("red",)), {2}),
        (Audience("by", industry="化学"), {1}),
        (Audience("by", stages=("construction",)), {2}),
    ],
)
def test_for_whom_it_is_is_frozen(station, desk, audience, wanted):
    there = enterprises(
        station, {"tier": "key"}, {"industry": "化学原料"},
        {"tier": "key", "grade": "red", "stage": "construction"},
    )  # fmt: skip
    make.AssignedEnterpriseFactory()
    make.EnterpriseFactory(unit=station, stage="closed")
    document = publish(draft(audience), by=desk)
    sent = set(document.addressed.values_list("enterprise", flat=True))
    assert sent == {there[n].pk for n in wanted}
    make.AssignedEnterpriseFactory(unit=station, tier="key", grade="red", industry="化学")
    assert document.addressed.count() == len(wanted)


def test_an_officer_writes_to_his_own(station):
    mine, other = enterprises(station, {}, {})
    document = publish(draft(), by=make.handler_of(mine))
    assert [one.enterprise for one in document.addressed.all()] == [mine]
    with pytest.raises(Refused) as refused:
        publish(draft(Audience("picked", picked=(other.pk,))), by=make.handler_of(mine))
    assert refused.value.code == "nobody"


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"title": " "}, "title"),
        ({"text": ""}, "text"),
        ({"kind": "form"}, "file_"),
        ({"kind": "joke"}, "kind"),
        ({"audience": Audience("by")}, "how"),
        ({"audience": Audience("picked")}, "how"),
        ({"acknowledge_by": timezone.localdate()}, "acknowledge_by"),
        ({"title": "x" * 121}, "title"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(station, desk, told, field):
    enterprises(station, {})
    with pytest.raises(Refused) as refused:
        publish(draft(**told), by=desk)
    assert refused.value.field == field
    assert not Document.objects.exists()


def test_another_audience_than_the_preview_showed_is_shown_again(station, desk):
    enterprises(station, {})
    with pytest.raises(Conflict) as refused:
        publish(draft(agreed=2), by=desk)
    assert refused.value.details == {"agreed": 1}


def test_each_contact_is_told_once_and_is_led_there(station, desk):
    one, two = enterprises(station, {}, {})
    both = make.ContactUserFactory(enterprise=one)
    make.ContactFactory(enterprise=two, user=both)
    make.ContactUserFactory(enterprise=one).contact_for.update(left_on=timezone.localdate())
    document = publish(draft(), by=desk)
    told = Notice.objects.filter(kind="document.published")
    assert [notice.recipient for notice in told] == [both]
    client = Client()
    client.force_login(both)
    assert client.get(told.get().url).status_code == 200
    assert Opening.objects.filter(person=both, addressed__document=document).count() == 2
    client.get(told.get().url)
    assert Opening.objects.count() == 2


def test_a_receipt_is_never_changed(station, desk):
    document = make.DocumentFactory()
    user = make.ContactUserFactory(enterprise=document.addressed.get().enterprise)
    open_document(document, by=user)
    for change in (lambda: Opening.objects.update(at=F("at")), Opening.objects.all().delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_withdrawn_it_is_read_by_no_contact(desk):
    document = make.DocumentFactory(files=[], acknowledge_by=timezone.localdate() + timedelta(5))
    enterprise = document.addressed.get().enterprise
    user = make.ContactUserFactory(enterprise=enterprise)
    chief = make.ChiefFactory(unit=document.unit)
    with pytest.raises(Refused):
        withdraw(document, by=chief, reason=" ")
    with pytest.raises(Refused):
        withdraw(document, by=make.OfficerFactory(unit=document.unit), reason="x")
    withdraw(document, by=chief, reason="日期有误")
    with pytest.raises(Conflict):
        withdraw(document, by=chief, reason="再来")
    client = Client()
    client.force_login(user)
    where = f"/portal/documents/{document.pk}/"
    assert client.get(where).status_code == 404
    assert client.post(f"{where}acknowledge/").status_code == 404
    assert document.title not in client.get("/portal/documents/").content.decode()
    staff = Client()
    staff.force_login(chief)
    assert "日期有误" in staff.get(f"/documents/{document.pk}/").content.decode()
    document.refresh_from_db()
    assert document.next_reminder_at is None


def test_a_newer_version_stands_for_the_old_one():
    old = make.DocumentFactory()
    enterprise = old.addressed.get().enterprise
    new = make.DocumentFactory(enterprise=enterprise, replaces=old)
    with pytest.raises(Conflict):
        make.DocumentFactory(enterprise=enterprise, replaces=old)
    client = Client()
    client.force_login(make.ContactUserFactory(enterprise=enterprise))
    assert (
        f"/portal/documents/{new.pk}/"
        in client.get(f"/portal/documents/{old.pk}/").content.decode()
    )


def test_who_has_not_said_that_they_know_is_reminded_twice_and_then_named(station, desk):
    one, two = enterprises(station, {}, {})
    first, second = (make.ContactUserFactory(enterprise=place) for place in (one, two))
    day = timezone.localdate() + timedelta(days=10)
    document = publish(draft(acknowledge_by=day), by=desk)
    acknowledge(document, by=first)
    acknowledge(document, by=first)
    told = []
    for days in (-3, -2, -2, 0, 1, 2, 30):
        # At noon of that day, whatever hour it is now.
        with time_machine.travel(start_of(day + timedelta(days=days)) + timedelta(hours=12)):
            ring(timezone.now())
        kinds = Notice.objects.filter(kind__in=("document.due", "document.lapsed"))
        told.append([(n.recipient, n.kind) for n in kinds.order_by("pk")])
    assert told[0] == []
    assert told[1] == told[2] == [(second, "document.due")]
    assert told[3] == [(second, "document.due")] * 2
    assert told[4] == told[6] == [*told[3], (desk, "document.lapsed")]
    assert two.name in Notice.objects.get(kind="document.lapsed").text
    document.refresh_from_db()
    assert document.next_reminder_at is None


def test_a_reply_goes_to_who_published_and_to_the_officer():
    document = make.DocumentFactory()
    addressed = document.addressed.get()
    user = make.ContactUserFactory(enterprise=addressed.enterprise)
    sheet = keep(paper(), by=user, papers=True)
    reply(addressed, by=user, text="已填", files=[sheet.pk])
    told = {one.recipient for one in Notice.objects.filter(kind="document.replied")}
    assert told == {document.published_by, make.handler_of(addressed.enterprise)}
    staff = Client()
    staff.force_login(document.published_by)
    file = staff.get(f"/documents/{document.pk}/files/{sheet.pk}/")
    assert b"".join(file).startswith(b"PK")
    assert "attachment" in file["Content-Disposition"]
    assert file["X-Content-Type-Options"] == "nosniff"
    # Of another enterprise that has the same document nobody gets it.
    other = make.ContactUserFactory(enterprise__unit=document.unit)
    Addressed.objects.create(document=document, enterprise=other.contact_for.get().enterprise)
    client = Client()
    client.force_login(other)
    assert client.get(f"/portal/documents/{document.pk}/").status_code == 200
    assert "已填" not in client.get(f"/portal/documents/{document.pk}/").content.decode()
    assert client.get(f"/portal/documents/{document.pk}/files/{sheet.pk}/").status_code == 404
    with pytest.raises(Refused):
        reply(addressed, by=other, text="假")


def test_the_form_shows_for_whom_before_it_publishes(station, desk):
    enterprises(station, {}, {})
    client = Client()
    client.force_login(desk)
    told = {"kind": "form", "title": "登记表", "how": "all", "file_": paper()}
    page = client.post("/documents/new/", told)
    assert page.status_code == 200
    assert not Document.objects.exists()
    form = page.context["form"]
    assert page.context["preview"]["n"] == 2
    again = {**told, "kept": form.data["kept"], "agreed": form.data["agreed"], "publish": "1"}
    del again["file_"]
    answer = client.post("/documents/new/", again)
    assert answer.status_code == 302
    assert Document.objects.get().files.get().evidence.suffix == ".xlsx"


@pytest.mark.parametrize(
    ("upload", "code"),
    [
        (paper(xl__vbaProject="x"), "active_file"),
        (paper(xl__externalLinks__externalLink1="x"), "active_file"),
        (paper(part="ppt/presentation.xml"), "wrong_type"),
        (SimpleUploadedFile("表.xlsx", b"PK\x03\x04 cut off"), "unreadable_file"),
        (paper(big=b"\0" * (201 * 1024 * 1024)) if False else paper(part="x"), "wrong_type"),
    ],
)
def test_only_papers_that_run_nothing_are_taken(upload, code):
    upload.seek(0)
    with pytest.raises(Refused) as refused:
        keep(upload, by=make.DeskFactory(), papers=True)
    assert refused.value.code == code


def test_where_evidence_is_wanted_a_spreadsheet_is_none():
    with pytest.raises(Refused) as refused:
        keep(paper(), by=make.DeskFactory())
    assert refused.value.code == "wrong_type"
