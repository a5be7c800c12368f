"""The moves that end a line, and the one that brings it back."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enterprises.actions.enterprise import take_turns
from issues.actions.ending import bring_back, in_time, send_back, strike_off, too_late
from issues.actions.engine import (
    Proven,
    admit,
    claim,
    fill_gaps,
    missing_proofs,
    write_event,
    written,
)
from issues.actions.extending import lapse_extension
from issues.actions.word import waits_for_word
from issues.deadlines import REOPEN_WITHIN
from issues.models import CloseOut, Issue
from issues.workflow import MOVES, CloseRule, Proof, Stage
from liaison.accounts.models import Kind, User
from liaison.core.refused import Refused


@transaction.atomic
def propose_close_out(
    issue: Issue,
    *,
    by: User,
    version: int,
    summary: str,
    files: Sequence[Proven] = (),
    loss_recovered: Decimal | str | None = None,
    handed_over: bool = False,
) -> Issue:
    """Ask for the line to be struck off, on the evidence that the kind's rule wants; not so where
    what there is to show is ``handed_over`` at the counter."""
    current = admit(issue, MOVES["propose"], by=by, version=version, values={"summary": summary})
    files = fill_gaps(current, files)
    missing = [] if handed_over else missing_proofs(current, files)
    loss = _money(loss_recovered)
    if current.kind.asks_loss and loss is None:
        missing.append("loss_recovered")
    if missing:
        raise Refused(
            "missing_evidence",
            _("Still missing for close-out: %(what)s.")
            % {"what": ", ".join(_proof_label(one) for one in missing)},
            field="loss_recovered" if missing == ["loss_recovered"] else "evidence",
            details={"missing": missing},
        )
    now = timezone.now()
    clocks = waits_for_word(current, now)
    claim(
        current,
        version=version,
        stage=Stage.PROPOSED,
        loss_recovered=current.loss_recovered if loss is None else loss,
        **clocks,
    )
    CloseOut.objects.create(
        issue=current,
        generation=current.generation,
        summary=summary,
        loss_recovered=loss,
        proposed_by=by,
        proposed_at=now,
    )
    write_event(
        current,
        "propose",
        by=by,
        from_stage=Stage.WORKING,
        public=True,
        text=summary,
        values=({} if loss is None else {"loss_recovered": str(loss)})
        | ({"until": written(clocks["next_due_at"])} if clocks else {}),
        files=files,
    )
    return current


@transaction.atomic
def return_issue(issue: Issue, *, by: User, version: int, reason: str) -> Issue:
    """The approver is not satisfied: back to work, the clock goes on where it stood."""
    move = MOVES["return"]
    current = admit(issue, move, by=by, version=version, values={"reason": reason})
    return send_back(current, move, by=by, decided_by=by, reason=reason)


@transaction.atomic
def dispute_issue(
    issue: Issue, *, by: User, version: int, reason: str, files: Sequence[Proven] = ()
) -> Issue:
    """The enterprise does not agree that it is done: back to work, for everybody to read why."""
    move = MOVES["dispute"]
    current = admit(issue, move, by=by, version=version, values={"reason": reason})
    return send_back(current, move, by=by, decided_by=by, reason=reason, files=files)


@transaction.atomic
def close_issue(
    issue: Issue, *, by: User, version: int, confirmed_by: str = "", note: str = ""
) -> Issue:
    """Strike the line off. Where the enterprise's word closes it and somebody else types it in,
    ``confirmed_by`` says who gave it and how."""
    values = {"confirmed_by": confirmed_by, "note": note}
    current = admit(issue, MOVES["close"], by=by, version=version, values=values)
    typed_by_another = current.close_rule == CloseRule.CONTACT and not by.is_contact
    if typed_by_another and not confirmed_by.strip():
        raise Refused(
            "missing",
            _("The enterprise confirms this kind: say who confirmed it, and how."),
            field="confirmed_by",
            details={"missing": ["confirmed_by"]},
        )
    return strike_off(current, by=by, decided_by=by, confirmed_by=confirmed_by.strip(), note=note)


@transaction.atomic
def reopen_issue(issue: Issue, *, by: User, version: int, reason: str) -> Issue:
    """Closed too early: a new generation with a clock of its own.

    It comes back to who handled it, unless the enterprise has gone to another officer since.
    """
    take_turns(issue.enterprise)
    current = admit(issue, MOVES["reopen"], by=by, version=version, values={"reason": reason})
    if by.kind == Kind.CONTACT and not in_time(current):
        raise too_late(
            ngettext(
                "It can be reopened within %(days)d day of close-out; please raise a new one.",
                "It can be reopened within %(days)d days of close-out; please raise a new one.",
                REOPEN_WITHIN.days,
            )
        )
    return bring_back(current, by=by, reason=reason)


@transaction.atomic
def decline_issue(issue: Issue, *, by: User, version: int, reason: str) -> Issue:
    """The station will not take it on; the enterprise reads why."""
    return _end(issue, "decline", by=by, version=version, reason=reason)


@transaction.atomic
def withdraw_issue(issue: Issue, *, by: User, version: int, reason: str) -> Issue:
    """Whoever raised it takes it back."""
    return _end(issue, "withdraw", by=by, version=version, reason=reason)


def _end(issue: Issue, name: str, *, by: User, version: int, reason: str) -> Issue:
    move = MOVES[name]
    current = admit(issue, move, by=by, version=version, values={"reason": reason})
    before = current.stage
    now = timezone.now()
    claim(
        current,
        version=version,
        stage=move.target,
        next_due_at=None,
        closed_at=now,
        awaited="",
        awaited_from="",
        awaits_enterprise=False,
    )
    current.pauses.filter(ended_at__isnull=True).update(ended_at=now)
    lapse_extension(current)
    write_event(current, name, by=by, from_stage=before, public=True, text=reason)
    return current


def _money(value: Decimal | str | None) -> Decimal | None:
    if value in (None, ""):
        return None
    try:
        amount = Decimal(str(value)).quantize(Decimal("0.01"))
        # "NaN" is a Decimal, but comparing it is an InvalidOperation too.
        sensible = 0 <= amount < Decimal(10) ** 12
    except InvalidOperation as error:
        raise Refused("invalid", _("Enter an amount in yuan."), field="loss_recovered") from error
    if not sensible:
        raise Refused("invalid", _("Enter an amount in yuan."), field="loss_recovered")
    return amount


def _proof_label(code: str) -> str:
    if code == "loss_recovered":
        return _("Loss recovered (yuan)")
    return str(Proof(code).label)
