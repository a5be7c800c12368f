"""The moves of a line on its way: taken on, worked on, waiting, given to another, remarked on."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from issues.actions.engine import (
    Proven,
    admit,
    changed_hands,
    claim,
    must_run,
    write_event,
    written,
)
from issues.deadlines import (
    WAIT_AT_MOST,
    after_pause,
    calendar_for,
    clock_starts,
    end_of,
    resolve_by,
)
from issues.models import Issue, Pause
from issues.workflow import MOVES, Stage
from liaison.accounts.models import User
from liaison.accounts.people import hold_still
from liaison.core.refused import Refused


@transaction.atomic
def accept_issue(issue: Issue, *, by: User, version: int, note: str = "") -> Issue:
    """Take the line on: the respond clock stops, the resolve clock starts. One with a limit of its
    own has that; where silence means consent it may have started long ago."""
    move = MOVES["accept"]
    current = admit(issue, move, by=by, version=version, values={})
    if current.handler is None or not current.handler.can_answer_at(current.unit):
        raise Refused(
            "no_handler",
            _("Nobody answers for this enterprise yet: assign an officer or transfer the line."),
        )
    now = timezone.now()
    days = current.policy.resolve_days if current.own_limit is None else current.own_limit
    calendar = calendar_for(current)
    start = clock_starts(current, now, calendar)
    due = resolve_by(start, days, calendar, current.counts)
    claim(
        current,
        version=version,
        calendar=calendar,
        stage=Stage.ACCEPTED,
        responded_at=now,
        started_at=start,
        resolve_days=days,
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
def start_issue(issue: Issue, *, by: User, version: int, note: str = "") -> Issue:
    """Work begins."""
    current = admit(issue, MOVES["start"], by=by, version=version, values={})
    claim(current, version=version, stage=Stage.WORKING)
    write_event(current, "start", by=by, from_stage=Stage.ACCEPTED, public=True, text=note)
    return current


@transaction.atomic
def wait_on_issue(
    issue: Issue,
    *,
    by: User,
    version: int,
    awaited: str,
    awaited_from: str,
    until: date,
    from_enterprise: bool = False,
) -> Issue:
    """Pause the resolve clock for something others must bring, until a day.

    The day becomes the clock that runs, so that a pause cannot lapse in silence. What is to come
    ``from_enterprise`` stands first on its contacts' page.
    """
    values = {"awaited": awaited, "awaited_from": awaited_from, "until": until}
    current = admit(issue, MOVES["wait"], by=by, version=version, values=values)
    today = timezone.localdate()
    if until <= today:
        raise Refused("past", _("Wait until a day after today."), field="until")
    if until > today + WAIT_AT_MOST:
        raise Refused(
            "too_far",
            _("Wait at most %(days)d days, then say again.") % {"days": WAIT_AT_MOST.days},
            field="until",
        )
    claim(
        current,
        version=version,
        stage=Stage.WAITING,
        awaited=awaited,
        awaited_from=awaited_from,
        awaits_enterprise=from_enterprise,
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
        values={
            "from": awaited_from,
            "until": until.isoformat(),
            "due": written(must_run(current.resolve_due_at)),
            "stopped": not _breached(current),
            "from_enterprise": from_enterprise,
        },
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
    before = must_run(current.resolve_due_at)
    calendar = calendar_for(current, hours=True)
    resumed = after_pause(before, pause.starts_at, now, calendar)
    claim(
        current,
        version=version,
        calendar=calendar,
        stage=Stage.WORKING,
        awaited="",
        awaited_from="",
        awaits_enterprise=False,
        resolve_due_at=resumed.at,
        next_due_at=resumed.at,
        due_uncertain=current.due_uncertain or not resumed.is_certain,
    )
    Pause.objects.filter(pk=pause.pk).update(ended_at=now)
    write_event(
        current,
        "resume",
        by=by,
        from_stage=Stage.WAITING,
        public=True,
        text=note,
        values={"from": written(before), "due": written(resumed.at)},
        files=files,
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
    pk = handler.pk if isinstance(handler, User) else handler
    hold_still(pk)
    officers = User.objects.all().may_answer_for_enterprises().at(current.unit)
    officer = officers.filter(pk=pk).first()
    if officer is None:
        raise Refused(
            "wrong_officer", _("Choose an officer of the enterprise's station."), field="handler"
        )
    if officer.pk == current.handler_id:
        raise Refused("same_officer", _("This officer handles it already."), field="handler")
    before = current.handler
    claim(current, version=version, handler_id=officer.pk)
    current.handler = officer
    write_event(
        current,
        "transfer",
        by=by,
        from_stage=current.stage,
        public=MOVES["transfer"].public,
        text=reason,
        values=changed_hands(before, officer),
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
    )
    return current


def _breached(issue: Issue) -> bool:
    return issue.resolve_due_at is not None and issue.resolve_due_at <= timezone.now()
