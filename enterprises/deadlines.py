"""When an enterprise is next to be contacted, and why; pure rules over rows already read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enterprises.models import Cadence, ContactPolicy, Enterprise, Grade, Stage, Tier

# Practice elsewhere (domain notes): one contact a week, one visit a month; key or red enterprises
# on site weekly. Used to seed the default policies and when a station has deleted them all.
FALLBACK_DAYS = {"contact_days": 7, "visit_days": 30}


@dataclass(frozen=True)
class Interval:
    """At most ``days`` between two meetings, and the fact about the enterprise that says so."""

    days: int
    because: str


def strictest(policies: Iterable[ContactPolicy], enterprise: Enterprise, field: str) -> Interval:
    """The shortest interval of all matching rows; ``field`` is contact_days or visit_days."""
    best = Interval(FALLBACK_DAYS[field], "")
    found = False
    for policy in policies:
        if not policy.matches(enterprise):
            continue
        days = getattr(policy, field)
        because = next(
            (
                f"{name}:{getattr(policy, name)}"
                for name in ("grade", "stage", "tier")
                if getattr(policy, name)
            ),
            "",
        )
        if not found or days < best.days:
            best, found = Interval(days, because), True
    return best


def fill_cadence(
    cadence: Cadence, enterprise: Enterprise, policies: list[ContactPolicy], today: date
) -> None:
    """Set both due dates and their basis from the last contacts; saves nothing.

    Days are calendar days in the station's zone. Where nothing has happened yet the clock runs
    from the day the enterprise was listed.
    """
    listed = timezone.localdate(enterprise.created_at)
    for clock, last in (("contact", cadence.last_contact_at), ("visit", cadence.last_visit_at)):
        if enterprise.stage == Stage.CLOSED:
            _stop(cadence, clock)
        else:
            interval = strictest(policies, enterprise, f"{clock}_days")
            _run(cadence, clock, interval, _local(last, listed), today)


def _stop(cadence: Cadence, clock: str) -> None:
    setattr(cadence, f"next_{clock}_due_on", None)
    setattr(cadence, f"{clock}_days", None)
    setattr(cadence, f"{clock}_because", "")
    setattr(cadence, f"{clock}_set_on", None)


def _run(cadence: Cadence, clock: str, interval: Interval, since: date, today: date) -> None:
    before: date | None = getattr(cadence, f"next_{clock}_due_on")
    days: int | None = getattr(cadence, f"{clock}_days")
    due_on = since + timedelta(interval.days)
    setattr(cadence, f"next_{clock}_due_on", due_on)
    setattr(cadence, f"{clock}_days", interval.days)
    setattr(cadence, f"{clock}_because", interval.because)
    # Other rules for what is overdue anyway give nobody more time: whoever could start the ladder
    # anew by changing a grade back and forth could keep it from ever reaching the chiefs.
    seen_since = before is None or days is None or before - timedelta(days) != since
    if due_on != before and (seen_since or before is None or before >= today):
        setattr(cadence, f"{clock}_set_on", today)


def _local(moment: datetime | None, otherwise: date) -> date:
    return timezone.localdate(moment) if moment else otherwise


def why_contact_due(cadence: Cadence) -> str:
    """The contact clock in words: last contact, interval, and the fact that sets it."""
    return _why(cadence.last_contact_at, cadence.contact_days, cadence.contact_because, site=False)


def why_visit_due(cadence: Cadence) -> str:
    """The on-site clock in words."""
    return _why(cadence.last_visit_at, cadence.visit_days, cadence.visit_because, site=True)


def due_first(cadence: Cadence) -> tuple[date | None, str]:
    """The earlier of the two due dates, and why; of both on one day the stricter: being there is
    being in contact. None where nothing is due."""
    contact, visit = cadence.next_contact_due_on, cadence.next_visit_due_on
    if visit is not None and (contact is None or visit <= contact):
        return visit, why_visit_due(cadence)
    return contact, why_contact_due(cadence)


def _why(last: datetime | None, days: int | None, because: str, *, site: bool) -> str:
    if days is None:
        return _("Closed down: nothing is due.")
    every = (
        ngettext("on site every day", "on site at least every %(days)d days", days)
        if site
        else ngettext("contact every day", "contact at least every %(days)d days", days)
    ) % {"days": days}
    if last is None:
        since = (
            _("not seen since it was listed") if site else _("not contacted since it was listed")
        )
    else:
        on = timezone.localdate(last)
        since = (_("last on site %(date)s") if site else _("last contact %(date)s")) % {
            "date": f"{on:%Y-%m-%d}"
        }
    cause = _cause(because)
    if cause:
        return _("%(cause)s: %(every)s; %(since)s") % {
            "cause": cause,
            "every": every,
            "since": since,
        }
    return _("%(every)s; %(since)s") % {"every": every, "since": since}


def _cause(because: str) -> str:
    name, _sep, value = because.partition(":")
    match name:
        case "grade":
            return _("risk grade %(grade)s") % {"grade": Grade(value).label}
        case "stage":
            return _("stage %(stage)s") % {"stage": Stage(value).label}
        case "tier":
            return _("tier %(tier)s") % {"tier": Tier(value).label}
    return ""
