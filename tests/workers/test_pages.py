"""The pages of both faces, as a browser asks for them."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liaison.core.sheets import read_sheet
from tests import factories as make
from workers.checking.headings import ALIASES
from workers.models import Batch, Worker

pytestmark = pytest.mark.django_db
NEW = "/portal/workers/batches/new/"


def file_of(content, name="名单.xlsx"):
    file = io.BytesIO(content)
    file.name = name
    return file


def test_from_the_empty_list_to_the_certificates(enterprise, contact, chief, signed_in):
    portal, staff = signed_in(contact), signed_in(chief)
    empty = read_sheet(portal.get("/portal/workers/list.xlsx").content, aliases=ALIASES)
    assert list(empty.layout.values()) == make.HEADINGS
    rows = [make.person(n) for n in range(2)]
    sent = {"file": file_of(make.list_of(rows)), "photos": "later", "enterprise": enterprise.pk}
    answer = portal.post(NEW, sent)
    batch = Batch.objects.get()
    here = f"/portal/workers/batches/{batch.pk}/"
    assert answer["Location"] == here
    page = portal.get(here).content.decode()
    assert rows[0]["name"] in page
    assert rows[0]["id_number"] not in page
    assert rows[0]["id_number"][:4] + "*" * 10 + rows[0]["id_number"][-4:] in page
    assert portal.post(f"{here}apply/")["Location"] == here
    photos = file_of(make.photos_of(row["id_number"] for row in rows), "照片.zip")
    assert portal.post(f"{here}photos/", {"archive": photos}).status_code == 302
    for move in ("check", "register"):
        there = f"/workers/batches/{batch.pk}/mark/?move={move}"
        seen = staff.get(there).context["seen"]
        assert staff.post(there, {"move": move, "seen": seen}).status_code == 302
    assert Worker.objects.registered().count() == 2
    answer = portal.get(f"{here}certificates.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert portal.get(f"{here}certificates.pdf?part=2").status_code == 302
    assert portal.get(f"{here}certificates.pdf?part=x").status_code == 404


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.xlsx"),
        (b"%PDF-1.7", "a.xlsx"),
        (b"PK\x03\x04broken", "a.xlsx"),
        (b"\xff\xfe", "a.csv"),
    ],
)
def test_what_is_no_list_is_refused_beside_its_field(contact, enterprise, signed_in, content, name):
    answer = signed_in(contact).post(
        NEW, {"file": file_of(content, name), "photos": "later", "enterprise": enterprise.pk}
    )
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]
    assert not Batch.objects.exists()


def test_what_is_too_big_is_refused_before_it_is_held(contact, enterprise, signed_in, settings):
    settings.WORKERS_ARCHIVE_BYTES = -20 * 1024 * 1024
    answer = signed_in(contact).post(
        NEW, {"file": file_of(b"x" * 1_100_000), "photos": "later", "enterprise": enterprise.pk}
    )
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors()


def test_a_form_without_its_token_is_refused(contact, enterprise):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(contact)
    answer = client.post(NEW, {"file": file_of(b"x"), "photos": "later"})
    assert answer.status_code == 403


def test_formulas_come_back_as_text(contact, enterprise, signed_in):
    rows = [make.person(0), make.person(1, name="=HYPERLINK(1)", origin="+cmd")]
    make.WorkerBatchFactory(enterprise=enterprise, by=contact, rows=rows)
    content = (
        signed_in(contact)
        .get(f"/portal/workers/batches/{Batch.objects.get().pk}/given-back.xlsx")
        .content
    )
    import openpyxl

    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert [cell.data_type for cell in sheet[2]].count("f") == 0
    assert sheet["A2"].value == "'=HYPERLINK(1)"


def test_another_enterprises_batch_is_not_there(enterprise, contact, signed_in):
    batch = make.with_photos(make.WorkerBatchFactory(enterprise=enterprise, by=contact))
    make.PreviewedListFactory(enterprise=enterprise, by=contact, batch=batch)
    stranger = make.ContactUserFactory(
        enterprise=make.AssignedEnterpriseFactory(unit=enterprise.unit)
    )
    client = signed_in(stranger)
    worker = make.workers_of(batch)[0]
    here = f"/portal/workers/batches/{batch.pk}"
    for where in ("", "/repair", "/photos", "/apply", "/discard"):
        for method in (client.get, client.post):
            assert method(f"{here}{where}/").status_code in {404, 405}, where
    for where in (f"{here}/given-back.xlsx", f"{here}/certificates.pdf"):
        assert client.get(where).status_code == 404
    for where in ("photo/", "photo/new/"):
        assert client.get(f"/portal/workers/{worker.pk}/{where}").status_code == 404
    assert batch.enterprise.name not in client.get("/portal/workers/").content.decode()
    for row in make.workers_of(batch):
        assert row.status == "submitted"


def test_whoever_left_the_enterprise_sees_nothing_of_it(enterprise, contact, signed_in):
    batch = make.WorkerBatchFactory(enterprise=enterprise, by=contact)
    contact.contact_for.update(left_on="2026-01-01")
    assert signed_in(contact).get(f"/portal/workers/batches/{batch.pk}/").status_code == 404


def test_a_number_is_shown_once_and_only_for_a_reason(enterprise, chief, signed_in):
    batch = make.WorkerBatchFactory(enterprise=enterprise)
    worker = make.workers_of(batch)[0]
    number = worker.details["id_number"]
    client = signed_in(chief)
    where = f"/workers/{worker.pk}/number/"
    assert number not in client.get(where).content.decode()
    refused = client.post(where, {"reason": " 1"})
    assert refused.status_code == 422
    assert number not in refused.content.decode()
    shown = client.post(where, {"reason": "核对证件"})
    assert number in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert number not in client.get(f"/workers/{worker.pk}/").content.decode()


def test_a_batch_is_marked_as_it_was_seen(enterprise, chief, signed_in):
    batch = make.WorkerBatchFactory(enterprise=enterprise)
    client = signed_in(chief)
    where = f"/workers/batches/{batch.pk}/mark/?move=check"
    seen = client.get(where).context["seen"]
    more = make.PreviewedListFactory(enterprise=enterprise, batch=batch, rows=[make.person(9)])
    from workers.actions import apply_file

    apply_file(more, by=more.by)
    answer = client.post(where, {"move": "check", "seen": seen})
    assert answer.status_code == 409
    assert {one.status for one in make.workers_of(batch)} == {"submitted"}


def test_a_worker_is_found_by_number_which_stands_in_no_address(enterprise, chief, signed_in):
    batch = make.WorkerBatchFactory(enterprise=enterprise)
    worker = make.workers_of(batch)[1]
    number = worker.details["id_number"]
    client = signed_in(chief)
    found = client.post("/workers/find/", {"id_number": f"{number[:6]} {number[6:].lower()}"})
    assert found["Location"] == f"/workers/{worker.pk}/"
    assert client.get(f"/workers/find/?id_number={number}").context["found"] == []
    elsewhere = signed_in(make.ChiefFactory())
    assert elsewhere.post("/workers/find/", {"id_number": number}).status_code == 200


@pytest.mark.parametrize("where", ["/portal/workers/", "/portal/workers/batches/{}/", "PREVIEW"])
def test_portal_pages_cost_the_same_at_10_rows_and_at_100(enterprise, contact, signed_in, where):
    client = signed_in(contact)

    def cost(path):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    def path(rows):
        factory = make.PreviewedListFactory if where == "PREVIEW" else make.WorkerBatchFactory
        people = [make.person(n) for n in range(rows)]
        made = factory(enterprise=enterprise, by=contact, rows=people)
        pk = made.batch_id if where == "PREVIEW" else made.pk
        return f"/portal/workers/batches/{pk}/" if where == "PREVIEW" else where.format(pk)

    few = cost(path(10))
    for _ in range(3):
        many = cost(path(100))
        assert many == few
    assert few <= 12
