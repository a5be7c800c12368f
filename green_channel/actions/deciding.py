"""The decision, and that the enterprise has its result."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from green_channel.actions.applying import open_papers, take_turns_on
from green_channel.models import Application, Decision, Outcome
from issues.actions import close_issue, propose_close_out, start_issue
from issues.actions.engine import Proven, admit
from issues.models import Issue
from issues.workflow import MOVES, Proof, Stage
from liaison.accounts.models import User
from liaison.core.joining import joined
from liaison.core.refused import Refused


@transaction.atomic
def decide(
    application: Application,
    *,
    by: User,
    version: int,
    outcome: str,
    reason: str = "",
    appeal: str = "",
    document: Sequence[UUID] = (),
    pickup_place: str = "",
    pickup_when: str = "",
) -> Decision:
    """Grant or refuse, with the document or with where and when it is picked up.

    A refusal says why and how to appeal (《行政许可法》 Art. 38). The line is closed out when
    the enterprise has its result; whether it was decided in time is judged by the decision. Raises
    Refused("missing" | "no_result" | "still_missing").
    """
    application = take_turns_on(application)
    issue = Issue.objects.for_ledger().get(pk=application.issue_id)
    if outcome not in Outcome.values:
        raise Refused("invalid", _("Say what was decided."), field="outcome")
    refused = outcome == Outcome.REFUSED
    reason, appeal = reason.strip(), appeal.strip()
    place, when = pickup_place.strip(), pickup_when.strip()
    if refused and not reason:
        raise Refused("missing", _("A refusal says why."), field="reason")
    if refused and not appeal:
        raise Refused("missing", _("A refusal says how to appeal."), field="appeal")
    if not document and not place:
        raise Refused(
            "no_result",
            _("Add the document, or say where and when it is picked up."),
            field="pickup_place",
        )
    if place and not when:
        raise Refused("missing", _("Say when it can be picked up."), field="pickup_when")
    if not refused and (missing := [paper.name for paper in open_papers(application)]):
        raise Refused(
            "still_missing",
            _("Still missing: %(what)s.") % {"what": joined(missing)},
            details={"missing": missing},
        )
    if issue.stage == Stage.ACCEPTED:
        issue = start_issue(issue, by=by, version=version)
        version = issue.version
    summary = _summary(outcome, reason, place, when)
    # Who may not, or comes too late, learns it before anything is written.
    admit(issue, MOVES["propose"], by=by, version=version, values={"summary": summary})
    decision = Decision.objects.create(
        application=application,
        attempt=application.decisions.count() + 1,
        outcome=outcome,
        reason=reason,
        appeal=appeal if refused else "",
        by_document=bool(document),
        pickup_place=place,
        pickup_when=when if place else "",
        decided_by=by,
        decided_at=timezone.now(),
    )
    propose_close_out(
        issue,
        by=by,
        version=version,
        summary=summary,
        files=[Proven(pk, Proof.RECEIPT) for pk in document],
        handed_over=not document,
    )
    return decision


@transaction.atomic
def confirm_receipt(
    application: Application, *, by: User, version: int, confirmed_by: str = ""
) -> Issue:
    """The enterprise has its result: the line is closed out. Typed in at the counter,
    ``confirmed_by`` says who took it."""
    issue = Issue.objects.get(pk=application.issue_id)
    return close_issue(issue, by=by, version=version, confirmed_by=confirmed_by)


def _summary(outcome: str, reason: str, place: str, when: str) -> str:
    said = [str(Outcome(outcome).label)]
    if reason:
        said.append(reason)
    if place:
        said.append(_("Pick it up: %(place)s, %(when)s") % {"place": place, "when": when})
    return "\n".join(said)
