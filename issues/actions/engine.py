"""How any move is carried out: check, claim, write, tell. The verbs add what is theirs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from issues.models import Attachment, Event, Issue
from issues.roles import roles_of
from issues.signals import moved
from issues.workflow import Move, Proof
from liaison.accounts.models import User
from liaison.audit.record import record
from liaison.core.refused import Conflict, Refused
from liaison.evidence.models import Evidence


@dataclass(frozen=True)
class Proven:
    """An uploaded file offered with a move; without ``proof`` it takes the next one wanted."""

    evidence: UUID
    proof: str = ""


def admit(
    issue: Issue, move: Move, *, by: User, version: int | None, values: Mapping[str, Any]
) -> Issue:
    """The line as it is now, if this person may make this move on it with these values.

    Raises Conflict for a stale version or another stage, Refused for the wrong person or for
    something missing. Nothing is written.
    """
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
    if not move.roles & roles_of(by, current):
        raise Refused("not_allowed", _("You may not do this on this line."))
    missing = [
        field for field in move.fields if field.required and values.get(field.name) in (None, "")
    ]
    if missing:
        raise Refused(
            "missing",
            _("Please fill in: %(what)s.") % {"what": ", ".join(str(one.label) for one in missing)},
            field=missing[0].name,
            details={"missing": [one.name for one in missing]},
        )
    return current


def claim(issue: Issue, *, version: int, **changes: Any) -> None:
    """Compare-and-set: write only if nobody has moved the line since. Raises Conflict."""
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
    wanted: Sequence[str] = (),
) -> Event:
    """Add to the timeline, put the files to it, record the audit entry and tell the apps above."""
    event = Event.objects.create(
        issue=issue,
        at=timezone.now(),
        actor=by,
        actor_name=str(by) if by else "",
        move=name,
        from_stage=from_stage,
        to_stage=issue.stage,
        generation=issue.generation,
        public=public,
        text=text,
        values=dict(values or {}),
    )
    if files and by is not None:
        attach(event, files, by=by, wanted=wanted)
    record(
        f"issue.{name}",
        issue,
        by=by,
        unit=issue.unit,
        changes={"stage": [from_stage, issue.stage]} if from_stage != issue.stage else {},
    )
    moved.send(Issue, issue=issue, event=event)
    return event


def attach(event: Event, files: Sequence[Proven], *, by: User, wanted: Sequence[str]) -> None:
    """Put one's own uploads to an event. A file belongs to one record for good."""
    owned = {
        one.pk: one
        for one in Evidence.objects.visible_to(by).filter(pk__in=[file.evidence for file in files])
    }
    named = {file.proof for file in files}
    free = [proof for proof in wanted if proof not in named]
    for file in files:
        if file.evidence not in owned:
            raise Refused(
                "no_such_file", _("One of the files is not there or not yours."), field="evidence"
            )
        if file.proof and file.proof not in Proof.values:
            raise Refused("invalid", _("A file can only prove what is listed."), field="evidence")
        proof = file.proof or (free.pop(0) if free else Proof.OTHER)
        try:
            with transaction.atomic():
                Attachment.objects.create(
                    issue=event.issue, event=event, evidence=owned[file.evidence], proof=proof
                )
        except IntegrityError as error:
            raise Refused(
                "file_used", _("One of the files is attached already."), field="evidence"
            ) from error


def missing_proofs(issue: Issue, files: Sequence[Proven]) -> list[str]:
    """Proofs the kind wants that are neither on the line nor among these files."""
    present = set(issue.attachments.values_list("proof", flat=True))
    present |= {file.proof for file in files if file.proof}
    missing = [proof for proof in issue.kind.proofs if proof not in present]
    # Files that do not say what they prove fill the gaps in order.
    return missing[sum(1 for file in files if not file.proof) :]


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
