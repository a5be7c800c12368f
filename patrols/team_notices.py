"""Who is told of what about teams: the station's desk and chiefs."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enterprises.models import Enterprise, Recipient
from enterprises.reach import Reach
from liaison.accounts.models import Unit, User
from liaison.notices.actions import notify
from patrols.models import Draft, PatrolTeam
from patrols.roster_words import day_of

# More nobody reads in a notice.
NAMED = 10


def tell_of_leaving(
    enterprise: Enterprise, team: PatrolTeam, nights: Sequence[date], *, by: User | None
) -> None:
    """An enterprise has closed down and left its team; on these nights it would have patrolled."""
    with translation.override(settings.LANGUAGE_CODE):
        notify(
            _overseers(team.unit),
            occasion=f"team.left:{enterprise.pk}:{enterprise.version}",
            kind="team.left",
            title=_("%(name)s has closed down and left %(team)s")
            % {"name": enterprise.name, "team": team},
            text=ngettext(
                "%(n)d night lacks it: %(nights)s", "%(n)d nights lack it: %(nights)s", len(nights)
            )
            % {"n": len(nights), "nights": _named(nights)}
            if nights
            else "",
            url=reverse("team_detail", args=[team.pk]),
            by=by,
        )


def tell_of_division(draft: Draft, nights: Mapping[int, Sequence[date]]) -> None:
    """A published division takes enterprises off these nights; with none nobody is told."""
    names = dict(Enterprise.objects.filter(pk__in=nights).values_list("pk", "name"))
    if not names:
        return
    with translation.override(settings.LANGUAGE_CODE):
        lines = [f"{names[key]}: {_named(of)}" for key, of in sorted(nights.items())[:NAMED]]
        n = len(names)
        notify(
            # Also whoever published it: months are to be made anew.
            _overseers(draft.unit),
            occasion=f"division:{draft.pk}:{draft.version}",
            kind="division.published",
            title=ngettext(
                "New teams take %(n)d enterprise off the roster: make the months anew",
                "New teams take %(n)d enterprises off the roster: make the months anew",
                n,
            )
            % {"n": n},
            text="\n".join([*lines, *(["…"] if n > NAMED else [])]),
            url=reverse("roster_list"),
        )


def _named(nights: Sequence[date]) -> str:
    return "、".join(map(day_of, nights[:NAMED])) + ("…" if len(nights) > NAMED else "")


def _overseers(unit: Unit) -> list[User]:
    reach = Reach([unit], timezone.localdate())
    return [
        person for role in (Recipient.DESK, Recipient.CHIEF) for person in reach.role(role, unit)
    ]
