"""The numbers of a desk in words, each with the address of the rows behind it.

Whoever shows them has counted them, from the rows or from a summary; an address is one of a ledger
that shows the very rows as of then.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from issues.summary import FEN

Numbers = Mapping[str, int]


@dataclass(frozen=True)
class Duty:
    """One number of the strip, and the address of the rows behind it."""

    label: str
    number: int
    url: str
    hint: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Result:
    """What came of it, and the rows that say so."""

    label: str
    number: str
    url: str


# What the scheme reports of itself, and the kinds of line that each counts.
RESULTS: tuple[tuple[Promise, tuple[str, ...]], ...] = (
    (gettext_lazy("Case leads closed"), ("case_lead",)),
    (gettext_lazy("Hazards struck off"), ("hazard",)),
    (gettext_lazy("Disputes settled"), ("dispute",)),
    (gettext_lazy("Requests answered"), ("service", "approval", "patrol_request", "other")),
)


def of_the_bill(bill: Numbers, also: str) -> list[Duty]:
    """What the open lines ask for; ``also`` ends every address: ``&mine=1``, ``&unit=LSL``."""
    ledger = reverse("issue_list")
    return [
        Duty(
            _("Overdue lines"),
            bill["late"],
            f"{ledger}?state=late{also}",
            _("past their deadline"),
            "hot" if bill["late"] else "good",
        ),
        Duty(
            _("Due today"),
            bill["due_today"],
            f"{ledger}?state=due_today{also}",
            _("before midnight"),
            "warm" if bill["due_today"] else "",
        ),
        Duty(
            _("To accept"),
            bill["awaiting_acceptance"],
            f"{ledger}?stage=raised{also}",
            _("answer within 24 h"),
            "warm" if bill["awaiting_acceptance"] else "",
        ),
    ]


def awaiting_approval(bill: Numbers) -> Duty:
    """Never one's own lines, so that it has no ``&mine=1``."""
    return Duty(
        _("Waiting for my approval"),
        bill["awaiting_approval"],
        f"{reverse('issue_list')}?state=awaiting_my_approval",
        _("close-out or extension"),
        "warm" if bill["awaiting_approval"] else "",
    )


def held_requests(waiting: int, late: int) -> Duty:
    """What enterprises have sent that the desk looks at before it goes on the bill."""
    return Duty(
        _("Held requests"),
        waiting,
        reverse("held_list"),
        ngettext("%(n)d overdue", "%(n)d overdue", late) % {"n": late}
        if late
        else _("to be looked at first"),
        "hot" if late else "warm",
    )


def callbacks(due: int, late: int) -> Duty:
    """Lines closed out whose enterprise nobody has asked; late ones first, where there are any."""
    return Duty(
        _("Late callbacks") if late else _("Callbacks due"),
        late or due,
        f"{reverse('callback_list')}{'?late=1' if late else ''}",
        ngettext("%(n)d closed line not called back", "%(n)d closed lines not called back", due)
        % {"n": due},
        "hot" if late else "",
    )


def disputed_visits(unanswered: int) -> Duty:
    return Duty(
        _("Disputed visits"),
        unanswered,
        f"{reverse('visit_list')}?said=unanswered",
        _("the enterprise waits for an answer"),
        "hot",
    )


def overdue_for_contact(people: Numbers, also: str) -> Duty:
    return Duty(
        _("Overdue for contact"),
        people["overdue"],
        f"{reverse('enterprise_list')}?overdue=1{also}",
        ngettext("%(n)d more due today", "%(n)d more due today", people["due_today"])
        % {"n": people["due_today"]},
        "hot" if people["overdue"] else "good",
    )


def without_an_officer(people: Numbers, also: str) -> Duty:
    return Duty(
        _("Without an officer"),
        people["unassigned"],
        f"{reverse('enterprise_list')}?officer=unassigned{also}",
        _("every enterprise has one"),
        "hot" if people["unassigned"] else "good",
    )


def late_orders(late: int, also: str) -> list[Duty]:
    """Orders to put right whose day has gone by; where there are none nothing is said."""
    if not late:
        return []
    url = f"{reverse('order_list')}?state=late{also}"
    return [Duty(_("Orders overdue"), late, url, _("not put right in time"), "hot")]


def results(bill: Numbers, visits: int, first: date, also: str) -> list[Result]:
    """What was closed and done since the first of January: numbers of ``closed_this_year``."""
    ledger = f"{reverse('issue_list')}?closed_since={first}{also}"
    found = [
        Result(
            str(label),
            str(sum(bill[f"closed_{kind}"] for kind in kinds)),
            ledger + "".join(f"&kind={kind}" for kind in kinds),
        )
        for label, kinds in RESULTS
    ]
    found.append(
        Result(_("Loss recovered (yuan)"), f"{bill['loss'] / FEN:,.0f}", f"{ledger}&loss=1")
    )
    seen = f"{reverse('visit_list')}?since={first}{also}"
    found.append(Result(_("Visits and calls"), str(visits), seen))
    return found


def grades(people: Numbers, also: str) -> list[tuple[str, int, str]]:
    """Grade, how many, and where they are listed."""
    ledger = f"{reverse('enterprise_list')}?live=1{also}&grade="
    return [(grade, people[grade], ledger + grade) for grade in ("red", "yellow", "green")]
