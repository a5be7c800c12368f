"""The enterprise ledger and its export."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.filters import EnterpriseFilter
from enterprises.models import Enterprise
from enterprises.querysets import EnterpriseQuerySet
from liaison.accounts.access import open_to
from liaison.accounts.models import OVERSEERS, STAFF, Kind, User
from liaison.audit.record import record
from liaison.core.ledgers import counted_to, cut_page, export, nulls_last
from liaison.core.sheets import CellValue, Column
from liaison.summaries.reading import counted, counted_at


@open_to(*STAFF)
def enterprise_list(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    asked = EnterpriseFilter(request.GET, user=user)
    enterprises = asked.apply(Enterprise.objects.visible_to(user))
    context = {
        "filter": asked,
        "page": cut_page(request, enterprises.for_rows(), asked.columns),
        "how_many": how_many(user, asked, enterprises),
        "may_assign": user.kind in OVERSEERS,
    }
    return render(request, "enterprises/list.html", context)


def how_many(user: User, asked: EnterpriseFilter, enterprises: EnterpriseQuerySet) -> str:
    """How many there are, in words. A bureau's hundreds of thousands were counted before, and where
    the filter asks for others, counting ends soon."""
    if user.kind != Kind.BUREAU:
        return _("%(n)s in all") % {"n": enterprises.count()}
    unit = None if asked.narrowed_besides("unit", "live") else asked.one_unit
    known = counted(unit, "enterprises") if unit else None
    if known is None:
        return _("%(n)s in all") % {"n": counted_to(enterprises)}
    return _("%(n)s in all, %(counted_at)s") % {
        "n": known["enterprises"]["live" if asked.chosen("live") else "listed"],
        "counted_at": counted_at(known.true_at, timezone.now()),
    }


@open_to(*STAFF)
def enterprise_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Every row of the filter, in the order shown, with the columns shown."""
    if kind not in ("csv", "xlsx"):
        raise Http404
    user: User = request.user  # type: ignore[assignment]
    asked = EnterpriseFilter(request.GET, user=user)
    rows = asked.apply(Enterprise.objects.visible_to(user)).for_ledger()
    if user.unit is not None:
        record("enterprises.exported", user.unit, by=user, unit=user.unit, changes={"kind": kind})
    columns = [
        Column("name", _("Enterprise name"), 36),
        Column("credit_code", _("Credit code"), 22),
        Column("kind", _("Kind"), 10),
        Column("tier", _("Tier"), 8),
        Column("stage", _("Stage"), 8),
        Column("grade", _("Risk grade"), 8),
        Column("industry", _("Industry"), 16),
        Column("address", _("Address"), 36),
        Column("officer", _("Responsible officer"), 12),
        Column("last", _("Last contact"), 12),
        Column("contact_due", _("Contact due"), 12),
        Column("visit_due", _("On site due"), 12),
    ]
    ordered = rows.order_by(*nulls_last(asked.columns))
    return export(
        columns, _rows(ordered), name="enterprises", title=_("Enterprises and projects"), kind=kind
    )


def _rows(enterprises: EnterpriseQuerySet) -> Iterator[dict[str, CellValue]]:
    for enterprise in enterprises.iterator(chunk_size=500):
        cadence: Any = getattr(enterprise, "cadence", None)
        last = cadence.last_contact_at if cadence else None
        place = enterprise.responsible_place
        yield {
            "name": enterprise.name,
            "credit_code": enterprise.credit_code,
            "kind": enterprise.get_kind_display(),
            "tier": enterprise.get_tier_display(),
            "stage": enterprise.get_stage_display(),
            "grade": enterprise.get_grade_display(),
            "industry": enterprise.industry,
            "address": enterprise.address,
            "officer": str(place.officer) if place else "",
            "last": timezone.localdate(last) if last else None,
            "contact_due": cadence.next_contact_due_on if cadence else None,
            "visit_due": cadence.next_visit_due_on if cadence else None,
        }
