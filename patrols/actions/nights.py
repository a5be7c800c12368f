"""Changing single nights by hand, locking them, and what an enterprise wishes of a night."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from liaison.accounts.models import User
from liaison.audit.record import record
from liaison.core.refused import Refused
from patrols.actions.night_rows import (
    broken,
    claim_night,
    must_be_to_come,
    must_break_no_more,
    put_in,
)
from patrols.models import Duty, DutyNight, Night, Roster, Wish
from patrols.rights import must_keep, must_speak_for
from patrols.roster_dates import month_of
from patrols.roster_month import Month
from patrols.roster_notices import tell_changed
from patrols.roster_words import soft_words

REASON_MAX = 200


@transaction.atomic
def change_night(
    night: DutyNight,
    sends: Mapping[int, Sequence[int]],
    *,
    by: User,
    version: int,
    lock: bool = True,
) -> list[str]:
    """Send exactly these enterprises with these guards (keys), whatever the solver had said.

    What is allowed and not good comes back in words. ``lock``: later runs leave it so. Raises
    Refused("not_allowed" | "past" | "not_in_team" | "certificate" | "unlawful" | ...) or a
    Conflict when the night is another than in ``version``.
    """
    must_keep(by, night.team.unit_id)
    must_be_to_come(night.night_on)
    row = claim_night(night, version=version)
    month = Month(row.team, month_of(row.night_on))
    strange = [key for key in sends if key not in month.enterprises]
    if strange:
        raise Refused(
            "not_in_team",
            _("Only enterprises of the team go on its patrol."),
            field="guards",
            details={"enterprises": strange},
        )
    before, names = broken(row), month.names()
    old = month.crews[row.night_on].sends
    Duty.objects.filter(night=row).delete()
    put_in(row, [(month.enterprises[key], guards) for key, guards in sends.items()], "hand")
    must_break_no_more(row, before)
    DutyNight.objects.filter(pk=row.pk).update(locked=lock)
    record(
        "night.changed",
        row.team,
        by=by,
        unit=row.team.unit,
        changes={
            "night": str(row.night_on),
            "enterprises": [month.enterprises[key].name for key in sends],
        },
    )
    if row.roster.state == Roster.State.PUBLISHED:
        day = [row.night_on]
        changes: dict[int, tuple[list[date], list[date]]] = {
            key: (day if key not in old else [], [])
            for key, guards in sends.items()
            if set(guards) != set(old.get(key, ()))
        }
        changes |= {key: ([], day) for key in old if key not in sends}
        tell_changed(row.roster, changes, by=by)
    now = Month(row.team, month_of(row.night_on))
    return soft_words(now.as_it_is(), now.crews, row.night_on, names)


@transaction.atomic
def lock_night(night: DutyNight, *, by: User, version: int, locked: bool) -> None:
    """Whether a later run of the roster leaves this night as it is."""
    must_keep(by, night.team.unit_id)
    must_be_to_come(night.night_on)
    row = claim_night(night, version=version)
    DutyNight.objects.filter(pk=row.pk).update(locked=locked)
    record(
        "night.locked" if locked else "night.unlocked",
        row.team,
        by=by,
        unit=row.team.unit,
        changes={"night": str(row.night_on)},
    )


@transaction.atomic
def set_wish(
    enterprise: Enterprise, night_on: date, *, kind: str, by: User, reason: str = ""
) -> Wish:
    """What the enterprise says of a night to come; said again it replaces what was said.

    A roster that is there already stays; the next run heeds it. Raises Refused("not_yours" |
    "past" | "invalid" | "too_long").
    """
    must_speak_for(by, enterprise)
    must_be_to_come(night_on)
    if kind not in Night.values:
        raise Refused("invalid", _("There is no such wish."), field="kind")
    reason = short_reason(reason)
    wish, _new = Wish.objects.update_or_create(
        enterprise=enterprise,
        night_on=night_on,
        defaults={"kind": kind, "reason": reason, "by": by, "at": timezone.now()},
    )
    record(
        "wish.set",
        enterprise,
        by=by,
        unit=enterprise.unit,
        changes={"night": str(night_on), "wish": kind},
    )
    return wish


@transaction.atomic
def remove_wish(wish: Wish, *, by: User) -> None:
    """Raises Refused("not_yours" | "past")."""
    must_speak_for(by, wish.enterprise)
    must_be_to_come(wish.night_on)
    record(
        "wish.removed",
        wish.enterprise,
        by=by,
        unit=wish.enterprise.unit,
        changes={"night": str(wish.night_on), "wish": wish.kind},
    )
    wish.delete()


def short_reason(reason: str) -> str:
    """Raises Refused("too_long")."""
    reason = reason.strip()
    if len(reason) > REASON_MAX:
        raise Refused(
            "too_long", _("At most %(n)d characters.") % {"n": REASON_MAX}, field="reason"
        )
    return reason
