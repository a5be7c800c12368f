"""Workers at the station: the ledger, one worker, deciding, and whole numbers for a reason."""

import hashlib
from collections.abc import Iterable, Iterator
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST

from liaison.accounts.access import open_to
from liaison.accounts.models import STAFF, STATION_STAFF, Kind, User
from liaison.core.forms import refuse, show_refusal
from liaison.core.identifiers import normalise_resident_id
from liaison.core.ledgers import XLSX, cut_page, export, nulls_last
from liaison.core.refused import Conflict, Refused
from liaison.core.sealing import blind_indexes
from liaison.core.sheets import CellValue, Column, private_xlsx
from workers.actions import mark_workers, record_export, reveal_number, whole_numbers
from workers.actions.exporting import HEADINGS
from workers.filters import WorkerFilter
from workers.forms import FindForm, MarkForm, ReasonForm
from workers.keeping import id_scope
from workers.models import Batch, Worker
from workers.querysets import WorkerQuerySet
from workers.rights import decides
from workers.views.faces import STAFF_FACE
from workers.workflow import MOVES


@open_to(*STAFF)
def worker_list(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    asked = WorkerFilter(request.GET, user=user)
    workers = asked.apply(Worker.objects.visible_to(user)).for_list()
    context = {
        "filter": asked,
        "page": cut_page(request, workers, asked.columns),
        "moves": MOVES.values() if user.is_station_staff else (),
    }
    return render(request, "workers/list.html", context)


@open_to(*STAFF)
def worker_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _detail(request, _find(request, pk))


def _detail(
    request: HttpRequest, worker: Worker, *, status: int = 200, **more: object
) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    elsewhere = (
        Worker.objects.filter(unit=worker.unit_id, id_index=worker.id_index)
        .here()
        .exclude(pk=worker.pk)
        .for_list()
    )
    context = {
        "worker": worker,
        "face": STAFF_FACE,
        "decides": decides(user, worker.unit_id),
        "moves": [one for one in MOVES.values() if worker.status in one.sources],
        "elsewhere": elsewhere.order_by("pk")[:5] if user.is_station_staff else (),
        "reveals": worker.reveals.select_related("by").order_by("-at")[:10],
        "form": ReasonForm(),
        **more,
    }
    return render(request, "workers/detail.html", context, status=status)


@open_to(*STATION_STAFF)
def worker_number(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The whole number of one worker, in this answer and nowhere else."""
    worker = _find(request, pk)
    user: User = request.user  # type: ignore[assignment]
    form = ReasonForm(request.POST or None)
    status = 422 if request.method == "POST" else 200
    shown = ""
    if request.method == "POST" and form.is_valid():
        try:
            shown = reveal_number(worker, by=user, reason=form.cleaned_data["reason"])
        except Refused as refused:
            show_refusal(form, refused)
        else:
            status = 200
    return _detail(request, worker, status=status, form=form, asking=not shown, shown=shown)


@open_to(*STATION_STAFF)
@require_POST
def worker_mark(request: HttpRequest) -> HttpResponse:
    """The same for all that were ticked."""
    user: User = request.user  # type: ignore[assignment]
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = reverse("worker_list")
    try:
        wanted = [UUID(one) for one in request.POST.getlist("workers")]
    except ValueError as error:
        raise Http404 from error
    move = request.POST.get("move", "")
    if move not in MOVES or user.unit is None:
        raise Http404
    try:
        done = mark_workers(
            wanted, move, by=user, unit=user.unit, reason=request.POST.get("reason", "")
        )
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        _say_done(request, move, done)
    return redirect(back)


@open_to(*STATION_STAFF)
def batch_mark(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for everybody of a batch whom it fits: those who were there when it was asked."""
    user: User = request.user  # type: ignore[assignment]
    batch = get_object_or_404(Batch.objects.visible_to(user).for_list(), pk=pk)
    asked = request.POST if request.method == "POST" else request.GET
    move = MOVES.get(asked.get("move", "check"))
    if move is None:
        raise Http404
    fitting = Worker.objects.filter(batch=batch, status__in=move.sources).order_by("number")
    keys = list(fitting.values_list("pk", flat=True))
    form = MarkForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                if request.POST.get("seen") != _digest(keys):
                    raise Conflict(
                        "changed", _("Others have decided meanwhile; this is how it stands now.")
                    )
                reason = form.cleaned_data["reason"]
                done = mark_workers(keys, move.name, by=user, unit=batch.unit, reason=reason)
            except Refused as refused:
                status = refuse(form, refused)
            else:
                _say_done(request, move.name, done)
                return redirect("worker_batch", pk)
    if not move.reason:
        del form.fields["reason"]
    context = {
        "batch": batch,
        "move": move,
        "count": len(keys),
        "seen": _digest(keys),
        "form": form,
    }
    return render(request, "workers/mark.html", context, status=status)


@open_to(*STAFF)
def worker_find(request: HttpRequest) -> HttpResponse:
    """A worker by the whole number, which is looked up and kept nowhere."""
    user: User = request.user  # type: ignore[assignment]
    form = FindForm(request.POST or None)
    found: list[Worker] = []
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        number = normalise_resident_id(form.cleaned_data["id_number"])
        seen = Worker.objects.visible_to(user).for_list()
        units = [user.unit_id] if user.unit_id else []
        if user.kind == Kind.BUREAU:
            units = list(seen.order_by().values_list("unit", flat=True).distinct())
        indexes = [
            one for unit in units if unit for one in blind_indexes(number, scope=id_scope(unit))
        ]
        found = list(seen.filter(id_index__in=indexes[:900]).order_by("-changed_at", "pk")[:20])
        if len(found) == 1:
            return redirect("worker_detail", found[0].pk)
        status = 200
    context = {"form": form, "found": found, "asked": request.method == "POST"}
    return render(request, "workers/find.html", context, status=status)


@open_to(*STAFF)
def worker_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """What the list shows, numbers masked."""
    if kind not in ("csv", "xlsx"):
        raise Http404
    user: User = request.user  # type: ignore[assignment]
    if user.unit is None:
        raise Http404
    asked = WorkerFilter(request.GET, user=user)
    workers = asked.apply(Worker.objects.visible_to(user)).for_list()
    record_export(workers.count(), by=user, kind=kind)
    columns = [
        Column("name", _("Name"), 14),
        Column("number", _("ID number"), 22),
        Column("enterprise", pgettext("kind", "Enterprise"), 30),
        Column("job", _("Work"), 14),
        Column("entry_on", _("Works there since"), 12),
        Column("status", _("Status"), 10),
        Column("certificate", _("Certificate"), 22),
    ]
    rows = _rows(workers.order_by(*nulls_last(asked.columns)))
    return export(columns, rows, name="workers", title=_("Workers"), kind=kind)


def _rows(workers: WorkerQuerySet) -> Iterator[dict[str, CellValue]]:
    for one in workers.iterator(chunk_size=500):
        yield {
            "name": one.name,
            "number": one.id_masked,
            "enterprise": one.enterprise.name,
            "job": one.job,
            "entry_on": one.entry_on,
            "status": one.get_status_display(),
            "certificate": one.certificate,
        }


@open_to(Kind.CHIEF)
def worker_export_whole(request: HttpRequest) -> HttpResponse:
    """The same list with whole numbers, for a chief who says what for."""
    user: User = request.user  # type: ignore[assignment]
    if user.unit is None:
        raise Http404
    asked = WorkerFilter(request.GET, user=user)
    workers = asked.apply(Worker.objects.visible_to(user))
    form = ReasonForm(request.POST or None)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            rows = whole_numbers(workers, by=user, reason=form.cleaned_data["reason"])
        except Refused as refused:
            show_refusal(form, refused)
        else:
            # In memory: what openpyxl writes lies in a temporary file first.
            content = private_xlsx(HEADINGS, rows)
            name = quote("外来务工人员（含证件号码）.xlsx")
            return HttpResponse(
                content,
                content_type=XLSX,
                headers={
                    "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
                    "Cache-Control": "no-store",
                },
            )
    context = {"form": form, "count": workers.count(), "filter": asked}
    return render(request, "workers/export_whole.html", context, status=status)


def _say_done(request: HttpRequest, move: str, done: int) -> None:
    said = ngettext("“%(move)s”: done for %(n)d.", "“%(move)s”: done for %(n)d.", done)
    messages.success(request, said % {"move": MOVES[move].label, "n": done})


def _digest(keys: Iterable[UUID]) -> str:
    return hashlib.sha256(b"".join(one.bytes for one in keys)).hexdigest()


def _find(request: HttpRequest, pk: UUID) -> Worker:
    user: User = request.user  # type: ignore[assignment]
    workers = Worker.objects.visible_to(user).select_related("enterprise", "unit", "batch__issue")
    return get_object_or_404(workers, pk=pk)
