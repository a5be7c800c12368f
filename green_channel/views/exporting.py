"""The ledger of applications as a file."""

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from green_channel.filters import ApplicationFilter
from green_channel.models import Application
from green_channel.querysets import ApplicationQuerySet
from issues.workflow import Stage
from liaison.accounts.access import open_to
from liaison.accounts.models import STAFF, Kind, User
from liaison.audit.record import record
from liaison.core.ledgers import export, nulls_last
from liaison.core.sheets import CellValue, Column


@open_to(*STAFF)
def green_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Every row of the filter, in the order shown, with the columns shown."""
    if kind not in ("csv", "xlsx"):
        raise Http404
    user: User = request.user  # type: ignore[assignment]
    asked = ApplicationFilter(request.GET, user=user)
    rows = asked.apply(Application.objects.visible_to(user)).for_rows()
    rows = rows.order_by(*nulls_last(asked.columns))
    if user.unit is not None:
        record("applications.exported", user.unit, by=user, unit=user.unit, changes={"kind": kind})
    columns = [
        Column("number", _("Number"), 18),
        Column("item", _("What"), 30),
        Column("enterprise", pgettext("kind", "Enterprise"), 30),
        *([Column("unit", _("Unit"), 18)] if user.kind == Kind.BUREAU else []),
        Column("mode", _("Who does it"), 16),
        Column("handler", _("Handler"), 12),
        Column("stage", _("Status"), 12),
        Column("raised", _("Raised on"), 12),
        Column("due", _("Next deadline"), 18),
        Column("closed", _("Ended on"), 12),
    ]
    return export(columns, _rows(rows), name="applications", title=_("Applications"), kind=kind)


def _rows(applications: ApplicationQuerySet) -> Iterator[dict[str, CellValue]]:
    for one in applications.iterator(chunk_size=500):
        line = one.issue
        # As the page has it: what is decided waits for the enterprise, its time is not shown.
        runs = line.next_due_at if line.stage != Stage.PROPOSED else None
        yield {
            "number": line.number,
            "item": str(one.item),
            "enterprise": line.enterprise.name,
            "unit": str(line.unit),
            "mode": one.get_mode_display(),
            "handler": str(line.handler or ""),
            "stage": line.get_stage_display(),
            "raised": timezone.localdate(line.raised_at),
            "due": f"{timezone.localtime(runs):%Y-%m-%d %H:%M}" if runs else "",
            "closed": timezone.localdate(line.closed_at) if line.closed_at else "",
        }
