"""One enterprise takes a night of another: asked, accepted by it, approved by the station."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
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
from patrols.models import Duty, DutyNight, Membership, PatrolTeam, SwapRequest
from patrols.rights import must_speak_for
from patrols.roster_dates import month_of
from patrols.roster_month import Month
from patrols.roster_notices import tell_of_swap
from patrols.rostering.substituting import free_guards
from patrols.swap_moves import MOVES, State, may

ENDED = (State.APPROVED, State.REFUSED, State.WITHDRAWN)


@transaction.atomic
def ask_swap(
    duty: Duty, asked: Enterprise, *, by: User, takes_on: date | None = None, reason: str = ""
) -> SwapRequest:
    """Ask another enterprise of the team to take this duty, for one of its own or for nothing.

    Raises Refused("not_yours" | "not_published" | "past" | "not_in_team" | "on_duty" |
    "not_on_duty" | "nobody_free" | "too_long"), or a Conflict when the night is asked about
    already.
    """
    must_speak_for(by, duty.enterprise)
    night = duty.night
    if not is_published(night):
        raise Refused("not_published", _("This roster is not published yet."))
    must_be_to_come(night.night_on)
    swap = SwapRequest(
        team=night.team,
        asking=duty.enterprise,
        asked=asked,
        gives_on=night.night_on,
        takes_on=takes_on,
        reason=short_reason(reason),
        asked_by=by,
    )
    must_fit(swap)
    try:
        with transaction.atomic():
            swap.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(
            "asked_already", _("Somebody has been asked about this night already.")
        ) from error
    _note(swap, "asked", by)
    return swap


@transaction.atomic
def move_swap(swap: SwapRequest, name: str, *, by: User, answer: str = "") -> SwapRequest:
    """Make one of the moves of ``patrols/swap_moves.py``.

    Raises Refused("not_allowed" | "past" | "nobody_free" | "certificate" | "unlawful" | ...); then
    the swap stands as before. A Conflict when it has gone on meanwhile.
    """
    move = MOVES[name]
    if not may(by, swap, move):
        raise Refused("not_allowed", _("This is not yours to say."))
    said = {"answer": short_reason(answer)} if answer else {}
    if move.after == State.ACCEPTED:
        said["accepted_by"] = by  # type: ignore[assignment]
    if move.after in ENDED:
        said |= {"decided_by": by, "decided_at": timezone.now()}  # type: ignore[dict-item]
    claimed = SwapRequest.objects.filter(pk=swap.pk, state__in=move.before)
    if not claimed.update(state=move.after, **said):
        state = SwapRequest.objects.get(pk=swap.pk).state
        raise Conflict("went_on", _("This swap has gone on meanwhile."), details={"state": state})
    swap = SwapRequest.objects.select_related("team__unit", "asking__unit", "asked__unit").get(
        pk=swap.pk
    )
    if move.after in (State.ACCEPTED, State.APPROVED):
        must_be_to_come(min(swap.gives_on, swap.takes_on or swap.gives_on))
    if move.after == State.ACCEPTED:
        must_fit(swap)
    if move.after == State.APPROVED:
        _exchange(swap)
    _note(swap, move.told, by)
    return swap


def must_fit(swap: SwapRequest) -> list[tuple[int, ...]]:
    """Whom each leg of it brings as things stand now; approving looks at everything once more,
    with the nights in hand. Raises Refused.
    """
    for night_on, leaves, comes in legs(swap):
        belongs = Membership.objects.on(night_on).filter(team=swap.team, enterprise=comes)
        if not belongs.exists():
            raise Refused("not_in_team", _("Only enterprises of the team swap."), field="asked")
        out = set(
            Duty.objects.filter(night__team=swap.team, night__night_on=night_on).values_list(
                "enterprise", flat=True
            )
        )
        if leaves.pk not in out:
            raise Refused(
                "not_on_duty",
                _("%(who)s is not on duty on that night.") % {"who": leaves.name},
                field="takes_on",
            )
        if comes.pk in out:
            raise Refused(
                "on_duty",
                _("%(who)s is on duty on that night itself.") % {"who": comes.name},
                field="asked",
            )
    return _guards_of(swap)


def legs(swap: SwapRequest) -> list[tuple[date, Enterprise, Enterprise]]:
    """Each night of it: who leaves, who comes."""
    found = [(swap.gives_on, swap.asking, swap.asked)]
    if swap.takes_on is not None:
        found.append((swap.takes_on, swap.asked, swap.asking))
    return sorted(found, key=lambda one: one[0])


def _guards_of(swap: SwapRequest) -> list[tuple[int, ...]]:
    """Whom each leg brings: as many as leave where there are as many, rested and with a valid
    certificate, as if the leaving ones were at home already."""
    found = []
    for night_on, leaves, comes in legs(swap):
        month = Month(swap.team, month_of(night_on))
        gone = {(day, who.pk) for day, who, _comes in legs(swap)}
        crews = {
            day: type(crew)(
                {key: sent for key, sent in crew.sends.items() if (day, key) not in gone}
            )
            for day, crew in month.crews.items()
        }
        problem = month.as_it_is()
        member = next((one for one in problem.members if one.key == comes.pk), None)
        free = free_guards(problem, crews, member, night_on) if member else ()
        wanted = len(month.crews[night_on].sends[leaves.pk])
        least = max(1, month.rules.people - crews[night_on].people)
        if len(free) < least or problem.wishes.get((comes.pk, night_on)) == "blocked":
            raise Refused(
                "nobody_free",
                _("%(who)s has nobody who may go out that night and is rested.")
                % {"who": comes.name},
                field="asked",
            )
        found.append(free[: max(least, wanted)])
    return found


def _exchange(swap: SwapRequest) -> None:
    """Both nights at once; later runs leave them, since the enterprises have agreed on them."""
    nights = [_night(swap.team, day) for day, _leaves, _comes in legs(swap)]
    claimed = [claim_night(night) for night in nights]
    # Only from here on does nobody else change them.
    guards = must_fit(swap)
    before = [broken(night) for night in claimed]
    for night, (_day, leaves, _comes) in zip(claimed, legs(swap), strict=True):
        take_off(night, leaves)
    for night, keys, (_day, _leaves, comes) in zip(claimed, guards, legs(swap), strict=True):
        put_in(night, [(comes, keys)], "swap")
    for night, reasons in zip(claimed, before, strict=True):
        must_break_no_more(night, reasons)
    DutyNight.objects.filter(pk__in=[night.pk for night in claimed]).update(locked=True)


def _night(team: PatrolTeam, night_on: date) -> DutyNight:
    return DutyNight.objects.select_related("team__unit", "roster").get(
        team=team, night_on=night_on
    )


def _note(swap: SwapRequest, what: str, by: User) -> None:
    record(
        f"swap.{what}",
        swap.team,
        by=by,
        unit=swap.team.unit,
        changes={
            "asking": swap.asking.name,
            "asked": swap.asked.name,
            "gives": str(swap.gives_on),
            "takes": str(swap.takes_on or ""),
        },
    )
    tell_of_swap(swap, what, by=by)
