"""How any move is carried out: check, claim, write, tell. The verbs add what is theirs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from issues.actions.clock import clock_set
from issues.models import Attachment, Event, Issue
from issues.roles import roles_of, standing_of
from issues.signals import moved
from issues.workflow import Move, Proof, obstacle
from liaison.accounts.models import User
from liaison.audit.record import record
from liaison.core.refused import Conflict, Refused
from liaison.core.workdays import WorkCalendar
from liaison.evidence.actions import not_a_photo, take
from liaison.evidence.models import Evidence

# What only a picture can show.
PHOTOS = (Proof.BEFORE, Proof.AFTER)


@dataclass(frozen=True)
class Proven:
    """An uploaded file offered with a move; with a close-out proposal one without ``proof``
    takes the next that is wanted, unless it is a voice note."""

    evidence: UUID
    proof: str = ""


def admit(
    issue: Issue,
    move: Move,
    *,
    by: User,
    version: int | None,
    values: Mapping[str, Any],
    files: Sequence[Proven] = (),
) -> Issue:
    """The line as it is now, if this person may make this move on it with these values.

    Raises Conflict for a stale version or another stage, Refused for the wrong person or for
    something missing: then all of it is named at once, evidence too. Nothing is written.
    """
    current = as_it_is(issue, move, version=version)
    if not move.roles & roles_of(by, current):
        raise Refused("not_allowed", _("You may not do this on this line."))
    if move.need and (wrong := obstacle(move, standing_of(by, current))):
        raise Refused(*wrong)
    missing = [
        field for field in move.fields if field.required and values.get(field.name) in (None, "")
    ]
    if missing:
        proofs = missing_proofs(current, fill_gaps(current, files)) if move.proofs else []
        wanted = [str(one.label) for one in missing] + [str(Proof(one).label) for one in proofs]
        raise Refused(
            "missing",
            _("Please fill in: %(what)s.") % {"what": "、".join(wanted)},
            field=missing[0].name,
            details={"missing": [*(one.name for one in missing), *proofs]},
        )
    for field in move.fields:
        value = values.get(field.name)
        if isinstance(value, str) and len(value) > field.max_length:
            raise Refused(
                "too_long",
                _("%(what)s: at most %(n)d characters.")
                % {"what": field.label, "n": field.max_length},
                field=field.name,
            )
    return current


def as_it_is(issue: Issue, move: Move, *, version: int | None) -> Issue:
    """The line as it is now, if it is as the caller saw it and the move fits its stage; whoever
    makes it. Raises Conflict."""
    current = Issue.objects.for_ledger().select_related("policy").get(pk=issue.pk)
    if move.claims and version != current.version:
        raise stale(current)
    if current.stage not in move.sources:
        raise Conflict(
            "wrong_stage",
            _("This cannot be done while the line is “%(stage)s”.")
            % {"stage": current.get_stage_display()},
            details=state_of(current),
        )
    return current


def claim(
    issue: Issue, *, version: int, calendar: WorkCalendar | None = None, **changes: Any
) -> None:
    """Compare-and-set: write only if nobody has moved the line since. Raises Conflict.

    A deadline among the changes brings a ladder of its own along, reckoned by ``calendar``, which
    is read unless the caller has it.
    """
    if "next_due_at" in changes:
        changes |= clock_set(issue, changes, calendar=calendar)
    won = Issue.objects.filter(pk=issue.pk, stage=issue.stage, version=version).update(
        version=F("version") + 1, **changes
    )
    if not won:
        raise stale(Issue.objects.get(pk=issue.pk))
    issue.version += 1
    for name, value in changes.items():
        setattr(issue, name, value)


def write_event(
    issue: Issue,
    name: str,
    *,
    by: User | None,
    from_stage: str,
    public: bool,
    text: str = "",
    values: Mapping[str, Any] | None = None,
    files: Sequence[Proven] = (),
    shows: str = "",
    along: bool = False,
    as_name: str = "",
) -> Event:
    """Add to the timeline, put the files to it, record the audit entry and tell the apps above.

    ``shows`` is what pictures prove that do not say so themselves; ``along`` is a line that goes
    with the rest of what changes hands; ``as_name`` is whose deed it was where there is no account.
    """
    event = Event.objects.create(
        issue=issue,
        at=timezone.now(),
        actor=by,
        actor_name=str(by)[:60] if by else as_name,
        move=name,
        from_stage=from_stage,
        to_stage=issue.stage,
        generation=issue.generation,
        public=public,
        text=text,
        values=dict(values or {}),
    )
    if files and by is not None:
        attach(event, files, by=by, shows=shows)
    record(
        f"issue.{name}",
        issue,
        by=by,
        unit=issue.unit,
        changes={"stage": [from_stage, issue.stage]} if from_stage != issue.stage else {},
    )
    moved.send(Issue, issue=issue, event=event, along=along)
    return event


def written(moment: datetime) -> str:
    """A moment among the values of an event, by the clock in China."""
    return timezone.localtime(moment).isoformat()


def attach(event: Event, files: Sequence[Proven], *, by: User, shows: str = "") -> None:
    """Put one's own uploads to an event. A file belongs to one record for good."""
    uploads = take([file.evidence for file in files], by=by)
    for file, evidence in zip(files, uploads, strict=True):
        if file.proof and file.proof not in Proof.values:
            raise Refused("invalid", _("A file can only prove what is listed."), field="evidence")
        proof = file.proof or (shows if shows and evidence.is_image else Proof.OTHER)
        if proof in PHOTOS and not evidence.is_image:
            raise not_a_photo(str(Proof(proof).label))
        Attachment.objects.create(issue=event.issue, event=event, evidence=evidence, proof=proof)


def put_to(event: Event, uploads: Iterable[Evidence], *, shows: str = "") -> None:
    """Put files to an event that the caller has taken from the record they belonged to."""
    for evidence in uploads:
        proof = shows if shows and evidence.is_image else Proof.OTHER
        Attachment.objects.create(issue=event.issue, event=event, evidence=evidence, proof=proof)


def missing_proofs(
    issue: Issue, files: Sequence[Proven], *, attached: Iterable[Attachment] | None = None
) -> list[str]:
    """Proofs the kind wants that are neither on the line nor among these files. ``attached`` is
    all that was put to the line, with its events, where that has been read.

    What was put to the line before it was last reopened proves nothing about the work since.
    """
    if not issue.kind.proofs:
        return []
    if attached is None:
        attached = issue.attachments.select_related("event")
    present = {one.proof for one in attached if one.event.generation == issue.generation}
    present.update(file.proof for file in files)
    return [proof for proof in issue.kind.proofs if proof not in present]


def fill_gaps(issue: Issue, files: Sequence[Proven]) -> list[Proven]:
    """Files that do not say what they prove take the missing proofs in order; not so voice notes,
    which show nothing by themselves."""
    gaps = missing_proofs(issue, files)
    silent = [file.evidence for file in files if not file.proof] if gaps else []
    notes = set(Evidence.objects.recordings(silent)) if silent else set()
    return [
        replace(file, proof=gaps.pop(0))
        if gaps and not file.proof and file.evidence not in notes
        else file
        for file in files
    ]


def changed_hands(before: User | None, after: User) -> dict[str, Any]:
    """Who handled a line and who does now: names as they were, ids to find them by."""
    return {
        "handler": str(after),
        "handler_id": after.pk,
        "before": str(before or ""),
        "before_id": before.pk if before else None,
    }


def state_of(issue: Issue) -> dict[str, Any]:
    """The state as it is now, for the person whose picture was old."""
    return {"stage": issue.stage, "version": issue.version}


def stale(issue: Issue) -> Conflict:
    last = issue.events.order_by("-at", "-id").first()
    return Conflict(
        "stale",
        _("%(who)s has moved this line since you opened it. It is now “%(stage)s”.")
        % {"who": (last.actor_name if last else ""), "stage": issue.get_stage_display()},
        details=state_of(issue),
    )


def must_run(moment: datetime | None) -> datetime:
    """A clock that the stage guarantees to be set."""
    if moment is None:
        raise ValueError("a line in this stage must have this clock")
    return moment
