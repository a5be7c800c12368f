"""One verb per move of ``issues.workflow.MOVES``.

Every verb takes the line as the caller saw it, ``by=`` and the ``version=`` seen, works in one
transaction and returns the line as it is afterwards. Of two people moving the same version
one wins; the other gets a Conflict that says who was first.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from issues.actions.engine import Proven, admit, claim, missing_proofs, write_event
from issues.deadlines import REOPEN_WITHIN, REOPENED_DAYS, after_pause, end_of, resolve_by
from issues.models import CloseOut, Issue, Pause
from issues.workflow import MOVES, CloseRule, Proof, Stage
from liaison.accounts.models import Kind, User
from liaison.core.refused import Refused


@transaction.atomic
def accept_issue(issue: Issue, *, by: User, version: int, note: str = "") -> Issue:
    """Take the line on: the respond clock stops, the resolve clock starts."""
    move = MOVES["accept"]
    current = admit(issue, move, by=by, version=version, values={})
    if current.handler_id is None:
        raise Refused(
            "no_handler",
            _("Nobody answers for this enterprise yet: assign an officer or transfer the line."),
        )
    now = timezone.now()
    due = resolve_by(now, current.policy.resolve_days)
    claim(
        current,
        version=version,
        stage=Stage.ACCEPTED,
        responded_at=now,
        started_at=now,
        resolve_due_at=due.at,
        next_due_at=due.at,
        due_uncertain=not due.is_certain,
    )
    write_event(
        current,
        move.name,
        by=by,
        from_stage=Stage.RAISED,
        public=True,
        text=note,
        values={"due": due.at.isoformat()},
    )
    return current


@transaction.atomic
def decline_issue(issue: Issue, *, by: User, version: int, reason: str) -> Issue:
    """The station will not take it on; the enterprise reads why."""
    return _end(issue, "decline", by=by, version=version, reason=reason)


@transaction.atomic
def withdraw_issue(issue: Issue, *, by: User, version: int, reason: str) -> Issue:
    """Whoever raised it takes it back."""
    return _end(issue, "withdraw", by=by, version=version, reason=reason)


@transaction.atomic
def start_issue(issue: Issue, *, by: User, version: int, note: str = "") -> Issue:
    """Work begins."""
    current = admit(issue, MOVES["start"], by=by, version=version, values={})
    claim(current, version=version, stage=Stage.WORKING)
    write_event(current, "start", by=by, from_stage=Stage.ACCEPTED, public=True, text=note)
    return current


@transaction.atomic
def wait_on_issue(
    issue: Issue, *, by: User, version: int, awaited: str, awaited_from: str, until: date
) -> Issue:
    """Pause the resolve clock for something others must bring, until a day.

    The day becomes the clock that runs, so that a pause cannot lapse in silence.
    """
    values = {"awaited": awaited, "awaited_from": awaited_from, "until": until}
    current = admit(issue, MOVES["wait"], by=by, version=version, values=values)
    if until <= timezone.localdate():
        raise Refused("past", _("Wait until a day after today."), field="until")
    claim(
        current,
        version=version,
        stage=Stage.WAITING,
        awaited=awaited,
        awaited_from=awaited_from,
        # A breached clock keeps running: pausing must not hide that it has run out.
        next_due_at=current.resolve_due_at if _breached(current) else end_of(until),
    )
    Pause.objects.create(
        issue=current,
        starts_at=timezone.now(),
        until_on=until,
        awaited=awaited,
        awaited_from=awaited_from,
    )
    write_event(
        current,
        "wait",
        by=by,
        from_stage=Stage.WORKING,
        public=True,
        text=awaited,
        values={"from": awaited_from, "until": until.isoformat()},
    )
    return current


@transaction.atomic
def resume_issue(
    issue: Issue, *, by: User, version: int, note: str = "", files: Sequence[Proven] = ()
) -> Issue:
    """What was awaited is there: the resolve clock runs on where it stopped."""
    current = admit(issue, MOVES["resume"], by=by, version=version, values={})
    now = timezone.now()
    pause = current.pauses.get(ended_at__isnull=True)
    resumed = after_pause(_set(current.resolve_due_at), pause.starts_at, now)
    claim(
        current,
        version=version,
        stage=Stage.WORKING,
        awaited="",
        awaited_from="",
        resolve_due_at=resumed.due_at,
        next_due_at=resumed.due_at,
        due_uncertain=current.due_uncertain or resumed.uncertain,
    )
    Pause.objects.filter(pk=pause.pk).update(ended_at=now)
    write_event(
        current,
        "resume",
        by=by,
        from_stage=Stage.WAITING,
        public=True,
        text=note,
        values={"due": resumed.due_at.isoformat()},
        files=files,
        wanted=current.kind.proofs,
    )
    return current


@transaction.atomic
def propose_close_out(
    issue: Issue,
    *,
    by: User,
    version: int,
    summary: str,
    files: Sequence[Proven] = (),
    loss_recovered: Decimal | str | None = None,
) -> Issue:
    """Ask for the line to be struck off, on the evidence that the kind's rule wants."""
    current = admit(issue, MOVES["propose"], by=by, version=version, values={"summary": summary})
    missing = missing_proofs(current, files)
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
    claim(
        current,
        version=version,
        stage=Stage.PROPOSED,
        loss_recovered=current.loss_recovered if loss is None else loss,
    )
    CloseOut.objects.create(
        issue=current,
        generation=current.generation,
        summary=summary,
        loss_recovered=loss,
        proposed_by=by,
        proposed_at=timezone.now(),
    )
    write_event(
        current,
        "propose",
        by=by,
        from_stage=Stage.WORKING,
        public=True,
        text=summary,
        values={"loss_recovered": str(loss)} if loss is not None else {},
        files=files,
        wanted=current.kind.proofs,
    )
    return current


@transaction.atomic
def return_issue(issue: Issue, *, by: User, version: int, reason: str) -> Issue:
    """The approver is not satisfied: back to work, the clock has not stopped."""
    current = admit(issue, MOVES["return"], by=by, version=version, values={"reason": reason})
    claim(current, version=version, stage=Stage.WORKING)
    _decide(current, CloseOut.Outcome.RETURNED, by=by, remark=reason)
    write_event(current, "return", by=by, from_stage=Stage.PROPOSED, public=True, text=reason)
    return current


@transaction.atomic
def close_issue(
    issue: Issue, *, by: User, version: int, confirmed_by: str = "", note: str = ""
) -> Issue:
    """Strike the line off. Where the enterprise's word closes it and somebody else types it in,
    ``confirmed_by`` says who gave it and how."""
    current = admit(issue, MOVES["close"], by=by, version=version, values={})
    typed_by_another = current.close_rule == CloseRule.CONTACT and not by.is_contact
    if typed_by_another and not confirmed_by.strip():
        raise Refused(
            "missing",
            _("The enterprise confirms this kind: say who confirmed it, and how."),
            field="confirmed_by",
            details={"missing": ["confirmed_by"]},
        )
    claim(current, version=version, stage=Stage.CLOSED, closed_at=timezone.now(), next_due_at=None)
    _decide(
        current, CloseOut.Outcome.APPROVED, by=by, remark=note, confirmed_by=confirmed_by.strip()
    )
    write_event(
        current,
        "close",
        by=by,
        from_stage=Stage.PROPOSED,
        public=True,
        text=note,
        values={"confirmed_by": confirmed_by.strip()} if confirmed_by.strip() else {},
    )
    return current


@transaction.atomic
def reopen_issue(issue: Issue, *, by: User, version: int, reason: str) -> Issue:
    """Closed too early: a new generation with a clock of its own."""
    current = admit(issue, MOVES["reopen"], by=by, version=version, values={"reason": reason})
    now = timezone.now()
    if by.kind == Kind.CONTACT and now > _set(current.closed_at) + REOPEN_WITHIN:
        raise Refused(
            "too_late",
            ngettext(
                "It can be reopened within %(days)d day of close-out; please raise a new one.",
                "It can be reopened within %(days)d days of close-out; please raise a new one.",
                REOPEN_WITHIN.days,
            )
            % {"days": REOPEN_WITHIN.days},
        )
    due = resolve_by(now, REOPENED_DAYS)
    claim(
        current,
        version=version,
        stage=Stage.WORKING,
        generation=current.generation + 1,
        closed_at=None,
        started_at=now,
        resolve_due_at=due.at,
        next_due_at=due.at,
        due_uncertain=not due.is_certain,
    )
    write_event(
        current,
        "reopen",
        by=by,
        from_stage=Stage.CLOSED,
        public=True,
        text=reason,
        values={"due": due.at.isoformat()},
    )
    return current


@transaction.atomic
def transfer_issue(
    issue: Issue, *, by: User, version: int, handler: User | int, reason: str
) -> Issue:
    """Give the line to another officer of the station; stage and clocks stay."""
    current = admit(
        issue, MOVES["transfer"], by=by, version=version, values={"handler": 1, "reason": reason}
    )
    officers = User.objects.all().may_answer_for_enterprises().at(current.unit)
    officer = officers.filter(pk=handler.pk if isinstance(handler, User) else handler).first()
    if officer is None:
        raise Refused(
            "wrong_officer", _("Choose an officer of the enterprise's station."), field="handler"
        )
    if officer.pk == current.handler_id:
        raise Refused("same_officer", _("This officer handles it already."), field="handler")
    before = str(current.handler) if current.handler else ""
    claim(current, version=version, handler_id=officer.pk)
    current.handler = officer
    write_event(
        current,
        "transfer",
        by=by,
        from_stage=current.stage,
        public=True,
        text=reason,
        values={"handler": str(officer), "before": before},
    )
    return current


@transaction.atomic
def note_on_issue(
    issue: Issue,
    *,
    by: User,
    note: str,
    internal: bool = False,
    files: Sequence[Proven] = (),
    version: int | None = None,
) -> Issue:
    """Add a remark. A contact's is always public; two remarks at once are no conflict."""
    current = admit(issue, MOVES["note"], by=by, version=None, values={"note": note})
    write_event(
        current,
        "note",
        by=by,
        from_stage=current.stage,
        public=by.is_contact or not internal,
        text=note,
        files=files,
        wanted=current.kind.proofs,
    )
    return current


VERBS: dict[str, Callable[..., Issue]] = {
    "accept": accept_issue,
    "decline": decline_issue,
    "start": start_issue,
    "wait": wait_on_issue,
    "resume": resume_issue,
    "propose": propose_close_out,
    "return": return_issue,
    "close": close_issue,
    "reopen": reopen_issue,
    "withdraw": withdraw_issue,
    "transfer": transfer_issue,
    "note": note_on_issue,
}


def make_move(
    issue: Issue,
    name: str,
    *,
    by: User,
    version: int | None,
    values: Mapping[str, Any],
    files: Sequence[Proven] = (),
) -> Issue:
    """Carry out a move by name, for faces that learn the name from outside.

    ``values`` are cleaned values keyed by the move's field names; missing ones are reported by
    the same check that reports them for a direct call.
    """
    move = MOVES.get(name)
    if move is None:
        raise Refused("no_such_move", _("There is no such move."), field="move")
    names = {field.name for field in move.fields}
    unknown = sorted(set(values) - names)
    if unknown:
        raise Refused("unknown_field", _("There is no such field."), field=unknown[0])
    if files and not move.files:
        raise Refused("no_files", _("No files can be added in this step."), field="evidence")
    if any(field.required and values.get(field.name) in (None, "") for field in move.fields):
        # Says what is missing, after the checks that come before it.
        admit(issue, move, by=by, version=version, values=values)
    given = {key: value for key, value in values.items() if value is not None}
    if move.files:
        given["files"] = files
    return VERBS[name](issue, by=by, version=version, **given)


def _end(issue: Issue, name: str, *, by: User, version: int, reason: str) -> Issue:
    move = MOVES[name]
    current = admit(issue, move, by=by, version=version, values={"reason": reason})
    before = current.stage
    now = timezone.now()
    claim(current, version=version, stage=move.target, next_due_at=None, closed_at=now)
    current.pauses.filter(ended_at__isnull=True).update(ended_at=now)
    write_event(current, name, by=by, from_stage=before, public=True, text=reason)
    return current


def _decide(issue: Issue, outcome: str, *, by: User, remark: str, confirmed_by: str = "") -> None:
    issue.close_outs.filter(outcome=CloseOut.Outcome.PENDING).update(
        outcome=outcome,
        decided_by=by,
        decided_at=timezone.now(),
        remark=remark,
        confirmed_by=confirmed_by,
    )


def _breached(issue: Issue) -> bool:
    return issue.resolve_due_at is not None and issue.resolve_due_at < timezone.now()


def _set(moment: datetime | None) -> datetime:
    """A clock that the stage guarantees to be set."""
    if moment is None:
        raise ValueError("a line in this stage must have this clock")
    return moment


def _money(value: Decimal | str | None) -> Decimal | None:
    if value in (None, ""):
        return None
    try:
        amount = Decimal(str(value)).quantize(Decimal("0.01"))
    except InvalidOperation as error:
        raise Refused("invalid", _("Enter an amount in yuan."), field="loss_recovered") from error
    if not 0 <= amount < Decimal(10) ** 12:
        raise Refused("invalid", _("Enter an amount in yuan."), field="loss_recovered")
    return amount


def _proof_label(code: str) -> str:
    if code == "loss_recovered":
        return _("Loss recovered (yuan)")
    return str(Proof(code).label)
