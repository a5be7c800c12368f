"""Reasons in words. They are kept as codes and facts, so that a plan reads in either language."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from enterprises.models import Grade
from liaison.core.due import day as on_day
from liaison.core.due import moment

Facts = Mapping[str, Any]


def sentence(code: str, facts: Facts, now: datetime, today: date) -> str:
    """One reason as a sentence, as it stands now; ``today`` is the day in China."""
    for beginning, say in _SAY.items():
        if code.startswith(beginning):
            return say(facts, now, today)
    raise LookupError(f"no words for the reason {code!r}")


def no_place() -> str:
    """Why a call comes last in the order."""
    return _("It is not on the map: the way there is not known, so it comes last.")


def _line(facts: Facts, now: datetime, _today: date) -> str:
    due = moment(datetime.fromisoformat(facts["due_at"]), now).text
    return _and_more(
        _("Line %(number)s: %(due)s") % {"number": facts["number"], "due": due}, facts["n"] - 1
    )


def _promise(facts: Facts, _now: datetime, today: date) -> str:
    due = on_day(date.fromisoformat(facts["due_on"]), today).text
    return _and_more(
        _("Promised “%(text)s”: %(due)s") % {"text": facts["text"], "due": due}, facts["n"] - 1
    )


def _visit(facts: Facts, _now: datetime, today: date) -> str:
    due = on_day(date.fromisoformat(facts["due_on"]), today).text
    return pgettext("reason for a call", "On site: %(due)s") % {"due": due}


def _contact(facts: Facts, _now: datetime, today: date) -> str:
    due = on_day(date.fromisoformat(facts["due_on"]), today).text
    return pgettext("reason for a call", "Contact: %(due)s") % {"due": due}


def _hazard(facts: Facts, _now: datetime, _today: date) -> str:
    n = facts["n"]
    return ngettext("%(n)d hazard not struck off", "%(n)d hazards not struck off", n) % {"n": n}


def _grade(grade: Grade) -> Callable[[Facts, datetime, date], str]:
    return lambda _facts, _now, _today: _("risk grade %(grade)s") % {"grade": grade.label}


def _seen(facts: Facts, _now: datetime, _today: date) -> str:
    return _("Less urgent: entered within a week already, on %(date)s") % {"date": facts["on"]}


def _and_more(said: str, n: int) -> str:
    if n < 1:
        return said
    more = ngettext("%(said)s, and %(n)d more", "%(said)s, and %(n)d more", n)
    return more % {"said": said, "n": n}


_SAY: dict[str, Callable[[Facts, datetime, date], str]] = {
    "line_": _line,
    "promise_": _promise,
    "visit_": _visit,
    "contact_": _contact,
    "hazard": _hazard,
    "grade_red": _grade(Grade.RED),
    "grade_yellow": _grade(Grade.YELLOW),
    "seen_lately": _seen,
}
