"""What every change of a night does: claim it, take enterprises off, put others in, count again."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from liaison.core.refused import Conflict, Refused
from patrols.actions.duty_guards import put_all_on_duty
from patrols.models import Duty, DutyNight, Roster
from patrols.nights import evening_of
from patrols.roster_dates import month_of
from patrols.roster_month import Month
from patrols.roster_words import in_short, reason_words
from patrols.rostering.checking import of_night
from patrols.rostering.problem import Reason


def claim_roster(roster_id: int) -> None:
    """Whoever changes a night of it takes turns with making and publishing it anew."""
    Roster.objects.filter(pk=roster_id).update(version=F("version") + 1)


def claim_night(night: DutyNight, *, version: int | None = None) -> DutyNight:
    """The night as it is now, nobody changing it until we commit.

    Its roster is taken first, always in this order. Raises Conflict when ``version`` is not the
    one that it has.
    """
    claim_roster(night.roster_id)
    wanted = DutyNight.objects.filter(pk=night.pk)
    if version is not None:
        wanted = wanted.filter(version=version)
    if not wanted.update(version=F("version") + 1):
        now = DutyNight.objects.filter(pk=night.pk).values_list("version", flat=True).first()
        raise Conflict(
            "changed",
            _("Somebody else has changed this night meanwhile: look at it as it is now."),
            details={"version": now},
        )
    return DutyNight.objects.select_related("roster", "team__unit").get(pk=night.pk)


def must_be_to_come(night_on: date) -> None:
    """Raises Refused: what was, was."""
    if night_on < evening_of(timezone.now()):
        raise Refused("past", _("This night is over."))


def is_published(night: DutyNight) -> bool:
    """As it is now, whatever the caller has read."""
    return Roster.objects.filter(pk=night.roster_id, state=Roster.State.PUBLISHED).exists()


def broken(night: DutyNight) -> list[Reason]:
    """The hard rules that it breaks as it stands in the database."""
    month = Month(night.team, month_of(night.night_on))
    return of_night(month.as_it_is(), month.crews, night.night_on)


def must_break_no_more(night: DutyNight, before: Iterable[Reason]) -> None:
    """What a night was short of before, it may be short of still; nothing new comes to it.

    Raises Refused("unlawful") with the rules in words.
    """
    month = Month(night.team, month_of(night.night_on))
    now = of_night(month.as_it_is(), month.crews, night.night_on)
    new = list((Counter(now) - Counter(before)).elements())
    if new:
        said = reason_words(new, month.names())
        raise Refused(
            "unlawful",
            _("That breaks the rules: %(said)s.") % {"said": in_short(said)},
            field="guards",
            details={"broken": said},
        )


def take_off(night: DutyNight, enterprise: Enterprise | int) -> int:
    """The enterprise's duty with its guards; how many it sent. Raises Conflict when it has none."""
    key = enterprise.pk if isinstance(enterprise, Enterprise) else enterprise
    duty = Duty.objects.filter(night=night, enterprise=key).first()
    if duty is None:
        raise Conflict("not_on_duty", _("This enterprise is not on duty on that night any more."))
    sent = duty.guards.count()
    duty.delete()
    return sent


def put_in(night: DutyNight, sends: Sequence[tuple[Enterprise, Sequence[int]]], came: str) -> None:
    """These enterprises with these guards; certificates are asked for there."""
    duties = [
        (Duty(night=night, enterprise=enterprise, came_by=came), guards)
        for enterprise, guards in sends
    ]
    Duty.objects.bulk_create([duty for duty, _guards in duties])
    put_all_on_duty(duties)
