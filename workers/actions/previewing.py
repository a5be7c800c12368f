"""A list on its way in: read, checked, sealed; nothing is registered yet."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from liaison.accounts.models import User
from liaison.core.identifiers import without_numbers
from liaison.core.refused import Refused
from liaison.core.sealing import blind_index
from liaison.core.sheets import Sheet, UnreadableSheet, read_sheet
from workers.actions.photos import Picture, put_photos, take_pictures
from workers.checking.cells import cells_of
from workers.checking.headings import ALIASES, OURS
from workers.checking.planning import TAKEN, Planned, plan_lines
from workers.checking.rows import Line, read_line
from workers.keeping import BATCH, find_known, id_scope, line_of, photo_index, seal_cells
from workers.models import Batch, BatchFile, BatchRow
from workers.rights import must_hand_in


@dataclass(frozen=True)
class Earlier:
    """A row given back before: its id, and whether it has a photo already."""

    pk: UUID
    has_photo: bool


def preview_list(
    enterprise: Enterprise,
    content: bytes,
    filename: str,
    *,
    by: User,
    batch: Batch | None = None,
    wants_photos: bool = False,
    archive: bytes = b"",
) -> BatchFile:
    """Say row by row what is wrong and what would go in; what the file says is kept sealed.

    With a ``batch`` the rows are for that one: repaired ones, or more of them. ``archive`` is a
    ZIP of photos. Raises ``UnreadableSheet`` for a file that is no such list, Refused otherwise.
    """
    must_hand_in(by, enterprise)
    # Before the transaction: on SQLite it would hold the write lock all the while.
    sheet = _read(content, filename)
    lines = _lines(sheet)
    pictures = take_pictures(archive, by=by) if archive else []
    with transaction.atomic():
        batch = _open_batch(enterprise, batch, by=by)
        earlier = _earlier(batch)
        _must_not_lose_good_rows(batch, lines)
        batch.files.filter(state=BatchFile.State.PREVIEW).update(state=BatchFile.State.DISCARDED)
        BatchRow.objects.filter(file__batch=batch, file__state="discarded").delete()
        file = BatchFile.objects.create(
            batch=batch,
            by=by,
            filename=without_numbers(filename.encode("utf-8", "replace").decode())[-200:],
            layout=[
                [without_numbers(one) for one in pair]
                for pair in sheet.layout.items()
                if pair[0] not in OURS
            ],
            notes=_notes(sheet),
            wants_photos=wants_photos,
        )
        rows = _rows(file, lines, earlier)
        _plan(file, rows, lines, earlier, set())
        BatchRow.objects.bulk_create(rows, batch_size=BATCH)
        if pictures:
            _with_pictures(file, pictures, by=by)
    return file


def check_again(file: BatchFile) -> None:
    """Judge the rows of a preview anew: photos have come, or others were registered meanwhile."""
    rows = list(file.rows.order_by("number"))
    today = timezone.localdate()
    lines = [line_of(row, today=today) for row in rows]
    _plan(file, rows, lines, _earlier(file.batch), {row.number for row in rows if row.photo_id})
    BatchRow.objects.bulk_update(rows, ("outcome", "messages"), batch_size=100)


def _read(content: bytes, filename: str) -> Sheet:
    sheet = read_sheet(content, filename, aliases=ALIASES)
    for name in ("name", "id_number"):
        if name not in sheet.columns:
            raise UnreadableSheet(
                f"no_{name}",
                _("No column is headed “%(heading)s”.") % {"heading": ALIASES[name][0]},
            )
    if not sheet.rows:
        raise UnreadableSheet("no_rows", _("Below the headings there is no row."))
    if len(sheet.rows) > settings.WORKERS_MOST_ROWS:
        raise UnreadableSheet(
            "too_many",
            _("At most %(most)d workers in one list; this one has %(count)d. Divide it.")
            % {"most": settings.WORKERS_MOST_ROWS, "count": len(sheet.rows)},
        )
    return sheet


def _lines(sheet: Sheet) -> list[Line]:
    today: date = timezone.localdate()
    return [read_line(row.number, cells_of(row), today=today) for row in sheet.rows]


def _notes(sheet: Sheet) -> list[str]:
    notes = []
    own = [one for one in sheet.unknown_headings if one not in OURS]
    if own:
        notes.append(
            _("Columns of your own, kept only in rows that are given back: %s.")
            % without_numbers("、".join(own))
        )
    if sheet.doubled_headings:
        notes.append(
            _("Columns left out because an earlier one means the same: %s.")
            % without_numbers("、".join(sheet.doubled_headings))
        )
    return notes


def _open_batch(enterprise: Enterprise, batch: Batch | None, *, by: User) -> Batch:
    if batch is None:
        return Batch.objects.create(unit=enterprise.unit, enterprise=enterprise, by=by)
    # Written unchanged: two files for one batch take turns.
    Batch.objects.filter(pk=batch.pk).update(last_number=F("last_number"))
    batch = Batch.objects.select_related("enterprise", "unit").get(pk=batch.pk)
    if batch.enterprise_id != enterprise.pk:
        raise Refused("not_yours", _("This batch is of another enterprise."))
    if batch.state == Batch.State.DISCARDED or batch.rejected_at:
        raise Refused("ended", _("This batch has ended; begin another."), field="file")
    return batch


def _earlier(batch: Batch) -> dict[str, Earlier]:
    """Rows given back, by the mark that stands in the list."""
    given_back = BatchRow.objects.all().given_back(batch)
    return {
        mark_of(file, number): Earlier(pk, photo is not None)
        for pk, file, number, photo in given_back.values_list("pk", "file", "number", "photo")
    }


def mark_of(file: int, number: int) -> str:
    """What a row that is given back is known by when it comes again."""
    return f"{file}-{number}"


def _must_not_lose_good_rows(batch: Batch, lines: list[Line]) -> None:
    preview = batch.files.filter(state=BatchFile.State.PREVIEW).first()
    if preview is None or not preview.rows.filter(outcome__in=TAKEN).exists():
        return
    if any(line.mark.startswith(f"{preview.pk}-") for line in lines):
        raise Refused(
            "good_rows_wait",
            _("Take the good rows in first; then the repaired ones can be added to them."),
            field="file",
        )


def _rows(file: BatchFile, lines: list[Line], earlier: dict[str, Earlier]) -> list[BatchRow]:
    enterprise = file.batch.enterprise
    rows = []
    for line in lines:
        row = BatchRow(file=file, number=line.number)
        cells = {name: one for name, one in line.cells.items() if name != "why"}
        row.sealed = seal_cells(row, cells)
        if line.id_number:
            row.id_index = blind_index(line.id_number, scope=id_scope(enterprise.unit_id))
        if key := line.photo or line.id_number:
            row.photo_index = photo_index(enterprise, key)
        if found := earlier.get(line.mark):
            row.repairs = found.pk
        rows.append(row)
    return rows


def _plan(
    file: BatchFile,
    rows: list[BatchRow],
    lines: list[Line],
    earlier: dict[str, Earlier],
    has_photo: set[int],
) -> list[Planned]:
    with_photo = {one.pk for one in earlier.values() if one.has_photo}
    plan = plan_lines(
        lines,
        find_known(file.batch.enterprise, [line.id_number for line in lines if line.id_number]),
        has_photo=frozenset(has_photo) | {row.number for row in rows if row.repairs in with_photo},
        wants_photos=file.wants_photos,
    )
    for row, planned in zip(rows, plan, strict=True):
        row.outcome, row.messages = planned.outcome, planned.line.messages
    return plan


def _with_pictures(file: BatchFile, pictures: list[Picture], *, by: User) -> None:
    put_photos(file.batch, pictures, by=by)
    check_again(file)
