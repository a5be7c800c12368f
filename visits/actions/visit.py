"""Writing down a visit and what it brought."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.actions import note_contact
from enterprises.models import Contact, Enterprise
from issues.actions import raise_issue
from issues.actions.engine import Proven
from issues.models import Issue, IssueKind, Level
from liaison.accounts.models import OFFICERS, Kind, User
from liaison.accounts.people import hold_still
from liaison.audit.record import record
from liaison.core.refused import Conflict, Refused
from liaison.evidence.actions import not_of_a_visit, take
from liaison.whereabouts.position import Position
from visits.actions.placing import keep_place
from visits.actions.sending import Sending
from visits.models import (
    Channel,
    Finding,
    Front,
    Inspection,
    OfficerRole,
    Promise,
    Visit,
    VisitFile,
)

# Two entries to one enterprise within this time want a reason (domain notes: no needless
# disturbance).
SOON = timedelta(days=7)
# Older than this a date is a slip of the pen.
LONG_AGO = timedelta(days=3660)
# Of the visit itself; findings have their own.
MOST_FILES = 20


@dataclass(frozen=True)
class Found:
    """A finding on its way to becoming a bill line."""

    kind: IssueKind
    title: str
    text: str = ""
    level: str = Level.ORDINARY
    files: tuple[Proven, ...] = ()


@dataclass(frozen=True)
class Promised:
    text: str
    due_on: date | None = None


@transaction.atomic
def log_visit(
    enterprise: Enterprise,
    *,
    by: User,
    channel: str,
    happened_at: datetime,
    contact: Contact | None = None,
    met: str = "",
    roles: Sequence[str] = (),
    fronts: Sequence[str] = (),
    summary: str = "",
    findings: Sequence[Found] = (),
    promises: Sequence[Promised] = (),
    position: Position | None = None,
    files: Sequence[UUID] = (),
    client_id: UUID | None = None,
) -> Visit:
    """Record a contact, open a bill line for each finding and reset the contact clocks.

    ``files`` are uploads of one's own that become the visit's, in their order: at most MOST_FILES,
    pictures and voice notes only.

    ``client_id`` makes it safe to send again: the same person, id and content answer with the
    visit that is there; other content under the id is a Conflict. A visit in the future is
    refused, an old one typed in later never silences what is due since.

    A ``position`` never has the visit refused: where it may not be kept it is left out, and
    ``visit.left_out`` says why (``whereabouts.keeping.LeftOut``, "" when it was kept or none was
    sent). It is no part of the content that ``client_id`` stands for, and the first one sent holds:
    a hash of it would outlive the coordinates, and metres about a known gate are soon tried out.
    """
    body = fingerprint(
        enterprise,
        channel,
        happened_at,
        contact,
        met,
        roles,
        fronts,
        summary,
        findings,
        promises,
        files,
    )
    reused = _("This id was used for another visit.")
    sending = Sending(Visit, by, client_id or uuid4(), body, reused, "visit")
    if earlier := sending.earlier():
        return earlier
    if position is not None:
        # Nobody takes a consent back between our asking for it and the writing.
        hold_still(by)
    must_be_in_the_field(enterprise, by=by)
    must_be_live(enterprise)
    if channel not in Channel.values:
        raise Refused("invalid", _("Choose how the enterprise was reached."), field="channel")
    must_be_past(happened_at)
    if unknown := [role for role in roles if role not in OfficerRole.values]:
        raise Refused("invalid", _("Unknown role: %s.") % unknown[0], field="roles")
    if unknown := [front for front in fronts if front not in Front.values]:
        raise Refused("invalid", _("Unknown front: %s.") % unknown[0], field="fronts")
    if not (contact or met.strip() or summary.strip() or roles or findings or files):
        # Pressing a button is no visit.
        raise Refused(
            "nothing_said", _("Say who was met, or what was seen and said."), field="summary"
        )
    if contact is not None and contact.enterprise_id != enterprise.pk:
        raise Refused("invalid", _("This contact belongs elsewhere."), field="contact")
    if len(files) > MOST_FILES:
        raise Refused(
            "too_many",
            _("At most %(n)d photos and voice notes.") % {"n": MOST_FILES},
            field="evidence",
        )
    visit, new = sending.write(
        enterprise=enterprise,
        unit=enterprise.unit,
        channel=channel,
        happened_at=happened_at,
        contact=contact,
        met=met or (contact.name if contact else ""),
        roles=list(roles),
        fronts=list(fronts),
        summary=summary.strip(),
    )
    if not new:
        return visit
    if position is not None:
        keep_place(position, visit, by=by, on_site=channel == Channel.ON_SITE)
    for issue in raise_found(enterprise, findings, at=happened_at, by=by):
        Finding.objects.create(visit=visit, issue=issue)
    for promise in promises:
        if not promise.text.strip():
            raise Refused("missing", _("Say what was promised."), field="promises")
        if promise.due_on is not None and promise.due_on < timezone.localdate(happened_at):
            raise Refused(
                "past", _("This was promised for a day before the visit."), field="promises"
            )
        Promise.objects.create(
            visit=visit, unit=visit.unit, text=promise.text.strip(), due_on=promise.due_on
        )
    note_contact(enterprise, at=happened_at, on_site=channel == Channel.ON_SITE)
    _keep_files(visit, files, by=by)
    record("visit.logged", visit, by=by, unit=enterprise.unit, changes={"channel": channel})
    return visit


@transaction.atomic
def keep_promise(promise: Promise, *, by: User) -> None:
    """Tick a promise off. Doing so twice is a Conflict, not a second time of keeping it."""
    must_be_in_the_field(promise.visit.enterprise, by=by)
    if not Promise.objects.filter(pk=promise.pk, kept_at__isnull=True).update(
        kept_at=timezone.now()
    ):
        raise Conflict("stale", _("This promise has been ticked off already."))
    record("promise.kept", promise, by=by, unit=promise.visit.unit)


def entry_soon_again(enterprise: Enterprise, happened_at: datetime) -> datetime | None:
    """When the enterprise was last entered, if that is within 7 days of this moment.

    Entries are on-site visits and inspections; a call disturbs nobody.
    """
    window = {"happened_at__gt": happened_at - SOON, "happened_at__lt": happened_at + SOON}
    visit = (
        Visit.objects.filter(enterprise=enterprise, channel=Channel.ON_SITE, **window)
        .order_by("-happened_at")
        .values_list("happened_at", flat=True)
        .first()
    )
    inspection = (
        Inspection.objects.filter(enterprise=enterprise, **window)
        .order_by("-happened_at")
        .values_list("happened_at", flat=True)
        .first()
    )
    return max((at for at in (visit, inspection) if at is not None), default=None)


def raise_found(
    enterprise: Enterprise, findings: Iterable[Found], *, at: datetime, by: User
) -> list[Issue]:
    """A bill line for each finding; its clock runs from the visit, not from the typing in."""
    return [
        raise_issue(
            enterprise,
            kind=found.kind,
            title=found.title,
            text=found.text,
            level=found.level,
            source=Issue.Source.VISIT,
            raised_at=at,
            by=by,
            files=found.files,
        )
        for found in findings
    ]


def _keep_files(visit: Visit, files: Sequence[UUID], *, by: User) -> None:
    uploads = take(files, by=by) if files else []
    for one in uploads:
        if not one.shows_a_visit:
            raise not_of_a_visit(one.name)
    VisitFile.objects.bulk_create(VisitFile(visit=visit, evidence=one) for one in uploads)


def must_be_in_the_field(enterprise: Enterprise, *, by: User) -> None:
    """Officers, chiefs and the desk of the enterprise's station."""
    if by.kind not in (*OFFICERS, Kind.CHIEF, Kind.DESK) or by.unit_id != enterprise.unit_id:
        raise Refused("not_yours", _("Only the station's own people write this down."))


def must_be_live(enterprise: Enterprise) -> None:
    """Nobody visits what is closed down."""
    if not enterprise.is_live:
        raise Refused("closed", _("This enterprise is closed down."), field="enterprise")


def must_be_past(moment: datetime, *, field: str = "happened_at") -> None:
    """What is written down has happened, and not in another age; ``field`` is what says when."""
    now = timezone.now()
    if moment > now:
        raise Refused("future", _("This moment has not come yet."), field=field)
    if moment < now - LONG_AGO:
        raise Refused("long_ago", _("This is too long ago: check the date."), field=field)


def fingerprint(enterprise: Enterprise, *parts: object) -> str:
    """A hash of what was sent, equal for equal content whatever the face that sent it."""

    def plain(part: object) -> object:
        match part:
            case datetime():
                return part.timestamp()
            case Found():
                files = [[str(file.evidence), file.proof] for file in part.files]
                return [part.kind.code, part.title, part.text, part.level, files]
            case Promised():
                return [part.text, str(part.due_on)]
            case Contact():
                return part.pk
            case list() | tuple():
                return [plain(one) for one in part]
        return part

    text = json.dumps([enterprise.pk, *(plain(part) for part in parts)], default=str)
    return hashlib.sha256(text.encode()).hexdigest()
