"""Handing a checked list in: all good rows at once, or nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enterprises.actions.enterprise import take_turns
from issues.actions import note_on_issue, raise_issue
from issues.models import Issue, IssueKind, Level
from issues.roles import roles_of
from issues.workflow import MOVES
from liaison.accounts.models import Unit, User
from liaison.audit.record import record
from liaison.core.identifiers import mask_resident_id
from liaison.core.refused import Conflict, Refused
from liaison.core.sealing import blind_index, seal
from workers.actions.previewing import check_again
from workers.checking.planning import TAKEN, Known, plan_lines
from workers.checking.rows import Line
from workers.keeping import BATCH, batches, find_known, id_scope, line_of, photo_index
from workers.models import Batch, BatchFile, BatchRow, Worker
from workers.rights import must_hand_in
from workers.sealed import sealed_details
from workers.workflow import Status

Outcome = BatchRow.Outcome
State = BatchFile.State
KIND = "approval"
# A list is agreed to within days, or never.
KEEPS_PREVIEWS = timedelta(days=7)


@dataclass(frozen=True)
class HandedIn:
    """How many went in anew, corrected earlier ones, were there already, and came back."""

    new: int
    corrected: int
    unchanged: int
    given_back: int


def apply_file(file: BatchFile, *, by: User, changed_over: bool = False) -> HandedIn:
    """Register what the preview calls good; the rest waits to be repaired.

    ``changed_over`` says that those registered elsewhere work here now; else they come back. When
    others were registered meanwhile, so that the list would now do something else, it is a
    Conflict: :func:`renew_preview` then shows what it would do.
    """
    try:
        with transaction.atomic():
            return _apply(file, by=by, changed_over=changed_over)
    except IntegrityError as error:
        # Somebody of the same number came in beside us.
        raise _changed() from error


@transaction.atomic
def renew_preview(file: BatchFile, *, by: User) -> None:
    """Judge the same rows by what is registered now."""
    must_hand_in(by, file.batch.enterprise)
    _claim(file, made_at=timezone.now())
    check_again(file)


@transaction.atomic
def discard_file(file: BatchFile, *, by: User) -> None:
    """No: nothing was registered, and what the list said is forgotten."""
    must_hand_in(by, file.batch.enterprise)
    _claim(file, state=State.DISCARDED)
    _forget(file)


def discard_old_previews(now: datetime) -> int:
    """Forget lists that were looked at and never handed in; how many."""
    old = BatchFile.objects.filter(state=State.PREVIEW, made_at__lt=now - KEEPS_PREVIEWS)
    done = 0
    for file in list(old.select_related("batch")):
        with transaction.atomic():
            # Asked again: somebody may have handed it in since.
            if old.filter(pk=file.pk).update(state=State.DISCARDED):
                _forget(file)
                done += 1
    return done


def _forget(file: BatchFile) -> None:
    file.rows.all().delete()
    Batch.objects.filter(pk=file.batch_id, state=Batch.State.DRAFT).update(
        state=Batch.State.DISCARDED
    )


def _apply(file: BatchFile, *, by: User, changed_over: bool) -> HandedIn:
    enterprise = file.batch.enterprise
    must_hand_in(by, enterprise)
    # One list of the station at a time: whoever comes second is judged by what the first wrote.
    Unit.objects.filter(pk=enterprise.unit_id).update(name=F("name"))
    take_turns(enterprise)
    _claim(file, state=State.APPLIED)
    batch = Batch.objects.select_related("enterprise", "unit", "issue").get(pk=file.batch_id)
    if batch.rejected_at:
        raise Refused("ended", _("This batch has ended; begin another."))
    rows = list(file.rows.order_by("number"))
    judged = _judged(file, rows)
    takes: set[str] = {*TAKEN, Outcome.ASKS} if changed_over else {*TAKEN}
    taken = [row for row in rows if row.outcome in takes]
    if not taken:
        raise Refused("nothing_good", _("There is no row that could be handed in."))
    photos = _photos(rows)
    new = [row for row in taken if row.outcome != Outcome.CORRECTED]
    corrected = [row for row in taken if row.outcome == Outcome.CORRECTED]
    _create(batch, [(judged[row.number][0], photos.get(row.pk)) for row in new])
    for row in corrected:
        line, known = judged[row.number]
        if known is None:
            raise ValueError("a row that corrects must say whom")
        _correct(batch, line, known, photos.get(row.pk))
    _move_photos(rows, photos)
    _tidy(file, rows, takes)
    left = BatchRow.objects.all().given_back(batch).count()
    unchanged = sum(row.outcome == Outcome.UNCHANGED for row in rows)
    done = HandedIn(len(new), len(corrected), unchanged, left)
    _give_a_clock(batch, len(taken), by=by)
    record(
        "workers.handed_in",
        batch,
        by=by,
        unit=batch.unit,
        changes={"new": done.new, "corrected": done.corrected, "given_back": left},
    )
    return done


def _claim(file: BatchFile, **changes: Any) -> None:
    """Of two people one decides; the other hears that it is done."""
    if not BatchFile.objects.filter(pk=file.pk, state=State.PREVIEW).update(**changes):
        now = BatchFile.objects.get(pk=file.pk)
        raise Conflict(
            "stale",
            _("This list is “%(state)s” already.") % {"state": now.get_state_display()},
            details={"state": now.state},
        )


def _judged(file: BatchFile, rows: list[BatchRow]) -> dict[int, tuple[Line, Known | None]]:
    """Each row judged once more; it must come to what was shown."""
    today = timezone.localdate()
    lines = [line_of(row, today=today) for row in rows]
    repaired = [row.repairs for row in rows if row.repairs]
    with_photo = set(
        BatchRow.objects.filter(pk__in=repaired, photo__isnull=False).values_list("pk", flat=True)
    )
    plan = plan_lines(
        lines,
        find_known(file.batch.enterprise, [line.id_number for line in lines if line.id_number]),
        has_photo=frozenset(
            row.number for row in rows if row.photo_id or row.repairs in with_photo
        ),
        wants_photos=file.wants_photos,
    )
    if any(one.outcome != row.outcome for one, row in zip(plan, rows, strict=True)):
        raise _changed()
    return {one.line.number: (one.line, one.known) for one in plan}


def _photos(rows: list[BatchRow]) -> dict[UUID, UUID]:
    """Each row's photo: its own, or that of the row which it repairs."""
    repaired = [row.repairs for row in rows if row.repairs]
    earlier = dict(
        BatchRow.objects.filter(pk__in=repaired, photo__isnull=False).values_list("pk", "photo")
    )
    found = {
        row.pk: row.photo_id or (earlier.get(row.repairs) if row.repairs else None) for row in rows
    }
    return {pk: photo for pk, photo in found.items() if photo}


def _create(batch: Batch, found: list[tuple[Line, UUID | None]]) -> None:
    Batch.objects.filter(pk=batch.pk).update(last_number=F("last_number") + len(found))
    batch.refresh_from_db(fields=["last_number"])
    first, now = batch.last_number - len(found) + 1, timezone.now()
    made = []
    for number, (line, photo) in enumerate(found, first):
        worker = Worker(
            unit_id=batch.unit_id,
            enterprise_id=batch.enterprise_id,
            batch=batch,
            number=number,
            photo_id=photo,
            changed_at=now,
        )
        _fill(worker, line)
        made.append(worker)
    Worker.objects.bulk_create(made, batch_size=BATCH)


def _fill(worker: Worker, line: Line) -> None:
    worker.name, worker.job, worker.entry_on = line.name, line.job, line.entry_on
    worker.is_juvenile = line.is_juvenile
    worker.sealed = seal(sealed_details(line.sealed_part), row=worker.row)
    worker.id_index = blind_index(line.id_number, scope=id_scope(worker.unit_id))
    worker.id_masked = mask_resident_id(line.id_number)
    worker.photo_index = photo_index(worker.enterprise, line.photo or line.id_number)


def _correct(batch: Batch, line: Line, known: Known, photo: UUID | None) -> None:
    worker = Worker.objects.select_related("enterprise").get(pk=known.worker)
    _fill(worker, line)
    changes: dict[str, Any] = {
        name: getattr(worker, name)
        for name in ("name", "job", "entry_on", "is_juvenile", "sealed", "photo_index")
    }
    if photo:
        changes["photo"] = photo
    won = Worker.objects.filter(pk=worker.pk, status=Status.CORRECTION).update(
        status=Status.SUBMITTED, reason="", changed_at=timezone.now(), **changes
    )
    if not won:
        raise _changed()


def _move_photos(rows: list[BatchRow], photos: dict[UUID, UUID]) -> None:
    """A row that came back again takes along the photo of the one it repairs."""
    kept = [row for row in rows if row.outcome == Outcome.REFUSED and not row.photo_id]
    moving = {
        row.pk: (row.repairs, photos[row.pk]) for row in kept if row.repairs and row.pk in photos
    }
    for pk, (before, photo) in moving.items():
        BatchRow.objects.filter(pk=before).update(photo=None)
        BatchRow.objects.filter(pk=pk).update(photo=photo)


def _tidy(file: BatchFile, rows: list[BatchRow], takes: set[str]) -> None:
    """What went in, or was there already, is no row to be repaired any more."""
    repaired = [row.repairs for row in rows if row.repairs]
    for some in batches(repaired):
        BatchRow.objects.filter(pk__in=some, file__batch=file.batch_id).delete()
    file.rows.filter(outcome__in=[*takes, Outcome.UNCHANGED]).delete()


def _give_a_clock(batch: Batch, taken: int, *, by: User) -> None:
    """A line of the bill for the batch, or a word on the line that it has and that is open."""
    with translation.override(settings.LANGUAGE_CODE):
        title = ngettext("Registration of %(n)d worker", "Registration of %(n)d workers", taken) % {
            "n": taken
        }
        if batch.issue is not None and batch.issue.is_open:
            if MOVES["note"].roles & roles_of(by, batch.issue):
                note = _("More for this batch: %(what)s.") % {"what": title}
                note_on_issue(batch.issue, by=by, note=note)
            return
        issue = raise_issue(
            batch.enterprise,
            kind=IssueKind.objects.get(code=KIND),
            title=title,
            text=_("Worker batch no. %(batch)d, checked line by line and handed in.")
            % {"batch": batch.pk},
            by=by,
            source=Issue.Source.PORTAL if by.is_contact else Issue.Source.DESK,
            level=Level.SIMPLE,
        )
    Batch.objects.filter(pk=batch.pk).update(
        issue=issue,
        state=Batch.State.SUBMITTED,
        submitted_at=batch.submitted_at or timezone.now(),
    )


def _changed() -> Conflict:
    return Conflict(
        "changed",
        _("Others were registered meanwhile; look at the list again before you hand it in."),
    )
