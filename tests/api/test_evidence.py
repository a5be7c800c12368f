"""Uploads over the API, and getting them back."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from liaison.evidence.models import Evidence
from tests import factories as make
from tests.api.people import assert_problem, client_of

PATH = "/api/v1/evidence/"


def upload(client, content, name="a.png"):
    return client.post(PATH, {"file": SimpleUploadedFile(name, content)}, format="multipart")


def test_what_is_uploaded_can_be_had_again_by_its_owner(world):
    made = upload(world.officer, make.picture_bytes("red")).json()
    assert (made["content_type"], made["width"], made["height"]) == ("image/png", 8, 6)
    assert world.officer.get(f"{PATH}{made['id']}/").json() == made
    assert made in world.officer.get(PATH).json()["results"]
    answer = world.officer.get(f"{PATH}{made['id']}/file/", headers={"Accept": "image/png"})
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer["Cache-Control"]
    content = b"".join(answer)
    assert len(content) == made["size"]
    assert Image.open(io.BytesIO(content)).size == (8, 6)
    for who in ("chief", "desk", "bureau", "contact", "stranger"):
        client = client_of(world.people[who])
        assert client.get(f"{PATH}{made['id']}/").status_code == 404
        assert client.get(f"{PATH}{made['id']}/file/").status_code == 404


def test_what_is_attached_is_had_through_its_record_only(world):
    attached = world.attached.pk
    assert world.handler.get(f"{PATH}{attached}/").status_code == 200
    assert world.handler.get(f"{PATH}{attached}/file/").status_code == 404
    answer = world.officer.get(f"/api/v1/issues/{world.proposed.pk}/files/{attached}/")
    assert b"".join(answer)


def test_a_pdf_is_only_ever_a_download(world):
    made = upload(world.officer, b"%PDF-1.4\n%%EOF", "agreement.pdf").json()
    answer = world.officer.get(f"{PATH}{made['id']}/file/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "unreadable_file"),
        (b"plain words, in a file called a picture", "wrong_type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "wrong_type"),
        (b"<html><script>alert(1)</script></html>", "wrong_type"),
        (b"GIF89a" + b"\x00" * 30, "wrong_type"),
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 30, "wrong_type"),
        (make.picture_bytes(size=(200, 200))[:-40], "unreadable_file"),
    ],
)
def test_what_is_no_evidence_is_refused(world, content, code):
    before = Evidence.objects.count()
    refused = assert_problem(upload(world.officer, content), 422)
    assert (refused["code"], refused["field"]) == (code, "file")
    assert Evidence.objects.count() == before


def test_what_is_too_big_is_refused(world, settings):
    settings.EVIDENCE_MAX_BYTES = 1000
    answer = upload(world.officer, b"%PDF-" + b"x" * 1000)
    assert assert_problem(answer, 422)["code"] == "too_big"
    settings.EVIDENCE_MAX_PIXELS = 47
    answer = upload(world.officer, make.picture_bytes())
    assert assert_problem(answer, 422)["code"] == "too_big"


def test_one_upload_is_one_file(world):
    two = [SimpleUploadedFile(name, make.picture_bytes()) for name in ("a.png", "b.png")]
    refused = world.officer.post(PATH, {"file": two}, format="multipart")
    assert list(assert_problem(refused, 400)["errors"]) == ["file"]
    refused = world.officer.post(PATH, {"file": "words"}, format="multipart")
    assert list(assert_problem(refused, 400)["errors"]) == ["file"]
    other = {"file": two[0], "proof": "before"}
    refused = world.officer.post(PATH, other, format="multipart")
    assert list(assert_problem(refused, 400)["errors"]) == ["proof"]


def test_a_name_never_becomes_part_of_a_path(world, settings):
    for name in ("../../etc/passwd.png", "C:\\x\\..\\y.png", "\u202egnp.exe", "名" * 300 + ".png"):
        answer = upload(world.officer, make.picture_bytes(), name)
        if answer.status_code == 201:
            kept = Evidence.objects.get(pk=answer.json()["id"])
            assert kept.file.name == f"evidence/{kept.made_at:%Y/%m}/{kept.pk}.png"
        else:
            assert list(assert_problem(answer, 400)["errors"]) == ["file"]


def test_a_file_that_is_gone_from_the_disk_is_a_404(world, caplog):
    Evidence.objects.get(pk=world.evidence.pk).file.delete(save=False)
    Evidence.objects.get(pk=world.attached.pk).file.delete(save=False)
    assert_problem(world.handler.get(f"{PATH}{world.evidence.pk}/file/"), 404)
    path = f"/api/v1/issues/{world.proposed.pk}/files/{world.attached.pk}/"
    assert_problem(world.handler.get(path), 404)
    assert str(world.attached.pk) in caplog.text  # somebody must look after it
