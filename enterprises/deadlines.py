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


def fill_cadence(cadence: Cadence, enterprise: Enterprise, policies: list[ContactPolicy]) -> None:
    """Set both due dates and their basis from the last contacts; saves nothing.

    Days are calendar days in the station's zone. Where nothing has happened yet the clock runs
    from the day the enterprise was listed.
    """
    if enterprise.stage == Stage.CLOSED:
        cadence.next_contact_due_on = cadence.next_visit_due_on = None
        cadence.contact_days = cadence.visit_days = None
        cadence.contact_because = cadence.visit_because = ""
        return
    contact = strictest(policies, enterprise, "contact_days")
    visit = strictest(policies, enterprise, "visit_days")
    listed = timezone.localdate(enterprise.created_at)
    cadence.contact_days, cadence.contact_because = contact.days, contact.because
    cadence.visit_days, cadence.visit_because = visit.days, visit.because
    cadence.next_contact_due_on = _local(cadence.last_contact_at, listed) + timedelta(contact.days)
    cadence.next_visit_due_on = _local(cadence.last_visit_at, listed) + timedelta(visit.days)


def _local(moment: datetime | None, otherwise: date) -> date:
    return timezone.localdate(moment) if moment else otherwise


def why_contact_due(cadence: Cadence) -> str:
    """The contact clock in words: last contact, interval, and the fact that sets it."""
    return _why(cadence.last_contact_at, cadence.contact_days, cadence.contact_because, site=False)


def why_visit_due(cadence: Cadence) -> str:
    """The on-site clock in words."""
    return _why(cadence.last_visit_at, cadence.visit_days, cadence.visit_because, site=True)


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
