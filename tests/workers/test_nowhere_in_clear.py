"""No ID number lies anywhere in clear: every byte of what a batch leaves behind is searched."""

import base64
import io
import logging
import re
import tempfile
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test import Client

from liaison.notices.delivering import deliver
from tests import factories as make
from workers.models import Batch, Worker

ASKED = "核对身份"


def spellings(number):
    """The number as it could lie there: as it is, in UTF-16, and in Base64 at any offset."""
    yield number.encode()
    yield number.encode("utf-16-le")
    yield number.encode("utf-16-be")
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + number.encode())
        # Without the ends, which depend on what stands around.
        yield coded[4:-4]
    yield number.encode().hex().encode()


def unpacked(name, data):
    """The bytes, and those of everything packed in them."""
    yield name, data
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                yield from unpacked(f"{name}!{member.filename}", archive.read(member))


def must_not_hold(numbers, places):
    wanted = {one: number for number in numbers for one in spellings(number)}
    # One pass over each, however many numbers.
    pattern = re.compile(b"|".join(map(re.escape, wanted)))
    searched = 0
    for name, data in places:
        for inner, piece in unpacked(name, data):
            searched += len(piece)
            assert pattern.search(piece) is None, inner
    return searched


def database_bytes(folder):
    """All that the database holds, and on SQLite its file and the log beside it, as they lie."""
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        for path in (name, f"{name}-wal", f"{name}-shm"):
            if Path(path).is_file():
                yield path, Path(path).read_bytes()
        with connection.cursor() as cursor:
            copy = folder / "copy.sqlite3"
            cursor.execute("VACUUM INTO %s", [str(copy)])
        yield "copy", copy.read_bytes()
    # Every value of every row as the driver gives it.
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for value in row:
                    data = (
                        bytes(value)
                        if isinstance(value, bytes | memoryview)
                        else str(value).encode()
                    )
                    yield table, data


def test_the_search_finds_what_lies_there():
    number = make.resident_id()
    for data in (
        f"x{number}y".encode(),
        f"x{number}".encode("utf-16"),
        base64.b64encode(f"a{number}b".encode()),
        make.list_of([make.person(id_number=number)]),
    ):
        with pytest.raises(AssertionError):
            must_not_hold([number], [("here", data)])
    assert must_not_hold([number], [("here", b"nothing")])


@pytest.fixture
def watched(tmp_path, monkeypatch, settings):
    """Where temporary files go, with all that was ever written there kept."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    written = []
    for name in ("NamedTemporaryFile", "TemporaryFile"):
        real = getattr(tempfile, name)

        def kept(*args, real=real, **kwargs):
            file = real(*args, **kwargs)
            written.append(file)
            return file

        monkeypatch.setattr(tempfile, name, kept)
    settings.MEDIA_ROOT = tmp_path / "media"
    return written


@pytest.mark.django_db(transaction=True)
def test_after_a_batch_no_number_lies_anywhere(tmp_path, watched, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    enterprise = make.AssignedEnterpriseFactory()
    contact = make.ContactUserFactory(enterprise=enterprise)
    chief = make.ChiefFactory(unit=enterprise.unit)
    rows = [make.person(n) for n in range(60)]
    wrong = make.person(61, name="", id_number=rows[0]["id_number"][:17] + "Y")
    rows.append(wrong)
    rows.append(make.person(62, name=""))
    rows[5]["job"] = "焊工"
    numbers = [row["id_number"] for row in rows]
    portal, staff = Client(), Client()
    portal.force_login(contact)
    staff.force_login(chief)
    kept = []

    def seen(answer, *, whole=False):
        assert answer.status_code in {200, 302, 409, 422}, answer
        data = b"".join(answer) if answer.streaming else answer.content
        if not whole:
            kept.append((answer.wsgi_request.path, data))
        return data

    def send(client, where, content, name, **more):
        file = io.BytesIO(content)
        file.name = name
        return seen(client.post(where, {"file": file, "photos": "later", **more}))

    # Big enough that Django would put it into a temporary file.
    csv = "姓名,身份证号,备注\n" + "".join(
        f"{r['name']},{r['id_number']},{'x' * 60_000}\n" for r in rows
    )
    send(
        portal,
        "/portal/workers/batches/new/",
        csv.encode(),
        f"{numbers[3]}.csv",
        enterprise=enterprise.pk,
    )
    batch = Batch.objects.get()
    here = f"/portal/workers/batches/{batch.pk}/"
    seen(portal.get(here))
    archive = io.BytesIO(make.photos_of(numbers[:40]))
    archive.name = "照片.zip"
    seen(portal.post(f"{here}photos/", {"archive": archive}))
    seen(portal.post(f"{here}apply/"))
    assert Worker.objects.count() == 60
    # With the whole numbers, for who wrote them: they are the enterprise's own.
    assert numbers[61].encode() in zipfile.ZipFile(
        io.BytesIO(seen(portal.get(f"{here}given-back.xlsx"), whole=True))
    ).read("xl/worksheets/sheet1.xml")
    for where in ("/portal/workers/", here, "/notices/"):
        seen(portal.get(where))
    keys = [str(one.pk) for one in make.workers_of(batch)]
    for move, some in (("check", keys), ("register", keys[:40]), ("correct", keys[40:])):
        said = f"与 {numbers[50]} 不符"
        seen(staff.post("/workers/mark/", {"move": move, "workers": some, "reason": said}))
    assert Worker.objects.registered().count() == 40
    for where in (
        "/workers/", "/workers/export.csv", "/workers/export.xlsx", "/workers/batches/",
        f"/workers/batches/{batch.pk}/", f"/workers/{keys[0]}/", f"/workers/{keys[0]}/photo/",
        f"/workers/batches/{batch.pk}/certificates.pdf", "/issues/", "/search/?q=示例",
        f"/issues/{batch.issue.number if batch.issue else Batch.objects.get().issue.number}/",
        "/issues/export.xlsx",
    ):  # fmt: skip
        seen(staff.get(where))
    seen(staff.post("/workers/find/", {"id_number": numbers[0]}))
    shown = seen(
        staff.post(f"/workers/{keys[0]}/number/", {"reason": f"{ASKED} {numbers[0]}"}), whole=True
    )
    assert numbers[0].encode() in shown
    whole = seen(staff.post("/workers/export-whole/", {"reason": "年度核查"}), whole=True)
    assert numbers[1].encode() in zipfile.ZipFile(io.BytesIO(whole)).read(
        "xl/worksheets/sheet1.xml"
    )
    seen(staff.get(f"/workers/{keys[0]}/"))
    deliver()
    call_command("tick", stdout=io.StringIO())
    assert Session.objects.exists()

    def lying_about():
        yield from kept
        yield from database_bytes(tmp_path)
        yield "log", caplog.text.encode()
        out = capfd.readouterr()
        yield "console", (out.out + out.err).encode()
        for folder in (tmp_path, Path(settings.MEDIA_ROOT)):
            for path in folder.rglob("*"):
                if path.is_file():
                    yield str(path), str(path).encode() + path.read_bytes()
        for file in watched:
            # Still open, or gone from the disk and so out of reach.
            if not file.closed:
                file.seek(0)
                yield str(file.name), file.read() if "b" in file.mode else file.read().encode()

    assert must_not_hold(numbers, lying_about()) > 100_000
