"""Why an enterprise is proposed for a team, and why nothing can be proposed.

Kept are codes and numbers; they are put into words for whoever reads them, in their language.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaison.accounts.models import User
from patrols.grouping.problem import Because, Impossible, Standing, Why
from patrols.pins import Settled

# What is kept of why: ``because`` (a code) and what its words need.
Reason = dict[str, Any]
BY_HAND, PLACELESS = "by_hand", "placeless"

SAID = {
    Because.CENTRE: gettext_lazy("The centre of its team: from here the others are nearest."),
    Because.NEAREST: gettext_lazy("%(metres)s from the centre of its team, the nearest."),
    Because.FIXED: gettext_lazy("Settled by hand for this team; %(metres)s from its centre."),
    Because.TOGETHER: gettext_lazy(
        "Settled by hand together with %(partner)s; %(metres)s from the centre."
    ),
    Because.FULL: gettext_lazy(
        "%(metres)s from the centre; team %(other)s is nearer (%(other_metres)s) but full."
    ),
    Because.SMALL: gettext_lazy(
        "%(metres)s from the centre; team %(other)s is nearer (%(other_metres)s), but this one "
        "would become too small."
    ),
    Because.APART: gettext_lazy(
        "%(metres)s from the centre; in team %(other)s, which is nearer, is %(partner)s, from whom "
        "it is kept apart."
    ),
    Because.BARRIER: gettext_lazy(
        "%(metres)s from the centre; team %(other)s is nearer (%(other_metres)s), but a river, "
        "railway or road lies between."
    ),
    Because.OVERALL: gettext_lazy(
        "%(metres)s from the centre; team %(other)s would be nearer (%(other_metres)s), but the "
        "ways of all together are shorter so."
    ),
    Because.OUT: gettext_lazy("Settled by hand: in no team."),
    Because.NO_ROOM: gettext_lazy(
        "No team has room; the nearest is team %(other)s (%(other_metres)s)."
    ),
}
# The same two with how much farther the next best team would be.
WITH_NEXT = {
    Because.CENTRE: gettext_lazy(
        "The centre of its team: from here the others are nearest. The next team, %(other)s, is "
        "%(farther)s farther."
    ),
    Because.NEAREST: gettext_lazy(
        "%(metres)s from the centre of its team, the nearest. The next team, %(other)s, is "
        "%(farther)s farther."
    ),
}

NOT_POSSIBLE = {
    Why.TOO_FEW: gettext_lazy(
        "There are too few enterprises with a position for %(team)d teams of that size. Take fewer "
        "teams, or smaller ones."
    ),
    Why.GROUP_TOO_BIG: gettext_lazy(
        "More are settled to stay together than a team may have: %(names)s."
    ),
    Why.TEAM_TOO_BIG: gettext_lazy(
        "More are settled for team %(team)d than it may have: %(names)s."
    ),
    Why.TOGETHER_AND_APART: gettext_lazy(
        "%(names)s are to be apart, but are also held together, perhaps by way of others."
    ),
    Why.TWO_TEAMS: gettext_lazy(
        "%(names)s are to stay together, but are settled for different teams."
    ),
    Why.TEAM_AND_OUT: gettext_lazy(
        "%(names)s are to stay together, but one is settled for a team and one for none."
    ),
    Why.APART_IN_ONE_TEAM: gettext_lazy(
        "%(names)s are to be apart, but are both settled for team %(team)d."
    ),
    Why.NO_SUCH_TEAM: gettext_lazy(
        "%(names)s is settled for team %(team)d, which there would not be."
    ),
    Why.NOTHING_FITS: gettext_lazy(
        "No division was found that keeps the sizes and everything that is settled. Take away some "
        "of what is settled, or allow other sizes."
    ),
    Why.TOO_SLOW: gettext_lazy(
        "The search took too long and was ended. Nothing has changed; try once more."
    ),
}
NAMED = 5


def metres(m: int) -> str:
    """A distance as one says it."""
    return _("%(n).1f km") % {"n": m / 1000} if m >= 1000 else _("%(n)d m") % {"n": m}


def kept(standing: Standing, names: Mapping[int, str]) -> Reason:
    """What is kept of a standing, with the partner's name as it is now."""
    told: Reason = {"because": standing.because.value, "metres": standing.metres}
    if standing.other:
        told |= {"other": standing.other, "other_metres": standing.other_metres}
    if standing.partner:
        told["partner"] = names.get(standing.partner, "")
    return told


def by_hand(who: User) -> Reason:
    """Of what somebody has put elsewhere."""
    return {"because": BY_HAND, "who": str(who)}


def placeless() -> Reason:
    """Of what has no position."""
    return {"because": PLACELESS}


def why(reason: Reason) -> str:
    """A kept reason in the reader's language; empty when there is none."""
    because = reason.get("because")
    if because is None:
        return ""
    if because == BY_HAND:
        return _("Moved by hand by %(who)s.") % {"who": reason["who"]}
    if because == PLACELESS:
        return _("It has no position on the map yet.")
    return _of_standing(Because(because), reason)


def _of_standing(because: Because, reason: Reason) -> str:
    own, other, farther = reason["metres"], reason.get("other"), reason.get("other_metres", 0)
    if because == Because.NO_ROOM and not other:
        return _("No team has room.")
    values = {
        "metres": metres(own),
        "other": other,
        "other_metres": metres(farther),
        "farther": metres(max(0, farther - own)),
        "partner": reason.get("partner", ""),
    }
    return str((WITH_NEXT if other and because in WITH_NEXT else SAID)[because]) % values


def why_impossible(found: Impossible, names: Mapping[int, str]) -> str:
    """For whoever asked, in their language."""
    who = [names[key] for key in found.places if key in names]
    more = "…" if len(who) > NAMED else ""
    return str(NOT_POSSIBLE[found.why]) % {
        "team": found.team,
        "names": "、".join(who[:NAMED]) + more,
    }


def told_of(pin: Settled, names: Mapping[int, str]) -> str:
    """A pin that stands in the way."""
    match pin.kind:
        case "team":
            said = _("%(one)s is settled for team %(team)s. Take away what is settled first.")
        case "out":
            said = _("%(one)s is settled for no team. Take away what is settled first.")
        case "together":
            said = _(
                "%(one)s and %(other)s are settled to stay together. Take away what is settled "
                "first."
            )
        case _:
            said = _(
                "%(one)s and %(other)s are settled to be apart. Take away what is settled first."
            )
    return said % {
        "one": names.get(pin.enterprise, ""),
        "other": names.get(pin.other or 0, ""),
        "team": pin.team_number,
    }
