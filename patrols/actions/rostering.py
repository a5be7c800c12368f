"""Making a month's roster, and publishing it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypeVar

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from liaison.accounts.models import User
from liaison.audit.record import record
from liaison.core.refused import Conflict, Refused
from patrols.actions.duty_guards import put_all_on_duty
from patrols.models import Duty, DutyNight, PatrolTeam, Roster
from patrols.nights import evening_of
from patrols.rights import must_divide, must_keep
from patrols.roster_dates import last_of, month_of
from patrols.roster_month import Month
from patrols.roster_notices import tell_changed, tell_published
from patrols.roster_words import in_short, reason_words, rows_of
from patrols.rostering.checking import violations
from patrols.rostering.problem import Answer, Crew, Impossible, Problem, Undecided
from patrols.rostering.problem import Roster as Solved
from patrols.rostering.running import SolverError, run

Changes = dict[int, tuple[list[date], list[date]]]
T = TypeVar("T")


@dataclass(frozen=True)
class _Asked:
    """What one run is about: the month as it was read, and the roster's version then."""

    month: Month
    version: int | None
    problem: Problem


def make_roster(team: PatrolTeam, month: date, *, by: User, version: int | None = None) -> Roster:
    """Work out the month's nights to come, or say why that cannot be.

    A draft is made anew; of a published roster as few nights as possible change. Locked nights
    stay. Where no roster is possible what stands is kept and ``conflicts`` says why. Raises
    Refused("not_allowed" | "past" | "no_members" | "solver_failed" | "undecided") or a Conflict
    when somebody changed the roster, or what it rests on, meanwhile.
    """
    [made] = make_rosters([team], month, by=by, version=version)
    if isinstance(made, Refused):
        raise made
    return made


def make_rosters(
    teams: Sequence[PatrolTeam], month: date, *, by: User, version: int | None = None
) -> list[Roster | Refused]:
    """The same for several teams: of each its roster, or why it has none.

    Each is a transaction of its own and holds no other up. The solver runs outside them, since
    nobody else can write on SQLite within. Raises Refused for what concerns them all.
    """
    for team in teams:
        must_keep(by, team.unit_id)
    month = month_of(month)
    if last_of(month) < evening_of(timezone.now()):
        raise Refused("past", _("This month is over."), field="month")
    asked = [_tried(partial(_ask, team, month, version)) for team in teams]
    problems = [one.problem for one in asked if isinstance(one, _Asked)]
    try:
        answers = iter(run(problems))
    except SolverError as failed:
        raise Refused(
            "solver_failed",
            _("The roster could not be worked out: %(error)s") % {"error": failed},
        ) from failed
    return [
        one if isinstance(one, Refused) else _tried(partial(_write, one, next(answers), by))
        for one in asked
    ]


@transaction.atomic
def publish_roster(roster: Roster, *, by: User, version: int) -> None:
    """From now on it holds, and the enterprises' contacts are told of their nights.

    Raises Refused("not_allowed" | "unlawful") or a Conflict when it is published already or has
    changed since ``version``.
    """
    must_divide(by, roster.team.unit_id)
    if not Roster.objects.filter(pk=roster.pk, state=Roster.State.DRAFT, version=version).update(
        state=Roster.State.PUBLISHED,
        published_by=by,
        published_at=timezone.now(),
        version=F("version") + 1,
    ):
        raise _changed(roster)
    month = Month(roster.team, roster.month)
    problem = month.to_make(seed=0, within=1.0, keep=False)
    wrong = violations(problem, month.crews)
    if wrong:
        said = reason_words(wrong, month.names())
        raise Refused(
            "unlawful",
            _("It cannot be published: %(said)s.") % {"said": in_short(said)},
            details={"broken": said},
        )
    record(
        "roster.published",
        roster.team,
        by=by,
        unit=roster.team.unit,
        changes={"month": f"{roster.month:%Y-%m}"},
    )
    tell_published(roster, by=by)


def _tried(verb: Callable[[], T]) -> T | Refused:
    try:
        return verb()
    except Refused as refused:
        return refused


def _ask(team: PatrolTeam, month: date, version: int | None) -> _Asked:
    roster = Roster.objects.filter(team=team, month=month).first()
    if version is not None and (roster is None or roster.version != version):
        raise _changed(roster)
    read = Month(team, month)
    if not read.enterprises:
        raise Refused(
            "no_members",
            _("No enterprise is in %(team)s in this month.") % {"team": team},
            field="team",
        )
    return _Asked(read, roster.version if roster else None, _problem(read, roster))


def _problem(month: Month, roster: Roster | None) -> Problem:
    return month.to_make(
        # The same month of the same team gives the same roster.
        seed=month.month.year * 100 + month.month.month,
        within=settings.PATROL_ROSTER_SECONDS,
        keep=roster is not None and roster.state == Roster.State.PUBLISHED,
    )


@transaction.atomic
def _write(asked: _Asked, answer: Answer, by: User) -> Roster:
    team, month = asked.month.team, asked.month.month
    if isinstance(answer, Undecided):
        raise Refused(
            "undecided",
            _("%(team)s: the time was too short to find a roster, or why there is none.")
            % {"team": team},
        )
    roster = _claim(asked, by)
    said = {"month": f"{month:%Y-%m}"}
    if isinstance(answer, Impossible):
        roster.conflicts = rows_of(answer, asked.month.names())
        roster.save(update_fields=["conflicts"])
        record("roster.impossible", team, by=by, unit=team.unit, changes=said)
        return roster
    # What it rests on may have changed while the solver ran: certificates, wishes, absences.
    read = Month(team, month)
    if violations(_problem(read, roster), {**read.crews, **answer.crews}):
        raise Conflict(
            "changed_meanwhile",
            _("Guards or wishes of %(team)s have changed meanwhile: make the roster once more.")
            % {"team": team},
        )
    changes = _write_nights(roster, read, answer)
    roster.proven, roster.gap, roster.seconds = answer.proven, answer.gap, answer.seconds
    roster.seed, roster.conflicts = asked.problem.seed, []
    roster.made_by, roster.made_at = by, timezone.now()
    roster.save(
        update_fields=["proven", "gap", "seconds", "seed", "conflicts", "made_by", "made_at"]
    )
    changed = len({night for came, went in changes.values() for night in (*came, *went)})
    record("roster.made", team, by=by, unit=team.unit, changes={**said, "nights": changed})
    if roster.state == Roster.State.PUBLISHED:
        tell_changed(roster, changes, by=by)
    return roster


def _claim(asked: _Asked, by: User) -> Roster:
    """The roster as it was when the solver began, nobody changing it until we commit."""
    team, month = asked.month.team, asked.month.month
    if asked.version is None:
        try:
            with transaction.atomic():
                return Roster.objects.create(team=team, month=month, made_by=by)
        except IntegrityError as error:
            raise _changed(None) from error
    mine = Roster.objects.filter(team=team, month=month, version=asked.version)
    if not mine.update(version=F("version") + 1):
        raise _changed(Roster.objects.filter(team=team, month=month).first())
    return Roster.objects.get(team=team, month=month)


def _write_nights(roster: Roster, month: Month, answer: Solved) -> Changes:
    """Nights that are other than before; by enterprise which came and which went."""
    changes: Changes = {}
    fresh: list[DutyNight] = []
    altered: list[DutyNight] = []
    for night in month.to_come:
        old = month.crews.get(night, Crew({}))
        new = answer.crews[night]
        row = month.rows.get(night)
        if row is not None and _same(old, new):
            continue
        for key in {*old.sends, *new.sends}:
            came, went = changes.setdefault(key, ([], []))
            if key not in old.sends:
                came.append(night)
            elif key not in new.sends:
                went.append(night)
        if row is None:
            fresh.append(DutyNight(roster=roster, team=roster.team, night_on=night))
        else:
            altered.append(row)
    DutyNight.objects.bulk_create(fresh)
    rows = DutyNight.objects.filter(pk__in=[row.pk for row in altered])
    rows.update(version=F("version") + 1)
    Duty.objects.filter(night__in=altered).delete()
    pairs = [
        (Duty(night=row, enterprise=month.enterprises[key], came_by="roster"), guards)
        for row in (*fresh, *altered)
        for key, guards in answer.crews[row.night_on].sends.items()
    ]
    Duty.objects.bulk_create([duty for duty, _guards in pairs])
    put_all_on_duty(pairs)
    return changes


def _same(one: Crew, other: Crew) -> bool:
    return {key: set(keys) for key, keys in one.sends.items()} == {
        key: set(keys) for key, keys in other.sends.items()
    }


def _changed(roster: Roster | None) -> Conflict:
    return Conflict(
        "changed",
        _("Somebody else has changed this roster meanwhile: look at it as it is now."),
        details={
            "version": roster.version if roster else None,
            "state": roster.state if roster else None,
        },
    )
