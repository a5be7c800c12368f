"""The bill as a ledger."""

from collections.abc import Iterator, Mapping

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from issues.filters import STATES, IssueFilter
from issues.models import Issue
from issues.querysets import IssueQuerySet
from liaison.accounts.access import open_to
from liaison.accounts.models import OVERSEERS, STAFF, Kind, User
from liaison.audit.record import record
from liaison.core.ledgers import cut_page, export, nulls_last
from liaison.core.sheets import CellValue, Column
from liaison.summaries.reading import counted, counted_at

# States that come and go: while there is no such line there is nothing to see there.
PASSING = ("extension_asked", "due_uncertain")


@open_to(*STAFF)
def issue_list(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    asked = IssueFilter(request.GET, user=user)
    seen = Issue.objects.visible_to(user)
    lines = asked.apply(seen)
    numbers, said = tab_numbers(user, asked, seen)
    if user.kind in OVERSEERS and "late" in numbers:
        request.late_lines = numbers["late"]  # type: ignore[attr-defined]  # for the navigation
    state = asked.chosen("state") or ("" if asked.chosen("stage") else "open")
    context = {
        "filter": asked,
        "page": cut_page(request, lines.for_rows(), asked.columns),
        "tabs": [
            {
                "code": code,
                "label": label,
                "count": numbers.get(code),
                "current": code == state,
            }
            for code, label in STATES
            if code not in PASSING or numbers.get(code) or code == state
        ],
        "counted_at": said,
    }
    return render(request, "issues/list.html", context)


def tab_numbers(
    user: User, asked: IssueFilter, seen: IssueQuerySet
) -> tuple[Mapping[str, int], str]:
    """The numbers by state, and when they were counted if that is not now.

    With other filters on, the whole bill's numbers would not be those of the rows: then there are
    none, nor while nobody has counted a bureau's.
    """
    now = timezone.now()
    if user.kind != Kind.BUREAU:
        if asked.narrowed_besides("state"):
            return {}, ""
        counts = seen.duty_counts(user, now)
        return {**counts, "awaiting_my_approval": counts["awaiting_approval"]}, ""
    unit = None if asked.narrowed_besides("state", "unit") else asked.one_unit
    known = counted(unit, "issues") if unit else None
    # Of a state that no line is in there is nothing in the summary.
    states = dict.fromkeys((code for code, _label in STATES if code != "all"), 0)
    return (states | known["issues"], counted_at(known.true_at, now)) if known else ({}, "")


@open_to(*STAFF)
def issue_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Every row of the filter, in the order shown, with the columns shown."""
    if kind not in ("csv", "xlsx"):
        raise Http404
    user: User = request.user  # type: ignore[assignment]
    asked = IssueFilter(request.GET, user=user)
    lines = (
        asked.apply(Issue.objects.visible_to(user)).for_rows().order_by(*nulls_last(asked.columns))
    )
    if user.unit is not None:
        record("issues.exported", user.unit, by=user, unit=user.unit, changes={"kind": kind})
    columns = [
        Column("number", _("Number"), 18),
        Column("title", pgettext("bill", "Issue"), 40),
        Column("enterprise", pgettext("kind", "Enterprise"), 30),
        Column("kind", _("Kind"), 12),
        Column("handler", _("Handler"), 12),
        Column("stage", _("Status"), 12),
        Column("raised", _("Raised on"), 12),
        Column("due", _("Next deadline"), 18),
    ]
    return export(columns, _rows(lines), name="issues", title=_("Issue bill"), kind=kind)


def _rows(lines: IssueQuerySet) -> Iterator[dict[str, CellValue]]:
    for line in lines.iterator(chunk_size=500):
        due = timezone.localtime(line.next_due_at) if line.next_due_at else None
        yield {
            "number": line.number,
            "title": line.title,
            "enterprise": line.enterprise.name,
            "kind": str(line.kind),
            "handler": str(line.handler or ""),
            "stage": line.get_stage_display(),
            "raised": timezone.localdate(line.raised_at),
            "due": f"{due:%Y-%m-%d %H:%M}" if due else "",
        }
