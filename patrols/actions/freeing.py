"""Taking guards off nights for which they may not serve any more."""

from collections.abc import Sequence
from datetime import date

from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from liaison.accounts.models import User
from liaison.core.refused import Refused
from patrols.certificates import bar
from patrols.guard_notices import tell_of_freed
from patrols.models import DutyGuard, DutyNight, Guard

NAMED = 6


def unlawful_duties(guards: Sequence[Guard]) -> list[DutyGuard]:
    """Duties from this evening on that the guards, as they are given, may not serve."""
    of = {one.pk: one for one in guards}
    rows = DutyGuard.objects.filter(guard__in=of, night_on__gte=timezone.localdate())
    rows = rows.select_related("duty__enterprise", "duty__night__team").order_by("night_on", "pk")
    return [row for row in rows if bar(of[row.guard_id], row.night_on)]


def free_unlawful(guards: Sequence[Guard], *, agreed: bool, by: User) -> list[date]:
    """Take these guards, changed and held by the caller, off the nights that have become unlawful.

    Raises Refused("loses_duties") naming them where nobody has ``agreed``. What is left of a duty
    may be nobody: the roster shows it as short, and desk and chiefs are told who is missing when.
    """
    rows = unlawful_duties(guards)
    if not rows:
        return []
    nights = sorted({row.night_on for row in rows})
    if not agreed:
        said = "、".join(date_format(one, "MONTH_DAY_FORMAT") for one in nights[:NAMED])
        if len(nights) > NAMED:
            said = _("%(nights)s and later") % {"nights": said}
        raise Refused(
            "loses_duties",
            _("On the roster for nights that this makes unlawful: %(nights)s.") % {"nights": said},
            field="off_duty",
            details={"nights": [one.isoformat() for one in nights]},
        )
    DutyGuard.objects.filter(pk__in=[row.pk for row in rows]).delete()
    changed = {row.duty.night_id for row in rows}
    DutyNight.objects.filter(pk__in=changed).update(version=F("version") + 1)
    of = {one.pk: one for one in guards}
    tell_of_freed([(of[row.guard_id], row) for row in rows], by=by)
    return nights
