"""What the solver and the recount say, in words: conflicts, broken rules, how fair a month is."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from patrols.roster_month import rules
from patrols.rostering.checking import measure
from patrols.rostering.problem import Cause, Crew, Impossible, Problem, Reason, Wished

Names = Mapping[tuple[str, int], str]
SAID = 5


def day_of(night: date) -> str:
    """3月16日 (周一): without the year, which the month says."""
    return f"{date_format(night, 'MONTH_DAY_FORMAT')} {date_format(night, 'D')}"


def rows_of(answer: Impossible, names: Names) -> list[dict[str, Any]]:
    """A conflict as it is kept with the roster, names as they are now. ``needed``: each rule in it
    is known to be, and lifting any one makes a roster possible."""
    return [
        {
            "cause": one.cause.value,
            "night": one.night.isoformat() if one.night else None,
            "who": who(one, names),
            "relax": one == answer.relax,
            "needed": answer.smallest,
        }
        for one in answer.reasons
    ]


def who(reason: Reason, names: Names) -> str:
    if reason.member is not None:
        return names.get(("member", reason.member), "")
    return names.get(("guard", reason.guard), "") if reason.guard is not None else ""


def conflict_words(row: Mapping[str, Any]) -> str:
    """One kept member of a conflict."""
    night = date.fromisoformat(row["night"]) if row["night"] else None
    return _said(Cause(row["cause"]), night, row["who"])


def needed_words(rows: Iterable[Mapping[str, Any]]) -> str:
    """What lifting one of them would bring."""
    if all(row["needed"] for row in rows):
        return _("With any one of them lifted a roster is possible.")
    return _(
        "There was not time enough to find out which of them are needed: lifting one may not do."
    )


def relax_words(rows: Iterable[Mapping[str, Any]]) -> str:
    """What to do about it at the least; the law's own rules are nobody's to relax."""
    for row in rows:
        if not row["relax"]:
            continue
        night = day_of(date.fromisoformat(row["night"])) if row["night"] else ""
        facts = {"night": night, "who": row["who"]}
        return {
            Cause.LOCKED: _("Unlock the night of %(night)s."),
            Cause.BLOCKED: _("Ask %(who)s whether it can on %(night)s after all."),
            Cause.AWAY: _("Ask whether %(who)s can come on %(night)s after all."),
            Cause.FEWEST: _("Let fewer enterprises go out on %(night)s."),
            Cause.REST: _("Let %(who)s go out on %(night)s without the night off."),
        }.get(Cause(row["cause"]), "") % facts
    return _("None of it may be relaxed: more guards with valid certificates are needed.")


def reason_words(reasons: Iterable[Reason], names: Names) -> list[str]:
    """Broken rules, each once."""
    said = (
        _sends_nobody(one.night, who(one, names))
        if one.cause == Cause.PEOPLE and one.member is not None
        else _said(one.cause, one.night, who(one, names))
        for one in reasons
    )
    return list(dict.fromkeys(said))


def in_short(said: list[str]) -> str:
    """For a message: the first few."""
    more = ["\N{HORIZONTAL ELLIPSIS}"] if len(said) > SAID else []
    return _("; ").join([*said[:SAID], *more])


def soft_words(
    problem: Problem, crews: Mapping[date, Crew], night: date, names: Names
) -> list[str]:
    """What is allowed on this night and not good: two nights running, a wish passed over, nights
    shared out unevenly."""
    said = []
    sent = crews.get(night, Crew({})).sends
    for key in sent:
        name = names.get(("member", key), "")
        near = [day for day, crew in crews.items() if abs((day - night).days) == 1]
        if any(key in crews[day].sends for day in near):
            said.append(_("%(who)s is out two nights running") % {"who": name})
        if problem.wishes.get((key, night)) == Wished.RATHER_NOT:
            said.append(_("%(who)s would rather not that night") % {"who": name})
    within = {day: crew for day, crew in crews.items() if day in set(problem.nights)}
    spread = measure(problem, within).spread
    if spread > 1:
        said.append(
            _("the enterprises' nights differ by %(n)d now") % {"n": spread},
        )
    return said


def _said(cause: Cause, night: date | None, name: str) -> str:
    now = rules()
    facts = {"night": day_of(night) if night else "", "who": name}
    match cause:
        case Cause.FEWEST:
            return ngettext(
                "%(night)s: at least %(n)d enterprise is out",
                "%(night)s: at least %(n)d enterprises are out",
                now.fewest,
            ) % {**facts, "n": now.fewest}
        case Cause.MOST:
            return ngettext(
                "%(night)s: at most %(n)d enterprise is out",
                "%(night)s: at most %(n)d enterprises are out",
                now.most,
            ) % {**facts, "n": now.most}
        case Cause.PEOPLE:
            return _("%(night)s: at least %(n)d people are out") % {**facts, "n": now.people}
        case Cause.REST:
            return ngettext(
                "%(night)s: %(who)s has %(n)d night off after a duty",
                "%(night)s: %(who)s has %(n)d nights off after a duty",
                now.rest,
            ) % {**facts, "n": now.rest}
        case Cause.BLOCKED:
            return _("%(night)s: %(who)s cannot") % facts
        case Cause.CERTIFICATE:
            return _("%(night)s: %(who)s may not patrol (certificate, or not in the team)") % facts
        case Cause.AWAY:
            return _("%(night)s: %(who)s is absent or has night duty next to it") % facts
        case Cause.LOCKED:
            return _("%(night)s is locked as it stands") % facts


def _sends_nobody(night: date | None, name: str) -> str:
    """Of an enterprise that stands on the roster with no guard."""
    facts = {"night": day_of(night) if night else "", "who": name}
    return _("%(night)s: %(who)s is on duty and sends nobody") % facts
