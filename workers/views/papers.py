"""What one takes away of a batch, for both faces: the empty list, rows to repair, certificates."""

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from liaison.accounts.models import User
from liaison.audit.record import record
from liaison.core.ledgers import XLSX
from liaison.core.refused import Refused
from liaison.core.sheets import private_xlsx
from workers import certificates as cards
from workers.checking.cells import reasons, repair_layout
from workers.checking.headings import EXAMPLE, TEMPLATE, heading
from workers.checking.planning import BACK
from workers.keeping import opened
from workers.models import BatchRow, Worker
from workers.rights import hands_in
from workers.views.faces import Face, batch_of


def batch_given_back(request: HttpRequest, face: Face, pk: int) -> HttpResponse:
    """The rows to be repaired, as a spreadsheet like the one they came in, with the reason."""
    user: User = request.user  # type: ignore[assignment]
    batch = batch_of(user, pk)
    if not hands_in(user):
        raise Http404
    shown = BatchRow.objects.filter(file__batch=batch, outcome__in=BACK).exclude(
        file__state="discarded"
    )
    rows = list(shown.select_related("file").order_by("file", "number"))
    layout = repair_layout(row.file.layout for row in rows)
    table = []
    for row in rows:
        cells = opened(row)
        cells["mark"] = f"{row.file_id}-{row.number}"
        cells["why"] = reasons(row)
        table.append([cells.get(name) for name, _written in layout])
    content = private_xlsx([written for _name, written in layout], table)
    record("workers.given_back", batch, by=user, unit=batch.unit, changes={"rows": len(rows)})
    return _download(content, XLSX, f"待修正名单-{batch.pk}.xlsx")


def template(_request: HttpRequest, _face: Face) -> HttpResponse:
    """An empty list with the headings that are understood, and one row as an example."""
    content = private_xlsx([heading(name) for name in TEMPLATE], [EXAMPLE])
    return _download(content, XLSX, "外来务工人员名单.xlsx")


def batch_certificates(request: HttpRequest, face: Face, pk: int) -> HttpResponse:
    """The certificates of the batch, to print; of many one part."""
    user: User = request.user  # type: ignore[assignment]
    batch = batch_of(user, pk)
    part = request.GET.get("part", "1")
    if not (part.isascii() and part.isdigit() and 1 <= int(part) <= 1000):
        raise Http404
    start = (int(part) - 1) * cards.AT_ONCE
    registered = Worker.objects.filter(batch=batch).registered().for_list().select_related("photo")
    workers = list(registered.order_by("number")[start : start + cards.AT_ONCE])
    if not workers:
        messages.error(request, _("Nobody of this batch is registered yet."))
        return redirect(face.to_batch(pk))
    try:
        content = cards.certificates(workers)
    except Refused as refused:
        messages.error(request, str(refused.message))
        return redirect(face.to_batch(pk))
    changes = {"certificates": len(workers)}
    record("workers.printed", batch, by=user, unit=batch.unit, changes=changes)
    return _download(content, "application/pdf", f"登记凭证-{batch.pk}-{part}.pdf")


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=kind,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
