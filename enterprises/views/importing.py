"""Loading a list in the browser: upload, preview, apply or discard, undo."""

import io
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from enterprises.actions.importing import (
    apply_import,
    discard_import,
    preview_import,
    renew_preview,
    undo_import,
)
from enterprises.forms import ImportForm
from enterprises.importing.showing import Shown, template_columns, template_rows
from enterprises.models import ImportBatch, ImportRow
from enterprises.views.assignment import overseer
from liaison.accounts.access import open_to
from liaison.accounts.models import OVERSEERS, User
from liaison.core.ledgers import XLSX, LedgerFilter, cut_page
from liaison.core.previewing import tell_refused
from liaison.core.refused import Refused
from liaison.core.sheets import UnreadableSheet, write_xlsx


class RowFilter(LedgerFilter):
    orders = {"number": ("number",)}
    default_order = "number"
    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"),
        choices=[*ImportRow.Outcome.choices, ("noted", gettext_lazy("With remarks"))],
        required=False,
    )


@open_to(*OVERSEERS)
def import_list(request: HttpRequest) -> HttpResponse:
    user, _unit = overseer(request)
    batches = ImportBatch.objects.visible_to(user).select_related("by")
    page = cut_page(request, batches, ("-made_at", "-id"))
    return render(request, "enterprises/imports.html", {"page": page})


@open_to(*OVERSEERS)
def import_new(request: HttpRequest) -> HttpResponse:
    user, unit = overseer(request)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            batch = preview_import(unit, upload.read(), upload.name, by=user)
        except UnreadableSheet as error:
            form.add_error("file", str(error.message))
        else:
            return redirect("import_detail", batch.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "enterprises/import_new.html", {"form": form}, status=status)


@open_to(*OVERSEERS)
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview of a file, or what became of it: row by row, by outcome."""
    batch = _find(request, pk)
    asked = RowFilter(request.GET)
    counted = batch.rows.values_list("outcome").annotate(n=Count("pk")).order_by()
    counts = {**dict.fromkeys(ImportRow.Outcome.values, 0), **dict(counted)}
    rows = batch.rows.select_related("enterprise")
    noted = rows.exclude(messages=[])
    chosen = asked.chosen("outcome")
    if chosen == "noted":
        rows = noted
    elif chosen:
        rows = rows.filter(outcome=chosen)
    page = cut_page(request, rows, ("number",))
    context = {
        "batch": batch,
        "filter": asked,
        "page": page,
        "rows": [Shown(row) for row in page.items],
        "counts": counts,
        "tabs": _tabs(counts, noted.count(), chosen),
        "writes": counts["created"] + counts["updated"],
    }
    return render(request, "enterprises/import_detail.html", context)


@open_to(*OVERSEERS)
@require_POST
def import_apply(request: HttpRequest, pk: int) -> HttpResponse:
    batch = _find(request, pk)
    user: User = request.user  # type: ignore[assignment]
    try:
        apply_import(batch, by=user)
    except Refused as refused:
        tell_refused(request, refused, partial(renew_preview, batch, by=user))
    else:
        messages.success(request, _("The list is in."))
    return redirect("import_detail", pk)


@open_to(*OVERSEERS)
@require_POST
def import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    batch = _find(request, pk)
    user: User = request.user  # type: ignore[assignment]
    try:
        discard_import(batch, by=user)
    except Refused as refused:
        messages.error(request, str(refused.message))
        return redirect("import_detail", pk)
    messages.success(request, _("Discarded; nothing was written."))
    return redirect("import_new")


@open_to(*OVERSEERS)
@require_POST
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    batch = _find(request, pk)
    user: User = request.user  # type: ignore[assignment]
    try:
        undo_import(batch, by=user)
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("The import is undone."))
    return redirect("import_detail", pk)


@open_to(*OVERSEERS)
def import_template(request: HttpRequest) -> HttpResponseBase:
    """An empty list with the headings that are understood best, and one row as an example."""
    file = io.BytesIO()
    write_xlsx(template_columns(), template_rows(), _("Enterprise list"), file, numbered=False)
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename="enterprise-list.xlsx", content_type=XLSX
    )


def _find(request: HttpRequest, pk: int) -> ImportBatch:
    user, _unit = overseer(request)
    return get_object_or_404(ImportBatch.objects.visible_to(user).select_related("unit"), pk=pk)


def _tabs(counts: dict[str, int], noted: int, chosen: str) -> list[dict[str, Any]]:
    tabs = [{"code": "", "label": _("All"), "count": sum(counts.values())}]
    tabs += [
        {"code": outcome.value, "label": outcome.label, "count": counts[outcome]}
        for outcome in ImportRow.Outcome
    ]
    tabs.append({"code": "noted", "label": _("With remarks"), "count": noted})
    return [{**tab, "current": tab["code"] == (chosen or "")} for tab in tabs]
