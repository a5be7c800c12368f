"""Deciding on workers, looking at numbers, and forgetting in time."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from issues.actions import decline_issue
from liaison.audit.models import Entry
from liaison.core.refused import Conflict, Refused
from liaison.evidence.models import Evidence
from liaison.notices.models import Notice
from tests import factories as make
from workers.actions import add_photo, add_photos, mark_workers, reveal_number, whole_numbers
from workers.actions.purging import purge
from workers.models import Batch, BatchRow, Reveal, Worker
from workers.workflow import MOVES, Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(enterprise, contact):
    return make.WorkerBatchFactory(enterprise=enterprise, by=contact)


def keys(batch):
    return [worker.pk for worker in make.workers_of(batch)]


def mark(batch, move, chief, **more):
    return mark_workers(keys(batch), move, by=chief, unit=batch.unit, **more)


def test_checked_then_registered_with_numbers_of_the_station(batch, chief):
    workers = make.registered(batch, chief)
    today = timezone.localdate()
    assert [one.certificate for one in workers] == [
        f"{batch.unit.code}-LD{today.year}-{n:05d}" for n in (1, 2, 3)
    ]
    assert {one.registered_on for one in workers} == {today}
    # The next batch goes on counting.
    more = make.registered(make.WorkerBatchFactory(enterprise=batch.enterprise), chief)
    assert more[0].certificate.endswith("-00004")


def test_without_a_photo_nobody_is_registered(batch, chief):
    mark(batch, "check", chief)
    with pytest.raises(Refused) as refused:
        mark(batch, "register", chief)
    assert refused.value.code == "no_photo"
    assert {one.status for one in make.workers_of(batch)} == {"checked"}


def test_the_database_registers_nobody_without_photo_and_number(batch):
    with pytest.raises(IntegrityError), transaction.atomic():
        Worker.objects.update(status=Status.REGISTERED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Worker.objects.update(status=Status.LEFT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Worker.objects.update(status=Status.CORRECTION, reason="")


@pytest.mark.parametrize("status", [one for one in Status if one != Status.REGISTERED])
@pytest.mark.parametrize("move", list(MOVES))
def test_each_move_fits_where_the_table_says(batch, chief, move, status):
    make.with_photos(batch)
    left = timezone.localdate() if status == Status.LEFT else None
    Worker.objects.update(status=status, reason="旧", left_on=left)
    if status in MOVES[move].sources:
        assert mark(batch, move, chief, reason="照片不清") == 3
        assert {one.status for one in make.workers_of(batch)} == {MOVES[move].target}
    else:
        with pytest.raises(Conflict):
            mark(batch, move, chief, reason="照片不清")
        assert {one.status for one in make.workers_of(batch)} == {status}


def test_one_who_does_not_fit_stops_all(batch, chief):
    first = keys(batch)[0]
    mark_workers([first], "check", by=chief, unit=batch.unit)
    with pytest.raises(Conflict):
        mark(batch, "register", chief)
    assert sorted(one.status for one in make.workers_of(batch)) == [
        "checked", "submitted", "submitted",
    ]  # fmt: skip


def test_correction_says_why_and_tells_the_enterprise(batch, contact, chief):
    with pytest.raises(Refused) as refused:
        mark(batch, "correct", chief)
    assert refused.value.field == "reason"
    number = make.workers_of(batch)[0].details["id_number"]
    mark(batch, "correct", chief, reason=f"号码 {number} 与证件不符")
    [notice] = Notice.objects.filter(recipient=contact, kind="workers.correction")
    assert number not in notice.text + notice.title
    assert "与证件不符" in notice.text
    assert number not in make.workers_of(batch)[0].reason
    assert notice.url == f"/portal/workers/batches/{batch.pk}/"


@pytest.mark.parametrize("kind", ["contact", "stranger", "bureau"])
def test_only_the_stations_own_people_decide(batch, contact, kind):
    person = {
        "contact": contact,
        "stranger": make.ChiefFactory(),
        "bureau": make.BureauUserFactory(),
    }[kind]
    with pytest.raises(Refused) as refused:
        mark(batch, "check", person)
    assert refused.value.code == "not_allowed"
    with pytest.raises(Refused):
        reveal_number(make.workers_of(batch)[0], by=person, reason="核对证件")
    assert not Reveal.objects.exists()


def test_a_number_is_shown_for_a_reason_that_goes_to_the_record(batch, chief):
    worker = make.workers_of(batch)[0]
    number = worker.details["id_number"]
    with pytest.raises(Refused):
        reveal_number(worker, by=chief, reason=" ")
    assert reveal_number(worker, by=chief, reason=f"核对 {number}") == number
    [entry] = Entry.objects.filter(action="worker.revealed")
    assert entry.actor == chief
    assert number not in str(entry.changes) + entry.subject_label
    assert "核对" in entry.changes["reason"]


def test_numbers_are_looked_at_rarely(batch, chief, settings):
    settings.REVEALS_AN_HOUR = 2
    worker = make.workers_of(batch)[0]
    for _ in range(2):
        reveal_number(worker, by=chief, reason="核对证件")
    with pytest.raises(Refused) as refused:
        reveal_number(worker, by=chief, reason="核对证件")
    assert refused.value.code == "too_often"
    Reveal.objects.update(at=timezone.now() - timedelta(minutes=61))
    reveal_number(worker, by=chief, reason="核对证件")


def test_whole_numbers_leave_with_a_chief_and_a_reason_only(batch, chief):
    officer = make.OfficerFactory(unit=batch.unit)
    for person, reason in ((officer, "年度核查"), (chief, "")):
        with pytest.raises(Refused):
            whole_numbers(Worker.objects.visible_to(person), by=person, reason=reason)
    rows = whole_numbers(Worker.objects.visible_to(chief), by=chief, reason="年度核查")
    assert {row[1] for row in rows} == {one.details["id_number"] for one in make.workers_of(batch)}
    [entry] = Entry.objects.filter(action="workers.exported")
    assert entry.changes == {"rows": 3, "kind": "whole", "reason": "年度核查"}


def test_photos_find_their_row_by_number_or_by_the_name_in_the_list(enterprise, contact):
    rows = [make.person(0), make.person(1, photo="甲.jpg"), make.person(2)]
    file = make.PreviewedListFactory(enterprise=enterprise, by=contact, rows=rows)
    archive = make.photos_of([rows[0]["id_number"], "甲", "谁也不是"])
    done = add_photos(file.batch, archive, by=contact)
    assert (done.put, done.unknown, done.unreadable) == (2, 1, 0)
    assert list(
        file.rows.order_by("number").filter(photo=None).values_list("number", flat=True)
    ) == [4]
    assert not Evidence.objects.filter(name__contains=rows[0]["id_number"]).exists()


def test_with_photos_asked_for_those_without_come_back(enterprise, contact):
    rows = [make.person(0), make.person(1)]
    file = make.PreviewedListFactory(
        enterprise=enterprise, by=contact, rows=rows, wants_photos=True,
        archive=make.photos_of([rows[0]["id_number"]]),
    )  # fmt: skip
    assert list(file.rows.order_by("number").values_list("outcome", flat=True)) == [
        "new",
        "refused",
    ]


@pytest.mark.parametrize(
    ("archive", "code"),
    [(b"nothing", "not_an_archive"), (make.photos_of([]), "no_pictures")],
)
def test_what_is_no_archive_of_photos_is_refused(batch, contact, archive, code):
    with pytest.raises(Refused) as refused:
        add_photos(batch, archive, by=contact)
    assert refused.value.code == code


def test_an_archive_has_limits(batch, contact, settings):
    settings.WORKERS_MOST_PHOTOS = 1
    with pytest.raises(Refused) as refused:
        add_photos(batch, make.photos_of(["a", "b"]), by=contact)
    assert refused.value.code == "too_many"
    settings.WORKERS_ARCHIVE_BYTES = 100
    with pytest.raises(Refused) as refused:
        add_photos(batch, make.photos_of(["a"]), by=contact)
    assert refused.value.code == "too_big"
    assert not Evidence.objects.exists()


# --- forgetting -------------------------------------------------------------------------------


def test_who_left_is_forgotten_in_time_with_the_photo(batch, chief, settings):
    make.with_photos(batch)
    mark(batch, "leave", chief)
    now = timezone.now()
    assert purge(now)["workers_left"] == 0
    later = now + timedelta(days=settings.WORKERS_KEEP_DAYS + 1)
    files = [one.photo.file.path for one in make.workers_of(batch)]
    assert purge(later)["workers_left"] == 3
    assert purge(later)["workers_left"] == 0
    assert not Worker.objects.exists()
    assert not Evidence.objects.exists()
    assert not any(Path(one).exists() for one in files)
    [entry] = Entry.objects.filter(action="workers.purged")
    assert entry.changes == {"workers": 3, "why": "left"}


def test_a_declined_batch_is_forgotten_sooner(batch, chief, settings):
    decline_issue(batch.issue, by=chief, version=batch.issue.version, reason="不属本所管辖")
    batch.refresh_from_db()
    assert batch.rejected_at is not None
    now = timezone.now()
    assert purge(now)["workers_rejected"] == 0
    later = now + timedelta(days=settings.WORKERS_KEEP_REJECTED_DAYS + 1)
    assert purge(later)["workers_rejected"] == 3


def test_rows_nobody_repaired_and_lists_never_handed_in_are_forgotten(
    enterprise, contact, settings
):
    bad = [make.person(0), make.person(1, name="")]
    make.WorkerBatchFactory(enterprise=enterprise, by=contact, rows=bad)
    make.PreviewedListFactory(enterprise=enterprise, by=contact)
    now = timezone.now()
    assert purge(now) == {
        "workers_left": 0,
        "workers_rejected": 0,
        "worker_rows": 0,
        "worker_lists": 0,
    }
    assert purge(now + timedelta(days=8))["worker_lists"] == 1
    assert BatchRow.objects.count() == 1
    assert purge(now + timedelta(days=settings.WORKERS_KEEP_REJECTED_DAYS + 1))["worker_rows"] == 1
    assert not BatchRow.objects.exists()
    assert Batch.objects.filter(state="submitted").count() == 1
    assert Worker.objects.count() == 1


def test_another_photo_brings_a_correction_back_to_the_station(batch, contact, chief):
    mark(batch, "correct", chief, reason="照片反光")
    worker = make.workers_of(batch)[0]
    add_photo(worker, make.picture_bytes(), by=contact)
    worker.refresh_from_db()
    assert (worker.status, worker.reason) == ("submitted", "照片反光")
    make.registered(batch, chief)
    with pytest.raises(Refused) as refused:
        add_photo(make.workers_of(batch)[0], make.picture_bytes(), by=contact)
    assert refused.value.code == "settled"


def test_a_photo_is_made_small_and_a_text_is_none(batch, contact):
    worker = make.workers_of(batch)[0]
    add_photo(worker, make.picture_bytes(size=(3000, 4000), kind="JPEG"), by=contact)
    worker.refresh_from_db()
    assert (worker.photo.width, worker.photo.height) == (480, 640)
    with pytest.raises(Refused) as refused:
        add_photo(worker, b"no picture", by=contact)
    assert refused.value.code == "unreadable_file"
