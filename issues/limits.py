"""What a changed time limit does to an open line. It knows no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from issues.deadlines import derive, granted, ran_out, respond_by
from issues.models import Extension, Issue, Pause, SlaPolicy
from liaison.core.workdays import Deadline, WorkCalendar


class Fate(StrEnum):
    """What becomes of an open line when it is put under another limit."""

    EARLIER = "earlier"
    LATER = "later"
    SAME = "same"  # put under it; its deadline stays where it is
    RAN_OUT = "ran_out"  # left as it is: it has run out, and a breach stands
    WOULD_RUN_OUT = "would_run_out"  # left as it is: the new deadline would have passed already


# Lines that are left under the limit they have.
LEFT = (Fate.RAN_OUT, Fate.WOULD_RUN_OUT)


@dataclass(frozen=True)
class Refit:
    """One line under another limit: the clock that matters, where it stands and where it would."""

    line: Issue
    fate: Fate
    before: datetime
    after: datetime
    days: int | None = None
    certain: bool = True


def refit(
    line: Issue,
    policy: SlaPolicy,
    *,
    pauses: Iterable[Pause],
    extensions: Iterable[Extension],
    calendar: WorkCalendar,
    now: datetime,
) -> Refit:
    """How the clock of an open line would run by this policy.

    Before acceptance it is the respond clock. Afterwards it is the resolve clock, with the pauses
    there were and the extensions that were granted; that of a reopened line has never hung on a
    policy, nor does one with a limit of its own. Breach is monotonic: what has run out stays, and
    nothing is put into the past.
    """
    pauses = list(pauses)
    if line.started_at is None or line.resolve_due_at is None:
        due = Deadline(respond_by(line.raised_at, policy))
        return _judged(line, line.respond_due_at, due, None, pauses, now)
    days = line.resolve_days
    if line.generation == 1:
        own = line.own_limit
        given = policy.resolve_days if own is None else own
        days = given + sum(one.days for one in granted(line, extensions))
    found = derive(line, pauses, calendar, days=days)
    if found is None:
        raise ValueError("a line whose clock has started was given some days")
    before = line.resolve_due_at
    due = found.due if days != line.resolve_days else Deadline(before, found.due.unknown_years)
    return _judged(line, before, due, days, pauses, now)


def _judged(
    line: Issue,
    before: datetime,
    due: Deadline,
    days: int | None,
    pauses: list[Pause],
    now: datetime,
) -> Refit:
    if ran_out(before, pauses, now):
        fate = Fate.RAN_OUT
    elif due.at == before:
        fate = Fate.SAME
    elif ran_out(due.at, pauses, now):
        fate = Fate.WOULD_RUN_OUT
    else:
        fate = Fate.EARLIER if due.at < before else Fate.LATER
    return Refit(line, fate, before, due.at, days, due.is_certain)
