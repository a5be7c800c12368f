"""Time limits: a version retires, another holds; open lines follow only where that is asked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from issues.actions.clock import clock_set
from issues.actions.engine import write_event, written
from issues.actions.recomputing import calendars_of
from issues.deadlines import MOST_DAYS, most_particular
from issues.limits import LEFT, Fate, Refit, refit
from issues.models import Issue, IssueKind, Level, SlaPolicy
from issues.workflow import Clock
from liaison.accounts.access import may_set_rules
from liaison.accounts.models import Unit, User
from liaison.audit.record import record
from liaison.core.refused import Conflict, Refused
from liaison.core.workdays import WorkCalendar

BATCH = 100
# How it stands in the timeline; no move that anybody could make.
CHANGE_LIMIT = "change_limit"
# So many lines are named in a preview.
NAMED = 20
MOST_HOURS = 24 * 30


@dataclass
class Preview:
    """What a change would do to the open lines it concerns. ``digest`` changes with any of it."""

    counts: dict[Fate, int] = field(default_factory=lambda: dict.fromkeys(Fate, 0))
    named: list[Refit] = field(default_factory=list)
    digest: str = ""

    @property
    def concerned(self) -> int:
        return sum(self.counts.values())

    @property
    def follow(self) -> int:
        """How many would be put under the new limit."""
        return sum(n for fate, n in self.counts.items() if fate not in LEFT)


@dataclass(frozen=True)
class Changed:
    """``followed`` open lines are under the policy now; ``missed`` were being moved by somebody at
    that moment and keep theirs."""

    policy: SlaPolicy
    followed: int = 0
    missed: int = 0


def preview_limit(wanted: SlaPolicy, *, now: datetime | None = None) -> Preview:
    """What :func:`set_policy` would do to open lines with ``also_open``, by the same code.

    ``wanted`` need not be stored.
    """
    found, mark = Preview(), sha256(repr(sorted(wanted.terms.items())).encode())
    for batch in _refits(wanted, now or timezone.now()):
        for one in batch:
            found.counts[one.fate] += 1
            mark.update(f"{one.line.pk} {one.fate} {one.before} {one.after}\n".encode())
            if one.fate != Fate.SAME and len(found.named) < NAMED:
                found.named.append(one)
    found.digest = mark.hexdigest()
    return found


def set_policy(
    unit: Unit | None,
    kind: IssueKind | None,
    level: str,
    *,
    respond_hours: int,
    resolve_days: int,
    may_pause: bool,
    extension_days: int,
    by: User,
    replaces: int | None,
    also_open: bool = False,
    agreed: str = "",
) -> Changed:
    """Make these the limits of a unit (None: any), kind (None: any) and level from now on.

    ``replaces`` is the row in force that the caller saw, None if there was none. Open lines keep
    theirs unless ``also_open``; ``agreed`` is then the digest of the preview that was agreed to.
    Lines follow in batches with a transaction each; run again with the same limits it goes on
    where it was cut off. Without a difference nothing is written.
    """
    if not may_set_rules(by, unit):
        raise Refused("not_allowed", _("You may not set these time limits."))
    terms = {
        "respond_hours": respond_hours,
        "resolve_days": resolve_days,
        "may_pause": may_pause,
        "extension_days": extension_days,
    }
    wanted = SlaPolicy(unit=unit, kind=kind, level=level, made_by=by, **terms)
    _must_make_sense(wanted)
    if also_open and agreed and preview_limit(wanted).digest != agreed:
        raise Conflict(
            "changed",
            _("The open lines have changed since: please look at it again."),
            details={"replaces": replaces},
        )
    policy = _replace(wanted, replaces=replaces, by=by)
    if not also_open:
        return Changed(policy)
    return _carry_over(policy, by=by)


@transaction.atomic
def drop_policy(unit: Unit, kind: IssueKind | None, level: str, *, by: User, replaces: int) -> None:
    """The more general limit holds at the station again. Open lines keep theirs."""
    if not may_set_rules(by, unit):
        raise Refused("not_allowed", _("You may not set these time limits."))
    before = SlaPolicy.objects.in_force().exactly(unit, kind, level).first()
    if before is None or before.pk != replaces or not _retire(before):
        raise _somebody_was_first(before)
    record("limits.dropped", before, by=by, unit=unit, changes=_said(before, before.terms))


@transaction.atomic
def _replace(wanted: SlaPolicy, *, replaces: int | None, by: User) -> SlaPolicy:
    """The row in force afterwards: the present one where nothing differs."""
    before = _now_at(wanted)
    if (before.pk if before else None) != replaces:
        raise _somebody_was_first(before)
    if before is not None and before.terms == wanted.terms:
        return before
    if before is not None and not _retire(before):
        raise _somebody_was_first(_now_at(wanted))
    try:
        with transaction.atomic():
            wanted.save(force_insert=True)
    except IntegrityError as error:
        raise _somebody_was_first(_now_at(wanted)) from error
    was = before.terms if before else dict.fromkeys(SlaPolicy.TERMS)
    changes = {name: [was[name], now] for name, now in wanted.terms.items() if was[name] != now}
    record("limits.set", wanted, by=by, unit=wanted.unit or by.unit, changes=_said(wanted, changes))
    return wanted


def _now_at(wanted: SlaPolicy) -> SlaPolicy | None:
    rows = SlaPolicy.objects.in_force()
    return rows.exactly(wanted.unit, wanted.kind, wanted.level).first()


def _retire(policy: SlaPolicy) -> int:
    """Whether it was still in force."""
    rows = SlaPolicy.objects.in_force().filter(pk=policy.pk)
    return rows.update(retired_at=timezone.now())


def _somebody_was_first(now: SlaPolicy | None) -> Conflict:
    return Conflict(
        "stale",
        _("Somebody else has changed this time limit since you opened it."),
        details={"replaces": now.pk if now else None},
    )


def _said(policy: SlaPolicy, terms: dict[str, Any]) -> dict[str, Any]:
    return {"kind": policy.kind.code if policy.kind else "", "level": policy.level, **terms}


def _must_make_sense(wanted: SlaPolicy) -> None:
    if wanted.unit is not None and wanted.unit.kind != Unit.Kind.STATION:
        raise Refused("no_station", _("Only a station has time limits of its own."))
    if wanted.level not in Level.values:
        raise Refused("invalid", _("There is no such level."), field="level")
    for name, least, most in (
        ("respond_hours", 1, MOST_HOURS),
        ("resolve_days", 1, MOST_DAYS),
        ("extension_days", 0, MOST_DAYS),
    ):
        if not least <= getattr(wanted, name) <= most:
            raise Refused(
                "invalid",
                _("A whole number from %(least)d to %(most)d.") % {"least": least, "most": most},
                field=name,
            )


# --- open lines -------------------------------------------------------------------------------


def _carry_over(policy: SlaPolicy, *, by: User) -> Changed:
    followed = missed = 0
    for batch in _refits(policy, timezone.now()):
        to_follow = [one for one in batch if one.fate not in LEFT]
        with transaction.atomic():
            lines = Issue.objects.filter(pk__in=[one.line.pk for one in to_follow])
            held = set(lines.left_alone().values_list("pk", flat=True))
            outcomes = [one.line.pk in held and _follow(one, policy, by=by) for one in to_follow]
        followed += sum(outcomes)
        missed += len(outcomes) - sum(outcomes)
    return Changed(policy, followed, missed)


def _follow(one: Refit, policy: SlaPolicy, *, by: User) -> bool:
    """Put the line under the policy. Whether it still stood as it was judged."""
    line = one.line
    before = line.stage
    days = {}
    if line.started_at is None and line.policy.resolve_days != policy.resolve_days:
        # Before acceptance no day is promised, but how many there will be.
        days = {"days_before": line.policy.resolve_days, "days": policy.resolve_days}
    if line.started_at is None:
        clocks: dict[str, Any] = {"respond_due_at": one.after, "next_due_at": one.after}
    else:
        clocks = {"resolve_due_at": one.after, "resolve_days": one.days}
        clocks["due_uncertain"] = not one.certain
        # While it waits, the day until which it waits is the clock that runs.
        if line.running_clock != Clock.WAIT:
            clocks["next_due_at"] = one.after
    if not _put_under(line, policy, clocks):
        return False
    write_event(
        line,
        CHANGE_LIMIT,
        by=by,
        from_stage=before,
        # A promise that moves is told to whom it was given.
        public=one.before != one.after or bool(days),
        values={"from": written(one.before), "due": written(one.after), **days},
    )
    return True


def _put_under(line: Issue, policy: SlaPolicy, clocks: dict[str, Any]) -> bool:
    """The one UPDATE by which a changed limit moves the clocks of a line, and its ladder."""
    if "next_due_at" in clocks:
        clocks |= clock_set(line, clocks)
    won = Issue.objects.filter(pk=line.pk, stage=line.stage, version=line.version).update(
        version=F("version") + 1, policy=policy, **clocks
    )
    if won:
        line.refresh_from_db(fields=["version", "policy", *clocks])
    return bool(won)


def _refits(policy: SlaPolicy, now: datetime) -> Iterator[list[Refit]]:
    """Open lines for which this policy would be the one that holds, and are not under it, in
    batches by id."""
    rivals = _rivals(policy)
    concerned = Issue.objects.all().open().filter(level=policy.level).exclude(policy=policy.pk or 0)
    if policy.unit_id:
        concerned = concerned.filter(unit=policy.unit_id)
    if policy.kind_id:
        concerned = concerned.filter(kind=policy.kind_id)
    last = 0
    while lines := list(
        concerned.filter(pk__gt=last)
        .for_ledger()
        .prefetch_related("pauses", "extensions")
        .order_by("pk")[:BATCH]
    ):
        last = lines[-1].pk
        held = [
            line
            for line in lines
            if most_particular(rivals, line.unit_id, line.kind_id, line.level) is policy
        ]
        yield list(_refitted(held, policy, now))


def _refitted(lines: Sequence[Issue], policy: SlaPolicy, now: datetime) -> Iterator[Refit]:
    calendars, day_and_night = calendars_of(lines), WorkCalendar.round_the_clock()
    for line in lines:
        yield refit(
            line,
            policy,
            pauses=line.pauses.all(),
            extensions=line.extensions.all(),
            calendar=day_and_night if line.round_the_clock else calendars[line.unit_id],
            now=now,
        )


def _rivals(policy: SlaPolicy) -> Iterable[SlaPolicy]:
    """What will be in force beside this policy, and itself."""
    rows = SlaPolicy.objects.in_force().filter(level=policy.level)
    if policy.unit is not None:
        rows = rows.fitting(policy.unit)
    place = (policy.unit_id, policy.kind_id)
    return [policy, *(row for row in rows if (row.unit_id, row.kind_id) != place)]
