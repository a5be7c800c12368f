"""A draft becomes what holds from a night on; a team gets a name and somebody who leads it."""

from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Contact, Enterprise
from liaison.accounts.models import User
from liaison.audit.record import record
from liaison.core.refused import Conflict, Refused
from patrols.actions.dividing import claim, names_of, settled_in
from patrols.actions.taking_off import take_off_nights
from patrols.models import Draft, Membership, PatrolTeam
from patrols.pins import broken, wrong_sizes
from patrols.reasons import told_of
from patrols.rights import must_divide
from patrols.team_notices import tell_of_division


class _Done(NamedTuple):
    """How many came into a team and how many went out of one; of those the ``nights`` that they
    were to patrol with it."""

    joined: int
    left: int
    nights: dict[int, list[date]]


@transaction.atomic
def publish_division(
    draft: Draft, begins_on: date, *, by: User, version: int, any_size: bool = False
) -> Draft:
    """From the night of ``begins_on`` (today or later) each enterprise belongs where the draft has
    it.

    Who stays in a team of the same number goes on without a break; teams keep their names, and a
    leader whose enterprise stays goes on leading. Who leaves a team comes off its nights from then
    on, which desk and chiefs are told. Raises Refused for a date that is over or before
    what is published already, for pins that are not kept and, unless ``any_size``, for teams that
    are too small or too large; Conflict when somebody else was first.
    """
    must_divide(by, draft.unit_id)
    claim(
        draft,
        version,
        state=Draft.State.PUBLISHED,
        begins_on=begins_on,
        published_by=by,
        published_at=timezone.now(),
    )
    _must_be_to_come(draft, begins_on)
    live = set(Enterprise.objects.filter(unit=draft.unit_id).live().values_list("pk", flat=True))
    wanted = {
        key: number
        for key, number in draft.places.values_list("enterprise", "team_number")
        if key in live
    }
    if wrong := broken(wanted, settled_in(draft.unit_id)):
        raise Refused("pinned", told_of(wrong[0], names_of(wrong[0])))
    sizes = wrong_sizes(wanted, draft.teams, draft.smallest, draft.largest)
    if sizes and not any_size:
        raise Refused(
            "sizes",
            _("Too small or too large: %(teams)s. Move some, or tick that it is to be so.")
            % {"teams": "、".join(f"{number} ({size})" for number, size in sizes.items())},
            field="any_size",
            details={"sizes": sizes},
        )
    done = _carry_out(draft, wanted, begins_on, by=by)
    record(
        "patrols.publish_division",
        draft,
        by=by,
        unit=draft.unit,
        changes={
            "begins_on": begins_on.isoformat(),
            "teams": len({number for number in wanted.values() if number}),
            "joined": done.joined,
            "left": done.left,
            "nights": sum(map(len, done.nights.values())),
            "uncovered": sum(number is None for number in wanted.values()),
        },
    )
    draft.refresh_from_db()
    tell_of_division(draft, done.nights)
    return draft


def _must_be_to_come(draft: Draft, begins_on: date) -> None:
    if begins_on < timezone.localdate():
        raise Refused("over", _("It holds from tonight at the earliest."), field="begins_on")
    published = Draft.objects.filter(unit=draft.unit_id, state=Draft.State.PUBLISHED)
    last = published.exclude(pk=draft.pk).aggregate(last=Max("begins_on"))["last"]
    if last is not None and begins_on < last:
        raise Refused(
            "before_the_last",
            _("A division from %(day)s on is published already; this one comes then or later.")
            % {"day": last.isoformat()},
            field="begins_on",
        )


def _carry_out(draft: Draft, wanted: dict[int, int | None], begins_on: date, *, by: User) -> _Done:
    numbers = {number for number in wanted.values() if number}
    standing = PatrolTeam.objects.filter(unit=draft.unit_id, ended_on__isnull=True)
    teams = {team.number: team for team in standing}
    open_ones = Membership.objects.filter(team__unit=draft.unit_id, ended_on__isnull=True)
    now = {one.enterprise_id: one for one in open_ones.select_related("team")}
    staying = {key for key, one in now.items() if wanted.get(key) == one.team.number}
    leaving = [one.pk for key, one in now.items() if key not in staying]
    for number in sorted(numbers - set(teams)):
        teams[number] = PatrolTeam.objects.create(unit=draft.unit, number=number)
    Membership.objects.filter(pk__in=leaving).update(ended_on=begins_on)
    nights = take_off_nights(
        [key for key in now if key not in staying],
        {one.team_id for key, one in now.items() if key not in staying},
        begins_on,
    )
    reasons = dict(draft.places.values_list("enterprise", "reason"))
    coming = [
        Membership(
            team=teams[number], enterprise_id=key, began_on=begins_on, reason=reasons[key], by=by
        )
        for key, number in sorted(wanted.items())
        if number and key not in staying
    ]
    Membership.objects.bulk_create(coming)
    over = [team.pk for number, team in teams.items() if number not in numbers]
    PatrolTeam.objects.filter(pk__in=over).update(ended_on=begins_on)
    led = PatrolTeam.objects.filter(pk__in=[team.pk for team in teams.values()])
    led.exclude(leader=None).exclude(leader__enterprise__in=staying).update(leader=None)
    return _Done(len(coming), len(leaving), nights)


@transaction.atomic
def name_team(team: PatrolTeam, *, by: User, name: str, leader: Contact | None) -> PatrolTeam:
    """The leader is a contact of one of the team's enterprises. Raises Refused, Conflict."""
    must_divide(by, team.unit_id)
    name = name.strip()
    if len(name) > 40:
        raise Refused("too_long", _("At most %(n)d characters.") % {"n": 40}, field="name")
    # Written unchanged first: publishing, which may take the leader away, takes its turn.
    if not PatrolTeam.objects.filter(pk=team.pk, ended_on__isnull=True).update(number=F("number")):
        raise Conflict("ended", _("This team is no team any more."))
    if leader is not None:
        inside = Membership.objects.filter(team=team, ended_on__isnull=True)
        if leader.left_on or not inside.filter(enterprise=leader.enterprise_id).exists():
            raise Refused(
                "not_inside",
                _("Whoever leads a team is a contact of one of its enterprises."),
                field="leader",
            )
    changes: dict[str, object] = {}
    if name != team.name:
        changes["name"] = [team.name, name]
    if leader != team.leader:
        changes["leader"] = [str(team.leader or ""), str(leader or "")]
    PatrolTeam.objects.filter(pk=team.pk).update(name=name, leader=leader)
    team.name, team.leader = name, leader
    if changes:
        record("patrols.name_team", team, by=by, unit=team.unit, changes=changes)
    return team
