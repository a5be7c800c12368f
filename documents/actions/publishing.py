"""Publishing a document to enterprises, and taking it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from documents.audience import Audience, reachable_by
from documents.deadlines import acknowledge_next
from documents.models import Addressed, Document, DocumentFile
from documents.notices import tell_published
from liaison.accounts.models import OVERSEERS, User
from liaison.audit.record import record
from liaison.core.refused import Conflict, Refused
from liaison.evidence.actions import take

BATCH = 400


@dataclass(frozen=True)
class Draft:
    """What is to be said; ``agreed`` is how many enterprises the preview showed."""

    kind: str
    title: str
    text: str
    audience: Audience
    acknowledge_by: date | None = None
    agreed: int | None = None


@transaction.atomic
def publish(
    draft: Draft, *, by: User, files: Sequence[UUID] = (), replaces: Document | None = None
) -> Document:
    """Publish to the enterprises that the audience means now, a row each, and tell their contacts.

    Raises Refused("not_allowed" | "missing" | "invalid" | "past" | "nobody" | "withdrawn",
    field=...), and a Conflict when the audience is no longer as many as the preview showed, or
    somebody else has replaced the same document.
    """
    if not by.is_station_staff or by.unit is None:
        raise Refused("not_allowed", _("Only a station writes to its enterprises."))
    _must_be_whole(draft, has_files=bool(files))
    enterprises = list(draft.audience.among(reachable_by(by)).order_by("pk"))
    if not enterprises:
        raise Refused("nobody", _("This is for no enterprise at all."), field="how")
    if draft.agreed is not None and draft.agreed != len(enterprises):
        raise Conflict(
            "other_audience",
            _("It is for %(n)d enterprises now, not %(before)d: look again.")
            % {"n": len(enterprises), "before": draft.agreed},
            details={"agreed": len(enterprises)},
        )
    now = timezone.now()
    document = Document(
        unit=by.unit,
        kind=draft.kind,
        title=draft.title.strip(),
        text=draft.text.strip(),
        audience=draft.audience.kept(),
        acknowledge_by=draft.acknowledge_by,
        published_at=now,
        published_by=by,
        replaces=_replaced(replaces, by),
        next_reminder_at=(
            acknowledge_next(draft.acknowledge_by, now) if draft.acknowledge_by else None
        ),
    )
    try:
        with transaction.atomic():
            document.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict("replaced", _("Somebody has just replaced this document.")) from error
    Addressed.objects.bulk_create(
        [Addressed(document=document, enterprise=one) for one in enterprises], batch_size=BATCH
    )
    for evidence in take(files, by=by):
        DocumentFile.objects.create(document=document, evidence=evidence)
    if replaces is not None:
        # Whoever has not answered the old one answers the new one.
        Document.objects.filter(pk=replaces.pk).update(next_reminder_at=None)
    changes = {"enterprises": len(enterprises)}
    record("document.published", document, by=by, unit=by.unit, changes=changes)
    tell_published(document)
    return document


def may_withdraw(document: Document, by: User) -> bool:
    """Whoever published it, and the station's desk and chiefs."""
    if not by.is_active or by.unit_id != document.unit_id or not by.is_station_staff:
        return False
    return by.kind in OVERSEERS or by.pk == document.published_by_id


@transaction.atomic
def withdraw(document: Document, *, by: User, reason: str) -> None:
    """From now on no contact reads it. Raises Refused("not_allowed" | "missing" | "too_long") or a
    Conflict when it was withdrawn already."""
    if not may_withdraw(document, by):
        raise Refused("not_allowed", _("Only whoever published it, the desk or a chief may."))
    reason = reason.strip()
    if not reason:
        raise Refused("missing", _("Say why it is withdrawn."), field="reason")
    if len(reason) > 200:
        raise Refused("too_long", _("At most %(n)d characters.") % {"n": 200}, field="reason")
    there = Document.objects.filter(pk=document.pk, withdrawn_at__isnull=True)
    if not there.update(
        withdrawn_at=timezone.now(), withdrawn_by=by, withdrawn_because=reason,
        next_reminder_at=None,
    ):  # fmt: skip
        raise Conflict("withdrawn", _("It is withdrawn already."))
    record("document.withdrawn", document, by=by, unit=document.unit, changes={"why": reason})


def _replaced(replaces: Document | None, by: User) -> Document | None:
    if replaces is None:
        return None
    if not may_withdraw(replaces, by):
        raise Refused("not_allowed", _("Only whoever published it, the desk or a chief may."))
    if Document.objects.filter(pk=replaces.pk, withdrawn_at__isnull=False).exists():
        raise Refused("withdrawn", _("What is withdrawn is not replaced: publish a new one."))
    return replaces


def _must_be_whole(draft: Draft, *, has_files: bool) -> None:
    if draft.kind not in Document.Kind.values:
        raise Refused("invalid", _("There is no such kind."), field="kind")
    if not draft.title.strip():
        raise Refused("missing", _("It needs a title."), field="title")
    for name, most in (("title", 120), ("text", 8000)):
        if len(getattr(draft, name)) > most:
            raise Refused("too_long", _("At most %(n)d characters.") % {"n": most}, field=name)
    if draft.kind == Document.Kind.FORM and not has_files:
        raise Refused("missing", _("A form needs its file."), field="file_")
    if not draft.text.strip() and not has_files:
        raise Refused("missing", _("Write something, or add a file."), field="text")
    if draft.audience.names_nothing:
        raise Refused("missing", _("Say which enterprises."), field="how")
    if draft.acknowledge_by is not None and draft.acknowledge_by <= timezone.localdate():
        raise Refused("past", _("Ask for an answer by a day after today."), field="acknowledge_by")
