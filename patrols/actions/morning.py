"""The morning's report of a night: written once, told to desk and chiefs."""

from collections import Counter
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liaison.accounts.models import OVERSEERS, Unit, User
from liaison.notices.actions import notify
from patrols.models import DutyNight, NightReport
from patrols.nights import at, evening_of
from patrols.tallies import by_team, total

ONE = timedelta(days=1)
# Nights that nothing reported, because the server stood still, are reported for so long.
BACK = timedelta(days=7)


def report_nights(now: datetime) -> dict[str, int]:
    """Report each station's nights that are due by now and are not reported; how many were.

    Run again, and by two at once, it reports no night twice.
    """
    last = last_due(now)
    reported = NightReport.objects.filter(
        unit=OuterRef("team__unit"), night_on=OuterRef("night_on")
    )
    due = (
        DutyNight.objects.filter(night_on__range=(last - BACK, last), roster__state="published")
        .exclude(Exists(reported))
        .order_by("night_on", "team__unit")
        .values_list("night_on", "team__unit")
        .distinct()
    )
    units = Unit.objects.in_bulk({unit for _night, unit in due})
    return {"night_reports": sum(_report(units[unit], night, last, now) for night, unit in due)}


def last_due(now: datetime) -> date:
    """The last evening whose night is reported by now: from ``PATROL_REPORT_AT`` of its morning."""
    evening = evening_of(now)
    return evening if now >= at(evening, settings.PATROL_REPORT_AT) else evening - ONE


def in_words(whole: Counter[str]) -> str:
    """A night in a line or two, the worst first."""
    if not whole["rounds"]:
        return _("No round was planned.")
    said = []
    if whole["sos"]:
        said.append(ngettext("%(n)d SOS", "%(n)d SOS", whole["sos"]) % {"n": whole["sos"]})
    if whole["missed"]:
        said.append(
            ngettext("%(n)d round was not walked", "%(n)d rounds were not walked", whole["missed"])
            % {"n": whole["missed"]}
        )
    left_out = whole["checkpoints"] - whole["passed"]
    if left_out:
        said.append(
            ngettext("%(n)d checkpoint missed", "%(n)d checkpoints missed", left_out)
            % {"n": left_out}
        )
    if whole["incidents"]:
        said.append(
            ngettext("%(n)d incident", "%(n)d incidents", whole["incidents"])
            % {"n": whole["incidents"]}
        )
    said.append(
        _("%(walked)d of %(rounds)d rounds walked whole")
        % {"walked": whole["walked"], "rounds": whole["rounds"]}
    )
    return _("; ").join(said)


def _report(unit: Unit, evening: date, last: date, now: datetime) -> int:
    """Whether it was this run that reported it. Of older nights than the last nobody is told: they
    are there to be looked up."""
    teams = by_team(unit, evening, evening)
    try:
        with transaction.atomic():
            NightReport.objects.create(unit=unit, night_on=evening, teams=teams, made_at=now)
            if evening != last:
                return 1
            with translation.override(settings.LANGUAGE_CODE):
                notify(
                    User.objects.active().at(unit).filter(kind__in=OVERSEERS),
                    occasion=f"patrol-night:{unit.pk}:{evening}",
                    kind="patrol.morning",
                    title=_("Patrols of the night of %(day)s") % {"day": evening},
                    text=in_words(total(teams.values())),
                    url=reverse("patrol_morning", args=[evening]),
                    now=now,
                )
    except IntegrityError:
        if not NightReport.objects.filter(unit=unit, night_on=evening).exists():
            raise
        return 0  # another run was first
    return 1
