"""The import in the browser: a preview first, then yes or no."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from enterprises.importing.headings import FIELDS
from enterprises.models import Enterprise, ImportBatch
from tests import factories as make
from tests.enterprises.importing.lists import HEADINGS, ROWS, SHAPES, as_csv

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make.DeskFactory()


@pytest.fixture
def client(desk):
    client = Client()
    client.force_login(desk)
    return client


def upload(client, content, name="list.csv"):
    return client.post(reverse("import_new"), {"file": SimpleUploadedFile(name, content)})


def test_upload_look_apply_undo(client, desk):
    answer = upload(client, SHAPES["xlsx with headings of two levels"](), "list.xlsx")
    batch = ImportBatch.objects.get()
    assert answer.url == reverse("import_detail", args=(batch.pk,))
    page = client.get(answer.url).content.decode()
    assert ROWS[0][0] in page
    assert not Enterprise.objects.filter(unit=desk.unit).exists()
    client.post(reverse("import_apply", args=(batch.pk,)))
    assert Enterprise.objects.filter(unit=desk.unit).count() == 4
    assert ROWS[0][0] in client.get(answer.url).content.decode()
    client.post(reverse("import_undo", args=(batch.pk,)))
    assert not Enterprise.objects.filter(unit=desk.unit).exists()
    assert client.get(reverse("import_list")).status_code == 200


def test_said_no(client, desk):
    upload(client, SHAPES["gbk"]())
    batch = ImportBatch.objects.get()
    client.post(reverse("import_discard", args=(batch.pk,)))
    client.post(reverse("import_apply", args=(batch.pk,)))
    assert not Enterprise.objects.filter(unit=desk.unit).exists()


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04nonsense"])
def test_what_is_no_list_is_told_beside_the_field(client, content):
    answer = upload(client, content)
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]
    assert not ImportBatch.objects.exists()


def test_a_change_meanwhile_is_shown_before_it_is_taken_in(client, desk):
    upload(client, as_csv(ROWS, HEADINGS))
    batch = ImportBatch.objects.get()
    make.EnterpriseFactory(unit=desk.unit, name=ROWS[0][0], address=ROWS[0][2])
    client.post(reverse("import_apply", args=(batch.pk,)))
    assert Enterprise.objects.filter(unit=desk.unit).count() == 1
    page = client.get(reverse("import_detail", args=(batch.pk,)) + "?outcome=updated")
    assert ROWS[0][0] in page.content.decode()


def test_rows_are_paged_and_chosen_by_outcome(client):
    rows = [[f"示例厂{n}", "", f"示例路{n}号", "", "很多", "", "", ""] for n in range(60)]
    rows[7][0] = ""
    address = upload(client, as_csv(rows, HEADINGS)).url
    first = client.get(address).context
    assert (len(first["rows"]), first["counts"]["created"]) == (25, 59)
    refused = client.get(f"{address}?outcome=refused").context["rows"]
    assert [shown.row.number for shown in refused] == [9]
    noted = client.get(f"{address}?outcome=noted").content.decode()
    assert "很多" not in noted or "备注" in noted


def test_the_empty_list_can_be_read_again(client):
    answer = client.get(reverse("import_template"))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    headings = [cell.value for cell in book.active[2]]
    assert headings[0] == FIELDS["name"][0]
    known = {name for names in FIELDS.values() for name in names}
    assert set(headings) <= known


def test_another_station_does_not_see_it(client):
    upload(client, as_csv(ROWS, HEADINGS))
    batch = ImportBatch.objects.get()
    stranger = Client()
    stranger.force_login(make.DeskFactory())
    for name in ("import_detail", "import_apply", "import_discard", "import_undo"):
        address = reverse(name, args=(batch.pk,))
        assert stranger.get(address).status_code in (404, 405)
        assert stranger.post(address).status_code in (404, 405)
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.PREVIEW
