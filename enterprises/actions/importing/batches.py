"""A file on its way in: preview, then apply or discard."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.actions.enterprise import must_oversee
from enterprises.actions.importing.carrying import (
    BATCH,
    carry_out,
    changed_since,
    known_at,
    one_import_at_a_time,
)
from enterprises.importing.planning import Outcome, Planned, Planner, counts_of
from enterprises.importing.reading import EnterpriseList, read_list
from enterprises.importing.rows import CleanRow
from enterprises.models import ImportBatch, ImportRow
from liaison.accounts.models import Unit, User
from liaison.audit.record import record
from liaison.core.collecting import without_collecting
from liaison.core.refused import Conflict

State = ImportBatch.State
WRITES = (Outcome.CREATED, Outcome.UPDATED)
# How often the command plans anew when somebody changes the list while it writes.
TRIES = 3
# A list is agreed to within days, or never.
KEEPS_PREVIEWS = timedelta(days=7)


def preview_import(unit: Unit, content: bytes, filename: str, *, by: User) -> ImportBatch:
    """Say row by row what the file would do; nothing but the preview itself is written.

    Raises ``UnreadableSheet`` for a file that is no list.
    """
    must_oversee(by, unit)
    # Before the transaction: on SQLite it would hold the write lock all the while.
    found = read_list(content, filename)
    plan = Planner(known_at(unit)).plan(found.rows)
    with transaction.atomic():
        batch = _batch(unit, content, filename, found, by=by, state=State.PREVIEW)
        _store(batch, found.rows, plan)
    return batch


@without_collecting()
def import_list(
    unit: Unit, content: bytes, filename: str, *, by: User | None, dry_run: bool = False
) -> list[Planned]:
    """Read, plan and carry out in one go, for the command line. Returns the plan.

    All rows that are not refused go in, or none. Raises ``UnreadableSheet``, and Conflict when
    others keep changing the list meanwhile.
    """
    if by is not None:
        must_oversee(by, unit)
    found = read_list(content, filename)
    if dry_run:
        return Planner(known_at(unit)).plan(found.rows)
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                one_import_at_a_time(unit)
                batch = _batch(unit, content, filename, found, by=by, state=State.APPLIED)
                plan = Planner(known_at(unit)).plan(found.rows)
                carry_out(unit, plan, by=by)
                _store(batch, found.rows, plan)
                _record(batch, plan, by=by)
            break
        except Conflict:
            if not left:
                raise
    return plan


@transaction.atomic
def apply_import(batch: ImportBatch, *, by: User) -> None:
    """Do what the preview says, all of it or nothing.

    When the station's list has changed so that the same file would now do something else, it is a
    Conflict: :func:`renew_preview` then shows what it would do, to be agreed to again.
    """
    must_oversee(by, batch.unit)
    claim(batch, State.PREVIEW, state=State.APPLIED, applied_at=timezone.now())
    one_import_at_a_time(batch.unit)
    stored = list(batch.rows.order_by("number"))
    rows = [_clean(one) for one in stored]
    plan = Planner(known_at(batch.unit)).plan(rows)
    if any(_differs(one, was) for one, was in zip(plan, stored, strict=True)):
        raise changed_since()
    carry_out(batch.unit, plan, by=by)
    # What was written is known only now: ids, versions.
    batch.rows.filter(outcome__in=WRITES).delete()
    written = [pair for pair in zip(rows, plan, strict=True) if pair[1].outcome in WRITES]
    _store(batch, [row for row, _one in written], [one for _row, one in written])
    _record(batch, plan, by=by)


@transaction.atomic
def renew_preview(batch: ImportBatch, *, by: User) -> None:
    """Plan the same file again against the list as it is now."""
    must_oversee(by, batch.unit)
    claim(batch, State.PREVIEW, made_at=timezone.now())
    rows = [_clean(one) for one in batch.rows.order_by("number")]
    batch.rows.all().delete()
    _store(batch, rows, Planner(known_at(batch.unit)).plan(rows))


@transaction.atomic
def discard_import(batch: ImportBatch, *, by: User) -> None:
    """No: nothing was written, nothing will be, and what the file said is forgotten."""
    must_oversee(by, batch.unit)
    claim(batch, State.PREVIEW, state=State.DISCARDED)
    batch.rows.all().delete()


def discard_old_previews(now: datetime) -> dict[str, int]:
    """Discard what was looked at and never agreed to, and in time no longer will be; how many."""
    old = ImportBatch.objects.filter(state=State.PREVIEW, made_at__lt=now - KEEPS_PREVIEWS)
    done = 0
    for pk in list(old.values_list("pk", flat=True)):
        with transaction.atomic():
            # Asked again: somebody may have agreed to it, or planned it anew, since.
            if old.filter(pk=pk).update(state=State.DISCARDED):
                ImportRow.objects.filter(batch=pk).delete()
                done += 1
    return {"previews": done}


def _batch(
    unit: Unit,
    content: bytes,
    filename: str,
    found: EnterpriseList,
    *,
    by: User | None,
    state: str,
) -> ImportBatch:
    return ImportBatch.objects.create(
        unit=unit,
        by=by,
        # A name that is no UTF-8, as archives from elsewhere have them, cannot be kept as it is.
        filename=filename.encode("utf-8", "replace").decode()[-200:],
        sha256=hashlib.sha256(content).hexdigest(),
        state=state,
        applied_at=timezone.now() if state == State.APPLIED else None,
        notes=found.notes,
    )


def claim(batch: ImportBatch, expected: str, **changes: Any) -> None:
    """Of two people one decides; the other hears that it is done."""
    if not ImportBatch.objects.filter(pk=batch.pk, state=expected).update(**changes):
        now = ImportBatch.objects.get(pk=batch.pk)
        raise Conflict(
            "stale",
            _("This import is “%(state)s” already.") % {"state": now.get_state_display()},
            details={"state": now.state},
        )
    for name, value in changes.items():
        setattr(batch, name, value)


def _store(batch: ImportBatch, rows: Iterable[CleanRow], plan: Iterable[Planned]) -> None:
    ImportRow.objects.bulk_create(
        [
            ImportRow(
                batch=batch,
                number=one.number,
                outcome=one.outcome,
                enterprise_id=one.known.pk if one.known else None,
                values=_values(row, one),
                changes=one.changes,
                messages=one.messages,
            )
            for row, one in zip(rows, plan, strict=True)
        ],
        batch_size=BATCH,
    )


def _values(row: CleanRow, one: Planned) -> dict[str, Any]:
    """What is needed to plan the row again; a refused one is also shown as it stands in the file.

    ``read`` tells how many of the messages came from reading it. For undo: ``version`` is what an
    enterprise had before, ``ended`` the places of officers that ended with it.
    """
    values: dict[str, Any] = {
        "fields": row.fields,
        "contacts": row.contacts,
        "lines": row.lines,
        "read": len(row.messages),
    }
    if one.outcome == Outcome.REFUSED:
        values["raw"] = row.raw
    if one.outcome == Outcome.UPDATED and one.known:
        values["version"] = one.known.version
        values["ended"] = one.ended
    return values


def _clean(stored: ImportRow) -> CleanRow:
    values = stored.values
    return CleanRow(
        stored.number,
        values["fields"],
        values["contacts"],
        [(heading, text) for heading, text in values["lines"]],
        values.get("raw", {}),
        stored.messages[: values["read"]],
    )


def _differs(one: Planned, stored: ImportRow) -> bool:
    pk = one.known.pk if one.known else None
    return (one.outcome, pk, one.changes) != (stored.outcome, stored.enterprise_id, stored.changes)


def _record(batch: ImportBatch, plan: Sequence[Planned], *, by: User | None) -> None:
    record("enterprises.imported", batch, by=by, unit=batch.unit, changes=counts_of(plan))
