"""Somebody cannot come: said, the next best found at once, and put in with one press."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from liaison.accounts.models import User
from liaison.audit.record import record
from liaison.core.refused import Conflict, Refused
from patrols.actions.night_rows import (
    broken,
    claim_night,
    is_published,
    must_be_to_come,
    must_break_no_more,
    put_in,
    take_off,
)
from patrols.actions.nights import short_reason
from patrols.models import Absence, Duty, DutyGuard, DutyNight, Guard, SwapRequest
from patrols.rights import must_keep, must_speak_for
from patrols.roster_dates import month_of
from patrols.roster_month import Month
from patrols.roster_notices import tell_of_absence, tell_substitute
from patrols.rostering.substituting import Substitute, free_guards, substitutes


@dataclass(frozen=True)
class Offer:
    """Who could come instead: the enterprise with these of its guards. ``own``: the absent
    guard's own enterprise sends somebody else; then there is no ``found``."""

    enterprise: Enterprise
    guards: tuple[Guard, ...]
    own: bool
    found: Substitute | None = None


@transaction.atomic
def report_absence(
    duty: Duty, *, by: User, guard: Guard | None = None, reason: str = ""
) -> Absence:
    """This guard, or nobody of the enterprise, can come on the night of the duty.

    They are off the roster at once, and the station is told; :func:`offers` says who is next best.
    Raises Refused("not_yours" | "not_published" | "past" | "not_on_duty" | "too_long").
    """
    must_speak_for(by, duty.enterprise)
    if not is_published(duty.night):
        raise Refused("not_published", _("This roster is not published yet."))
    must_be_to_come(duty.night.night_on)
    reason = short_reason(reason)
    night = claim_night(duty.night)
    if not _off(night, duty, guard):
        raise Conflict("not_on_duty", _("They are not on duty on that night any more."))
    try:
        with transaction.atomic():
            absence = Absence.objects.create(
                enterprise=duty.enterprise,
                guard=guard,
                night_on=night.night_on,
                reason=reason,
                by=by,
            )
    except IntegrityError as error:
        raise Conflict("said_already", _("This has been said already.")) from error
    if guard is None or not Duty.objects.filter(night=night, enterprise=duty.enterprise).exists():
        # What was asked about that night is no question any more.
        SwapRequest.objects.all().open().filter(
            asking=duty.enterprise, gives_on=night.night_on
        ).update(state=SwapRequest.State.WITHDRAWN)
    record(
        "absence.reported",
        duty.enterprise,
        by=by,
        unit=duty.enterprise.unit,
        changes={"night": str(night.night_on), "guard": guard.name if guard else ""},
    )
    tell_of_absence(absence, night, by=by)
    return absence


def offers(absence: Absence, night: DutyNight, month: Month | None = None) -> list[Offer]:
    """The next best first: another guard of the same enterprise where one is free, then the others
    of the team as ``rostering/substituting.py`` ranks them."""
    month = month or Month(night.team, month_of(night.night_on))
    problem = month.as_it_is()
    crew = month.crews[night.night_on]
    wanted = max(1, month.rules.people - crew.people)
    found = []
    member = next((one for one in problem.members if one.key == absence.enterprise_id), None)
    if absence.guard_id is not None and member is not None:
        free = free_guards(problem, month.crews, member, night.night_on)
        if len(free) >= wanted:
            guards = tuple(month.guards[key] for key in free[:wanted])
            found.append(Offer(month.enterprises[member.key], guards, own=True))
    room = len(crew.sends) < month.rules.most
    others = substitutes(problem, month.crews, night.night_on, wanted=wanted) if room else []
    for one in others:
        if one.member != absence.enterprise_id:
            guards = tuple(month.guards[key] for key in one.guards)
            found.append(Offer(month.enterprises[one.member], guards, own=False, found=one))
    return found


@transaction.atomic
def take_substitute(absence: Absence, enterprise: Enterprise, *, by: User) -> None:
    """This enterprise comes in, with the guards that :func:`offers` names for it now.

    For the station's people. Raises Refused("not_allowed" | "past" | "nobody_free" |
    "certificate" | "unlawful"), or a Conflict when somebody has come in already.
    """
    must_keep(by, absence.enterprise.unit_id)
    must_be_to_come(absence.night_on)
    night = claim_night(night_of(absence))
    before = broken(night)
    offer = next((o for o in offers(absence, night) if o.enterprise.pk == enterprise.pk), None)
    open_still = Absence.objects.filter(
        pk=absence.pk, substitute__isnull=True, substitute_guard__isnull=True
    )
    if not open_still.exists():
        raise Conflict("taken", _("Somebody comes in instead already."))
    if offer is None:
        raise Refused(
            "nobody_free",
            _("%(who)s has nobody who may go out that night and is rested.")
            % {"who": enterprise.name},
        )
    keys = [one.pk for one in offer.guards]
    if offer.own and Duty.objects.filter(night=night, enterprise=enterprise).exists():
        keys += list(
            DutyGuard.objects.filter(duty__night=night, duty__enterprise=enterprise).values_list(
                "guard", flat=True
            )
        )
        take_off(night, enterprise)
    put_in(night, [(enterprise, keys)], "substitute")
    must_break_no_more(night, before)
    if not open_still.update(substitute=enterprise, substitute_guard=offer.guards[0]):
        raise Conflict("taken", _("Somebody comes in instead already."))
    names = [one.name for one in offer.guards]
    record(
        "absence.substituted",
        absence.enterprise,
        by=by,
        unit=absence.enterprise.unit,
        changes={"night": str(absence.night_on), "by": enterprise.name, "guards": names},
    )
    tell_substitute(absence, enterprise, names, by=by)


def night_of(absence: Absence) -> DutyNight:
    """The night of the team that the enterprise belongs to on it."""
    return DutyNight.objects.select_related("roster", "team__unit").get(
        night_on=absence.night_on,
        team__in=absence.enterprise.patrol_memberships.all().on(absence.night_on).values("team"),
    )


def _off(night: DutyNight, duty: Duty, guard: Guard | None) -> bool:
    if guard is None:
        return bool(Duty.objects.filter(night=night, enterprise=duty.enterprise).delete()[0])
    gone, _each = DutyGuard.objects.filter(
        duty__night=night, duty__enterprise=duty.enterprise, guard=guard
    ).delete()
    left = DutyGuard.objects.filter(duty__night=night, duty__enterprise=duty.enterprise)
    if gone and not left.exists():
        Duty.objects.filter(night=night, enterprise=duty.enterprise).delete()
    return bool(gone)
