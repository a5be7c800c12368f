"""What contacts send in: requests, of which some are held for the desk, and moves on their lines.

Whatever a form sends twice happens once: the form's own id is kept with what came of it, in the
same transaction, after the person's row was written, so that a second sending waits for the first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.actions.enterprise import take_turns
from enterprises.models import Enterprise
from issues.actions.engine import Proven, put_to
from issues.actions.moves import make_move
from issues.actions.raising import open_line, raise_issue, what_it_shows
from issues.deadlines import policy_for, respond_by
from issues.held_notices import tell_of_decision, tell_of_held
from issues.models import HeldFile, HeldRequest, Issue, IssueKind, Level, Posting, Submission
from issues.throttle import must_not_be_many, why_held
from issues.wording import digest_of
from liaison.accounts.models import User
from liaison.accounts.people import hold_still
from liaison.audit.record import record
from liaison.core.refused import Conflict, Refused
from liaison.evidence.actions import take


@dataclass(frozen=True)
class Sent:
    """How something came in: the form's own id, a digest of all it says, and from where."""

    client_id: UUID
    body: str
    address: str | None = None


@transaction.atomic
def ask(
    enterprise: Enterprise,
    *,
    kind: IssueKind,
    title: str,
    text: str,
    by: User,
    sent: Sent,
    level: str = Level.ORDINARY,
    files: Sequence[Proven] = (),
) -> Issue | HeldRequest:
    """Raise a line for the contact's own enterprise, or hold the request for the desk where it
    comes with many others or says the same again.

    Sent again it is what it became the first time. Raises Conflict("sent_already") when the form's
    id came with something else before, Refused("throttled") when too many are held already, and
    what :func:`raise_issue` raises.
    """
    hold_still(by)
    earlier = _earlier(by, sent)
    if earlier is not None:
        came_to: Issue | HeldRequest | None = earlier.issue or earlier.held
        if came_to is None:
            raise ValueError("a submission came to something, by a constraint of the table")
        return came_to
    if not (by.is_contact and Enterprise.objects.visible_to(by).filter(pk=enterprise.pk).exists()):
        raise Refused("not_yours", _("This enterprise is not yours."), field="enterprise")
    enterprise = take_turns(enterprise)
    now = timezone.now()
    words = digest_of(kind.code, title, text)
    why = why_held(by, enterprise, sent.address, words if text.strip() else "", now)
    made: dict[str, Any] = {}
    if why is None:
        made["issue"] = raise_issue(
            enterprise,
            kind=kind,
            title=title,
            text=text,
            by=by,
            source=Issue.Source.PORTAL,
            level=level,
            files=files,
        )
    else:
        made["held"] = _hold(
            enterprise, kind=kind, title=title, text=text, by=by, files=files, why=why, now=now
        )
    Submission.objects.create(
        user=by,
        enterprise=enterprise,
        what=Submission.What.ASK,
        at=now,
        address=sent.address,
        client_id=sent.client_id,
        body=sent.body,
        words=words,
        **made,
    )
    came: Issue | HeldRequest = made.get("issue") or made["held"]
    return came


@transaction.atomic
def send_in(
    issue: Issue,
    name: str,
    *,
    by: User,
    version: int | None,
    values: Mapping[str, Any],
    sent: Sent,
    files: Sequence[Proven] = (),
) -> Issue:
    """A contact's move on a line, made once however often it is sent, and counted.

    Raises Refused("throttled") with what :func:`make_move` raises.
    """
    hold_still(by)
    earlier = _earlier(by, sent)
    if earlier is not None:
        return issue
    must_not_be_many(by, issue.enterprise, sent.address, timezone.now())
    moved = make_move(issue, name, by=by, version=version, values=values, files=files)
    Submission.objects.create(
        user=by,
        enterprise=issue.enterprise,
        what=Submission.What.REPLY,
        address=sent.address,
        client_id=sent.client_id,
        body=sent.body,
        issue=moved,
    )
    return moved


@transaction.atomic
def release_held(held: HeldRequest, *, by: User) -> Issue:
    """Put the request on the bill as if it had not been held: raised by whoever asked, at the
    moment they asked, so that its clock is the one they were promised."""
    current = _must_decide(held, by)
    enterprise = take_turns(current.enterprise)
    if not enterprise.is_live:
        raise Refused("closed", _("This enterprise is closed down."))
    _claim(current)
    uploads = [one.evidence for one in current.files.select_related("evidence")]
    issue = open_line(
        enterprise,
        kind=current.kind,
        title=current.title,
        text=current.text,
        by=current.asked_by,
        source=Issue.Source.PORTAL,
        level=Level.ORDINARY,
        at=current.asked_at,
        files=(),
        policy=current.policy,
    )
    # A file belongs to one record: from here on to the line, whoever has left since.
    current.files.all().delete()
    put_to(issue.events.get(move="raise"), uploads, shows=what_it_shows(current.kind))
    _decide(current, HeldRequest.Outcome.RELEASED, by=by, issue=issue)
    record("held_request.released", current, by=by, unit=current.unit)
    tell_of_decision(current, by=by)
    return issue


@transaction.atomic
def reject_held(held: HeldRequest, *, by: User, reason: str) -> HeldRequest:
    """Not put on the bill; whoever asked reads why."""
    current = _must_decide(held, by)
    reason = reason.strip()
    if not reason:
        raise Refused("missing", _("Say why: the enterprise reads it."), field="reason")
    _claim(current)
    _decide(current, HeldRequest.Outcome.REJECTED, by=by, reason=reason)
    record("held_request.rejected", current, by=by, unit=current.unit)
    tell_of_decision(current, by=by)
    return current


def forget_old_submissions(now: datetime) -> dict[str, int]:
    """Delete those by which nothing is counted or known again any more; how many."""
    before = now - timedelta(days=settings.PORTAL_KEEP_SUBMISSIONS_DAYS)
    deleted, _of_each = Submission.objects.filter(at__lt=before).delete()
    Posting.objects.filter(at__lt=before).delete()
    return {"submissions": deleted}


def _earlier(by: User, sent: Sent) -> Submission | None:
    """What came under this id before. Raises Conflict if that was something else."""
    rows = Submission.objects.select_related("issue", "held")
    earlier = rows.filter(user=by, client_id=sent.client_id).first()
    if earlier is not None and earlier.body != sent.body:
        name = earlier.issue.number if earlier.issue else str(earlier.held)
        raise Conflict(
            "sent_already",
            _("“%(what)s” was sent from this form already. Send once more to send this besides.")
            % {"what": name},
        )
    return earlier


def _hold(
    enterprise: Enterprise,
    *,
    kind: IssueKind,
    title: str,
    text: str,
    by: User,
    files: Sequence[Proven],
    why: str,
    now: datetime,
) -> HeldRequest:
    if not enterprise.is_live:
        raise Refused("closed", _("This enterprise is closed down."), field="enterprise")
    waiting = HeldRequest.objects.filter(enterprise=enterprise).pending().count()
    if waiting >= settings.PORTAL_HELD_AT_MOST:
        raise Refused(
            "throttled",
            _(
                "%(n)d requests of yours wait for the desk already. Nothing of this is lost: keep"
                " it here and send it later, or call the station if it is urgent."
            )
            % {"n": waiting},
        )
    policy = policy_for(enterprise.unit, kind, Level.ORDINARY)
    due = respond_by(now, policy)
    held = HeldRequest.objects.create(
        unit=enterprise.unit,
        enterprise=enterprise,
        kind=kind,
        title=title.strip(),
        text=text.strip(),
        asked_by=by,
        asked_at=now,
        why=why,
        sensitive=kind.sensitive,
        policy=policy,
        due_at=due,
        next_ring_at=due,
    )
    for evidence in take([one.evidence for one in files], by=by):
        HeldFile.objects.create(held=held, evidence=evidence)
    record("held_request.held", held, by=by, unit=held.unit)
    tell_of_held(held)
    return held


def _must_decide(held: HeldRequest, by: User) -> HeldRequest:
    if by.is_contact or not HeldRequest.objects.visible_to(by).filter(pk=held.pk).exists():
        raise Refused("not_allowed", _("The desk and the chiefs decide on held requests."))
    return HeldRequest.objects.for_rows().select_related("unit", "policy").get(pk=held.pk)


def _claim(held: HeldRequest) -> None:
    """Of two who decide at once one wins: the row is written while it is pending, or not."""
    won = HeldRequest.objects.filter(pk=held.pk).pending().update(why=held.why)
    if not won:
        now = HeldRequest.objects.select_related("decided_by").get(pk=held.pk)
        raise Conflict(
            "decided",
            _("%(who)s has decided on it already: “%(what)s”.")
            % {"who": now.decided_by, "what": now.get_outcome_display()},
        )


def _decide(held: HeldRequest, outcome: str, *, by: User, **more: Any) -> None:
    held.outcome, held.decided_by, held.decided_at = outcome, by, timezone.now()
    held.next_ring_at = None
    for name, value in more.items():
        setattr(held, name, value)
    held.save(update_fields=["outcome", "decided_by", "decided_at", "next_ring_at", *more])
