"""Deciding on workers, one or many at once: checked, to be corrected, registered, left."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liaison.accounts.models import Unit, User
from liaison.audit.record import record
from liaison.core.identifiers import without_numbers
from liaison.core.refused import Conflict, Refused
from liaison.notices.actions import notify
from workers.keeping import batches
from workers.models import Batch, CertificateNumbering, Worker
from workers.rights import must_decide
from workers.workflow import MOVES, Move, Status

NAMED = 5
# Of which the enterprise is told.
TOLD = {"correct": "workers.correction", "register": "workers.registered"}


@transaction.atomic
def mark_workers(
    wanted: Collection[UUID], move: str, *, by: User, unit: Unit, reason: str = ""
) -> int:
    """Do this to exactly these workers of the station, or to none of them; how many.

    Raises Refused for a missing reason or photo, Conflict when one of them no longer is as shown.
    """
    must_decide(by, unit)
    step = MOVES[move]
    # A number does not belong into a reason, which is read in many places.
    reason = without_numbers(reason.strip())
    if step.reason and not reason:
        raise Refused("missing", _("Say what is to be corrected."), field="reason")
    if len(reason) > 200:
        raise Refused("too_long", _("At most %(n)d characters.") % {"n": 200}, field="reason")
    if not wanted:
        raise Refused("nobody", _("Choose at least one worker."), field="workers")
    rows = _those(wanted, unit)
    _must_fit(rows, step)
    _write(rows, step, reason=reason, unit=unit)
    by_batch: dict[int, list[Worker]] = {}
    for row in rows:
        by_batch.setdefault(row.batch_id, []).append(row)
    for batch in Batch.objects.filter(pk__in=by_batch).order_by("pk"):
        theirs = by_batch[batch.pk]
        changes = {"workers": len(theirs), "numbers": [one.number for one in theirs][:200]}
        if reason:
            changes["reason"] = reason
        record(f"workers.{step.name}", batch, by=by, unit=unit, changes=changes)
        if step.name in TOLD:
            _tell(batch, theirs, step, reason=reason, by=by)
    return len(rows)


def _those(wanted: Collection[UUID], unit: Unit) -> list[Worker]:
    """Written unchanged first and in one order: two people deciding take turns."""
    keys = sorted(set(wanted))
    found: list[Worker] = []
    for some in batches(keys):
        mine = Worker.objects.filter(pk__in=some, unit=unit)
        mine.update(number=F("number"))
        found += mine.defer("sealed").order_by("batch_id", "number")
    if len(found) < len(keys):
        raise Refused("not_found", _("One of the workers is not there any more."), field="workers")
    return sorted(found, key=lambda one: (one.batch_id, one.number))


def _must_fit(rows: Sequence[Worker], step: Move) -> None:
    if wrong := [row for row in rows if row.status not in step.sources]:
        raise Conflict(
            "wrong_status",
            _("“%(move)s” does not fit everybody chosen, as things stand now: %(who)s.")
            % {
                "move": step.label,
                "who": "、".join(
                    f"{one.name} ({one.get_status_display()})" for one in wrong[:NAMED]
                ),
            },
        )
    if step.photo and (without := [row for row in rows if row.photo_id is None]):
        raise Refused(
            "no_photo",
            ngettext(
                "%(n)d has no photo yet, which the certificate shows: %(who)s.",
                "%(n)d have no photo yet, which the certificate shows: %(who)s.",
                len(without),
            )
            % {"n": len(without), "who": "、".join(one.name for one in without[:NAMED])},
            field="workers",
        )


def _write(rows: Sequence[Worker], step: Move, *, reason: str, unit: Unit) -> None:
    now = timezone.now()
    today = timezone.localdate(now)
    for row in rows:
        row.status, row.changed_at = step.target, now
        # Why it was to be corrected is over; why somebody left may be said.
        row.reason = reason
    if step.target == Status.LEFT:
        for row in rows:
            row.left_on = today
    if step.target == Status.REGISTERED:
        for row, number in zip(rows, _numbers(unit, today.year, len(rows)), strict=True):
            row.certificate, row.registered_on = number, today
    fields = ("status", "changed_at", "reason", "left_on", "certificate", "registered_on")
    Worker.objects.bulk_update(rows, fields, batch_size=100)


def _numbers(unit: Unit, year: int, count: int) -> list[str]:
    """The station's next certificate numbers. The row's lock makes two callers take turns."""
    CertificateNumbering.objects.get_or_create(unit=unit, year=year)
    rows = CertificateNumbering.objects.filter(unit=unit, year=year)
    rows.update(last=F("last") + count)
    last = rows.get().last
    return [f"{unit.code}-LD{year}-{n:05d}" for n in range(last - count + 1, last + 1)]


def _tell(batch: Batch, rows: Sequence[Worker], step: Move, *, reason: str, by: User) -> None:
    """The enterprise's contacts who sign in. Names only, never a number."""
    people = User.objects.filter(
        contact_for__enterprise=batch.enterprise_id, contact_for__left_on__isnull=True
    ).distinct()
    names = "、".join(row.name for row in rows[:NAMED])
    with translation.override(settings.LANGUAGE_CODE):
        n = len(rows)
        if step.name == "correct":
            title = ngettext(
                "%(n)d worker is to be corrected", "%(n)d workers are to be corrected", n
            )
        else:
            title = ngettext("%(n)d worker is registered", "%(n)d workers are registered", n)
        text = names if n <= NAMED else _("%(names)s and others") % {"names": names}
        if reason:
            text = f"{text}\n{reason}"
        notify(
            people,
            occasion=f"{TOLD[step.name]}:{batch.pk}:{timezone.now().timestamp()}",
            kind=TOLD[step.name],
            title=title % {"n": n},
            text=text,
            url=reverse("portal_worker_batch", args=(batch.pk,)),
            by=by,
        )
