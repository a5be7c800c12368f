"""A file in pieces: resumed where it broke off, checked, and one evidence in the end."""

import hashlib
import io
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from liaison.core.refused import Refused
from liaison.evidence.actions import discard_forgotten_uploads
from liaison.evidence.models import Evidence
from liaison.mobile.actions.uploads import (
    LARGEST_PIECE,
    MOST_UNFINISHED,
    SMALLEST_PIECE,
    add_piece,
    discard_old_uploads,
)
from liaison.mobile.api import PieceBody
from liaison.mobile.models import Piece, Upload
from tests import factories as make
from tests.api.people import assert_problem
from tests.mobile.phone import UPLOADS, Phone

SMALL = SMALLEST_PIECE


def big_picture(pieces=3):
    """Not to be compressed: of a little more than so many smallest pieces."""
    content = make.picture_bytes("red", (400, 300), "JPEG")
    # What stands behind the end of a picture is dropped when it is written anew.
    return content + bytes(range(256)) * (pieces * SMALL // 256 + 1 - len(content) // 256)


def test_a_file_in_pieces_becomes_one_evidence(phone, officer):
    content = big_picture()
    begun = phone.announce(content, name="image.jpg")
    assert begun.status_code == 201
    told = begun.json()
    assert (told["offset"], told["status"], told["evidence"]) == (0, "receiving", None)
    offset = 0
    while offset < len(content):
        answer = phone.put(told["client_id"], offset, content[offset : offset + SMALL])
        assert answer.status_code == 200
        offset = answer.json()["offset"]
        assert answer["Upload-Offset"] == str(offset)
    done = answer.json()
    evidence = Evidence.objects.get()
    assert (done["status"], done["evidence"]) == ("done", str(evidence.pk))
    assert (evidence.uploaded_by, evidence.name) == (officer, "image.jpg")
    assert (evidence.width, evidence.height) == (400, 300)
    assert not Piece.objects.exists()
    # The same again, whatever of it: the same evidence.
    last = phone.put(told["client_id"], offset - 5, content[-5:])
    assert last.json() == done
    again = phone.announce(content, client_id=told["client_id"])
    assert (again.status_code, again.json()) == (200, done)
    assert phone.client.get(f"{UPLOADS}{told['client_id']}").json() == done
    assert Evidence.objects.count() == 1


def test_a_voice_note_in_pieces_becomes_one_that_plays(phone, settings):
    content = make.recording_bytes(3)
    told = phone.announce(content, name="0c6f1d2e.webm", content_type="audio/webm").json()
    for offset in range(0, len(content), SMALL):
        answer = phone.put(told["client_id"], offset, content[offset : offset + SMALL])
    evidence = Evidence.objects.get()
    assert (answer.json()["status"], answer.json()["evidence"]) == ("done", str(evidence.pk))
    assert (evidence.content_type, evidence.seconds) == ("audio/mp4", 3)
    # Another is refused for good, in words.
    settings.EVIDENCE_MAX_SECONDS = 2
    told = phone.announce(content, content_type="audio/mp4").json()
    for offset in range(0, len(content), SMALL):
        answer = phone.put(told["client_id"], offset, content[offset : offset + SMALL])
    assert (answer.status_code, answer.json()["code"]) == (422, "too_long")
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_it_goes_on_where_it_broke_off(phone, method):
    content = big_picture()
    key = phone.announce(content).json()["client_id"]
    phone.put(key, 0, content[:SMALL], method)
    # The answer was lost: the same piece again, and one too far on.
    for offset in (0, 2 * SMALL):
        wrong = phone.put(key, offset, content[offset : offset + SMALL], method)
        problem = assert_problem(wrong, 409)
        assert (problem["code"], problem["offset"]) == ("wrong_offset", SMALL)
    head = phone.client.head(f"{UPLOADS}{key}/")
    assert (head["Upload-Offset"], head["Upload-Length"]) == (str(SMALL), str(len(content)))
    assert not head.content
    assert phone.announce(content, client_id=key).json()["offset"] == SMALL
    assert phone.put(key, SMALL, content[SMALL:], method).json()["status"] == "done"


def test_the_server_was_stopped_before_it_could_finish(phone, officer):
    content = make.picture_bytes()
    key = phone.announce(content).json()["client_id"]
    upload = Upload.objects.get()
    Piece.objects.create(upload=upload, offset=0, data=content)
    Upload.objects.update(received=len(content))
    told = phone.client.get(f"{UPLOADS}{key}/").json()
    assert (told["offset"], told["status"]) == (len(content), "receiving")
    assert assert_problem(phone.put(key, 0, content), 409)["offset"] == len(content)
    done = phone.put(key, len(content), b"").json()
    assert done["evidence"] == str(Evidence.objects.get().pk)


def test_what_arrived_damaged_is_thrown_away(phone):
    content = make.picture_bytes()
    key = phone.announce(content).json()["client_id"]
    problem = assert_problem(phone.put(key, 0, content[:-1] + b"?"), 422)
    assert (problem["code"], problem["field"]) == ("wrong_checksum", "sha256")
    assert not Upload.objects.exists()
    assert not Piece.objects.exists()
    assert not Evidence.objects.exists()
    assert_problem(phone.client.get(f"{UPLOADS}{key}/"), 404)
    assert_problem(phone.put(key, 0, content), 404)
    # And may be sent once more.
    assert phone.upload(content, client_id=key) == key
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"GIF89a" + b"x" * 99, "wrong_type"),
        (make.picture_bytes(kind="JPEG")[:300], "unreadable_file"),
    ],
)
def test_what_is_no_evidence_is_refused_for_good(phone, content, code):
    key = phone.announce(content).json()["client_id"]
    assert assert_problem(phone.put(key, 0, content), 422)["code"] == code
    told = phone.client.get(f"{UPLOADS}{key}/").json()
    assert (told["status"], told["code"], told["evidence"]) == ("refused", code, None)
    assert told["message"]
    assert assert_problem(phone.put(key, 0, content), 422)["code"] == code
    assert phone.announce(content, client_id=key).json() == told
    assert not Evidence.objects.exists()
    assert not Piece.objects.exists()


def test_too_much_of_anything(phone, settings):
    settings.EVIDENCE_MAX_BYTES = 3 * SMALL
    assert assert_problem(phone.announce(b"x" * (3 * SMALL + 1)), 422)["code"] == "too_big"
    assert (
        assert_problem(phone.announce(b"x", content_type="video/mp4"), 422)["code"] == "wrong_type"
    )
    key = phone.announce(b"x" * 3 * SMALL).json()["client_id"]
    assert assert_problem(phone.put(key, 0, b"x" * (3 * SMALL + 1)), 422)["code"] == "too_long"
    assert assert_problem(phone.put(key, 0, b"x" * (SMALL - 1)), 422)["code"] == "too_short"
    assert assert_problem(phone.put(key, 0, b""), 422)["code"] == "too_short"
    huge = phone.put(key, 0, b"x" * (LARGEST_PIECE + 1))
    assert assert_problem(huge, 413)["code"] == "too_large"
    assert phone.client.get(f"{UPLOADS}{key}/").json()["offset"] == 0


def test_no_more_than_so_many_on_their_way(phone, officer):
    many = [make.UploadFactory.build(user=officer) for _ in range(MOST_UNFINISHED)]
    Upload.objects.bulk_create(many)
    assert assert_problem(phone.announce(b"x"), 422)["code"] == "too_many"
    other = Phone(make.OfficerFactory(unit=officer.unit))
    assert other.announce(b"x").status_code == 201
    # What was announced before goes on.
    size, sha256 = many[0].size, many[0].sha256
    key = str(many[0].client_id)
    assert phone.announce(b"x", client_id=key, size=size, sha256=sha256).status_code == 200
    Upload.objects.filter(pk=many[0].pk).update(finished_at=timezone.now())
    assert phone.announce(b"x").status_code == 201


def test_another_file_under_the_same_id_is_a_conflict(phone):
    key = phone.announce(b"x").json()["client_id"]
    for content in (b"y", b"xx"):
        answer = phone.announce(content, client_id=key)
        assert assert_problem(answer, 409)["code"] == "reused"
    assert phone.announce(b"x", client_id=key, name="other.jpg").status_code == 200


@pytest.mark.parametrize("offset", ["", "-1", "x", "1.5", "9" * 30, "١"])
def test_an_offset_that_is_none(phone, offset):
    key = phone.announce(b"x").json()["client_id"]
    answer = phone.client.patch(
        f"{UPLOADS}{key}/", headers={"Upload-Offset": offset.encode().decode("latin-1")}
    )
    assert "Upload-Offset" in assert_problem(answer, 400)["errors"]


@pytest.mark.parametrize(
    "change",
    [
        {"size": 0},
        {"size": -1},
        {"sha256": "x" * 64},
        {"sha256": "AB" * 32},
        {"name": ""},
        {"name": ".."},
        {"name": "../../etc/passwd"},
        {"name": "a\x00b"},
        {"client_id": "x"},
        {"user": None},
        {"bogus": 1},
    ],
)
def test_an_announcement_that_is_none(phone, change):
    problem = assert_problem(phone.announce(b"x", **change), 400)
    assert problem["field"] == next(iter(change))
    assert not Upload.objects.exists()


def test_other_types_of_body(phone):
    key = phone.announce(b"x").json()["client_id"]
    answer = phone.client.generic(
        "PATCH", f"{UPLOADS}{key}/", b"{}", content_type="application/json",
        headers={"Upload-Offset": "0"},
    )  # fmt: skip
    assert_problem(answer, 415)


def test_a_body_that_ends_too_early_is_not_taken():
    request = APIRequestFactory().generic("PATCH", UPLOADS, b"x" * 100)
    context = {"encoding": "utf-8", "request": Request(request)}
    with pytest.raises(ParseError):
        PieceBody().parse(io.BytesIO(b"x" * 40), None, context)
    assert PieceBody().parse(io.BytesIO(b"x" * 100), None, context) == b"x" * 100


def test_another_persons_upload_is_not_there(phone, enterprise):
    content = make.picture_bytes()
    key = phone.announce(content).json()["client_id"]
    other = Phone(make.ChiefFactory(unit=enterprise.unit))
    nothing = other.client.get(f"{UPLOADS}{uuid.uuid4()}/")
    assert_problem(other.client.get(f"{UPLOADS}{key}/"), 404)
    assert other.client.get(f"{UPLOADS}{key}/").content == nothing.content
    assert_problem(other.put(key, 0, content), 404)
    # The same id of theirs is another upload.
    assert other.upload(make.picture_bytes("blue"), client_id=key) == key
    assert phone.client.get(f"{UPLOADS}{key}/").json()["offset"] == 0


def test_old_ones_are_forgotten(phone, settings):
    now = timezone.now()
    begun = phone.announce(b"x").json()["client_id"]
    content = big_picture()
    half = phone.announce(content).json()["client_id"]
    phone.put(half, 0, content[:SMALL])
    done = phone.upload(make.picture_bytes())
    refused = phone.announce(b"GIF").json()["client_id"]
    phone.put(refused, 0, b"GIF")

    def left():
        return {str(one.client_id) for one in Upload.objects.all()}

    assert discard_old_uploads(now) == {"phone_uploads": 0}
    Upload.objects.filter(client_id=begun).update(touched_at=now - timedelta(days=6))
    week = timedelta(days=settings.MOBILE_KEEP_UNFINISHED_DAYS, minutes=1)
    Upload.objects.filter(client_id=half).update(touched_at=now - week)
    assert discard_old_uploads(now) == {"phone_uploads": 1}
    assert left() == {begun, done, refused}
    assert not Piece.objects.exists()
    assert_problem(phone.put(half, SMALL, content[SMALL:]), 404)
    month = timedelta(days=settings.EVIDENCE_KEEP_UNATTACHED_DAYS)
    assert discard_old_uploads(now + month + week) == {"phone_uploads": 3}
    assert not left()


def test_one_whose_file_has_been_discarded_is_sent_anew(phone, settings):
    """An upload is no record: evidence that only it leads to is forgotten with the rest."""
    content = make.picture_bytes()
    key = phone.upload(content)
    days = timedelta(days=settings.EVIDENCE_KEEP_UNATTACHED_DAYS, minutes=1)
    assert discard_forgotten_uploads(timezone.now() + days) == {"uploads": 1}
    assert phone.announce(content, client_id=key).json()["offset"] == 0
    assert phone.upload(content, client_id=key) == key
    assert Evidence.objects.count() == 1


def test_a_piece_for_what_was_forgotten_meanwhile(officer):
    upload = make.UploadFactory(user=officer)
    Upload.objects.all().delete()
    with pytest.raises(Refused) as refused:
        add_piece(upload, offset=0, data=b"x" * 100)
    assert refused.value.code == "gone"


def test_what_is_announced_is_what_is_checked(phone):
    content = make.picture_bytes()
    wrong = hashlib.sha256(b"other").hexdigest()
    key = phone.announce(content, sha256=wrong).json()["client_id"]
    assert assert_problem(phone.put(key, 0, content), 422)["code"] == "wrong_checksum"
