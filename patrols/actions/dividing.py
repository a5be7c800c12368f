"""Working on a division into teams: proposing, moving by hand, discarding."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from liaison.accounts.models import Unit, User
from liaison.audit.record import record
from liaison.core.coordinates import Point
from liaison.core.refused import Conflict, Refused
from patrols.grouping.problem import Division, Impossible, Problem, Rules
from patrols.grouping.running import run
from patrols.models import Barrier, Draft, DraftPlace, Membership, Pin
from patrols.pins import Settled, broken
from patrols.reasons import by_hand, kept, placeless, told_of, why_impossible
from patrols.rights import must_divide

MOST_TEAMS = 99


@dataclass(frozen=True)
class Asked:
    """What a proposal is to be. Another ``seed`` may find another one."""

    teams: int
    smallest: int
    largest: int
    seed: int = 0


def usual(unit: Unit) -> Asked:
    """As many teams as take everybody in, of the usual sizes; at least one."""
    placed = Enterprise.objects.filter(unit=unit, longitude__isnull=False).live().count()
    largest = settings.PATROL_TEAM_LARGEST
    return Asked(max(1, -(-placed // largest)), settings.PATROL_TEAM_SMALLEST, largest)


def propose_division(
    unit: Unit, asked: Asked, *, by: User, version: int | None = None, rounds: int | None = None
) -> Draft:
    """A draft from what the solver finds, in place of the open one, whose ``version`` says what is
    given up; None where there was none.

    The search takes seconds and holds no transaction; ``rounds`` makes it shorter. Raises Refused
    when nothing fits, Conflict when somebody worked on the draft meanwhile.
    """
    must_divide(by, unit)
    _must_make_sense(asked)
    live = list(
        Enterprise.objects.filter(unit=unit)
        .live()
        .only("pk", "name", "longitude", "latitude")
        .order_by("pk")
    )
    names = {one.pk: one.name for one in live}
    try:
        division = run(_problem(unit, asked, live, rounds))
    except Impossible as impossible:
        raise Refused(
            impossible.why, why_impossible(impossible, names), field="teams"
        ) from impossible
    return _keep(unit, asked, division, names, by=by, version=version)


def _must_make_sense(asked: Asked) -> None:
    if not 1 <= asked.smallest <= asked.largest <= 100:
        raise Refused(
            "sizes", _("The smallest team may not be larger than the largest."), field="smallest"
        )
    if not 1 <= asked.teams <= MOST_TEAMS:
        raise Refused("teams", _("Between 1 and %(n)d teams.") % {"n": MOST_TEAMS}, field="teams")


def _problem(unit: Unit, asked: Asked, live: Sequence[Enterprise], rounds: int | None) -> Problem:
    pins = list(Pin.objects.filter(unit=unit).order_by("pk"))

    def pairs(kind: str) -> tuple[tuple[int, int], ...]:
        return tuple(
            (pin.enterprise_id, pin.other_id) for pin in pins if pin.kind == kind and pin.other_id
        )

    now = Membership.objects.filter(team__unit=unit, ended_on__isnull=True)
    more: dict[str, Any] = {} if rounds is None else {"rounds": rounds}
    return Problem(
        places={one.pk: one.point for one in live if one.point is not None},
        teams=asked.teams,
        rules=Rules(asked.smallest, asked.largest, settings.PATROL_DETOUR_METRES),
        together=pairs(Pin.Kind.TOGETHER),
        apart=pairs(Pin.Kind.APART),
        fixed={
            pin.enterprise_id: pin.team_number
            for pin in pins
            if pin.kind == Pin.Kind.TEAM and pin.team_number
        },
        out=frozenset(pin.enterprise_id for pin in pins if pin.kind == Pin.Kind.OUT),
        now=dict(now.values_list("enterprise", "team__number")),
        barriers=tuple(
            tuple(Point(*at) for at in one.line)
            for one in Barrier.objects.filter(unit=unit).order_by("pk")
        ),
        seed=asked.seed,
        within=settings.PATROL_DIVIDE_SECONDS,
        **more,
    )


@transaction.atomic
def _keep(
    unit: Unit,
    asked: Asked,
    division: Division,
    names: dict[int, str],
    *,
    by: User,
    version: int | None,
) -> Draft:
    wanted = {
        "smallest": asked.smallest,
        "largest": asked.largest,
        "teams": asked.teams,
        "seed": asked.seed,
    }
    if version is None:
        try:
            with transaction.atomic():
                # One open draft a station, by a unique constraint.
                draft = Draft.objects.create(unit=unit, made_by=by, **wanted)
        except IntegrityError as error:
            raise overtaken() from error
    else:
        mine = Draft.objects.filter(unit=unit, version=version).open()
        if not mine.update(version=F("version") + 1, **wanted):
            raise overtaken()
        draft = Draft.objects.filter(unit=unit).open().get()
        draft.places.all().delete()
    standings = division.standings
    DraftPlace.objects.bulk_create(
        DraftPlace(
            draft=draft,
            enterprise_id=key,
            team_number=(standings[key].team or None) if key in standings else None,
            reason=kept(standings[key], names) if key in standings else placeless(),
        )
        for key in names
    )
    record(
        "patrols.propose_division",
        draft,
        by=by,
        unit=unit,
        changes={
            "teams": asked.teams,
            "sizes": f"{asked.smallest}-{asked.largest}",
            "metres": division.metres,
            "uncovered": sum(not one.team for one in standings.values()),
        },
    )
    return draft


@transaction.atomic
def move_place(
    draft: Draft, enterprise: Enterprise, team_number: int | None, *, by: User, version: int
) -> Draft:
    """Into another team of the draft by hand, or into none. Sizes are judged when it is published.

    Raises Refused when that is settled otherwise, Conflict when somebody else was first.
    """
    must_divide(by, draft.unit_id)
    if team_number is not None and not 1 <= team_number <= draft.teams:
        raise Refused("no_such_team", _("There is no such team in this draft."), field="team")
    claim(draft, version)
    places = dict(draft.places.values_list("enterprise", "team_number"))
    if enterprise.pk not in places:
        raise Refused("not_here", _("This enterprise is not in the draft."), field="enterprise")
    before = places[enterprise.pk]
    moved = {**places, enterprise.pk: team_number}
    pins = [
        one for one in settled_in(draft.unit_id) if enterprise.pk in (one.enterprise, one.other)
    ]
    if wrong := broken(moved, pins):
        raise Refused("pinned", told_of(wrong[0], names_of(wrong[0])), field="team")
    DraftPlace.objects.filter(draft=draft, enterprise=enterprise).update(
        team_number=team_number, reason=by_hand(by), moved_by=by
    )
    changes = {"team": [before, team_number]}
    record("patrols.move_place", enterprise, by=by, unit=draft.unit, changes=changes)
    draft.refresh_from_db()
    return draft


@transaction.atomic
def discard_division(draft: Draft, *, by: User, version: int) -> None:
    """Raises Refused, Conflict."""
    must_divide(by, draft.unit_id)
    claim(draft, version, state=Draft.State.DISCARDED)
    record("patrols.discard_division", draft, by=by, unit=draft.unit)


def claim(draft: Draft, version: int, **values: Any) -> None:
    """The draft as it was seen, for one verb. Raises Conflict when it is another by now."""
    mine = Draft.objects.filter(pk=draft.pk, version=version).open()
    if not mine.update(version=F("version") + 1, **values):
        raise overtaken()


def overtaken() -> Conflict:
    return Conflict(
        "overtaken",
        _("Somebody else has worked on the division meanwhile; this is how it stands now."),
    )


def settled_in(unit_id: int) -> list[Settled]:
    rows = Pin.objects.filter(unit=unit_id).order_by("pk")
    return [Settled(pin.kind, pin.enterprise_id, pin.other_id, pin.team_number) for pin in rows]


def names_of(pin: Settled) -> dict[int, str]:
    named = Enterprise.objects.filter(pk__in=[pin.enterprise, pin.other or 0])
    return dict(named.values_list("pk", "name"))
