"""Loading a list of guards: upload, preview, apply or discard, undo."""

import io
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from liaison.accounts.access import open_to
from liaison.accounts.models import STATION_STAFF, User
from liaison.core.forms import refuse
from liaison.core.ledgers import XLSX, cut_page
from liaison.core.previewing import tell_refused
from liaison.core.refused import Refused
from liaison.core.sheets import Column, UnreadableSheet, write_xlsx
from patrols.actions.guard_lists import (
    apply_guards,
    discard_guards,
    preview_guards,
    renew_guards,
    undo_guards,
)
from patrols.guard_filters import ListRowFilter
from patrols.guard_forms import GuardListForm
from patrols.importing.headings import EXAMPLE, TEMPLATE, heading
from patrols.importing.planning import counts_of
from patrols.models import Employer, GuardList

SHOWN = 100
TONES = {"created": "jade", "updated": "blue", "refused": "seal", "unchanged": ""}


@open_to(*STATION_STAFF)
def list_list(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    lists = GuardList.objects.visible_to(user).select_related("by").defer("rows")
    page = cut_page(request, lists, ("-made_at", "-id"))
    return render(request, "patrols/guards/lists.html", {"page": page})


@open_to(*STATION_STAFF)
def list_new(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    if user.unit is None:
        raise Http404
    form = GuardListForm(request.POST or None, request.FILES or None)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            found = preview_guards(user.unit, upload.read(), upload.name, by=user)
        except UnreadableSheet as error:
            form.add_error("file", str(error.message))
        except Refused as refused:
            status = refuse(form, refused)
        else:
            return redirect("guard_list_detail", found.pk)
    return render(request, "patrols/guards/list_new.html", {"form": form}, status=status)


@open_to(*STATION_STAFF)
def list_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview of a file, or what became of it, row by row."""
    guards = _find(request, pk)
    asked = ListRowFilter(request.GET)
    counts = counts_of(guards.rows)
    outcome = asked.chosen("outcome") or ""
    rows = [one for one in guards.rows if not outcome or one["outcome"] == outcome]
    start = asked.chosen("start") or 0
    labels: Any = dict(ListRowFilter.base_fields["outcome"].choices)  # type: ignore[attr-defined]
    tabs = [{"code": "", "label": _("All"), "count": len(guards.rows)}]
    tabs += [{"code": one, "label": labels[one], "count": n} for one, n in counts.items()]
    context = {
        "batch": guards,
        "filter": asked,
        "tabs": [{**one, "current": one["code"] == outcome} for one in tabs],
        "rows": [_shown(one, labels) for one in rows[start : start + SHOWN]],
        "more": start + SHOWN if len(rows) > start + SHOWN else None,
        "before": max(start - SHOWN, 0) if start else None,
        "writes": counts["created"] + counts["updated"],
    }
    return render(request, "patrols/guards/list_detail.html", context)


@open_to(*STATION_STAFF)
@require_POST
def list_apply(request: HttpRequest, pk: int) -> HttpResponse:
    guards = _find(request, pk)
    user: User = request.user  # type: ignore[assignment]
    try:
        apply_guards(guards, by=user)
    except Refused as refused:
        tell_refused(request, refused, partial(renew_guards, guards, by=user))
    else:
        messages.success(request, _("The list is in."))
    return redirect("guard_list_detail", pk)


@open_to(*STATION_STAFF)
@require_POST
def list_discard(request: HttpRequest, pk: int) -> HttpResponse:
    guards = _find(request, pk)
    try:
        discard_guards(guards, by=request.user)  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, str(refused.message))
        return redirect("guard_list_detail", pk)
    messages.success(request, _("Discarded; nothing was written."))
    return redirect("guard_list_new")


@open_to(*STATION_STAFF)
@require_POST
def list_undo(request: HttpRequest, pk: int) -> HttpResponse:
    guards = _find(request, pk)
    try:
        undo_guards(guards, by=request.user)  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("The import is undone."))
    return redirect("guard_list_detail", pk)


@open_to(*STATION_STAFF)
def list_template(request: HttpRequest) -> HttpResponseBase:
    """An empty list with the headings that are understood best, and one row as an example."""
    file = io.BytesIO()
    columns = [Column(name, heading(name), 18) for name in TEMPLATE]
    example = dict(zip(TEMPLATE, EXAMPLE, strict=True))
    write_xlsx(columns, [example], _("List of guards"), file, numbered=False)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename="guard-list.xlsx", content_type=XLSX)


def _shown(row: dict[str, Any], labels: dict[str, Any]) -> dict[str, Any]:
    """A row with its words."""
    changes = [
        {"field": heading(name), "before": _word(name, before), "after": _word(name, after)}
        for name, (before, after) in row["changes"].items()
    ]
    refused = row["outcome"] == "refused"
    said = [one for one in row["messages"] if one["refuses"] or not refused]
    return {
        **row,
        "label": labels[row["outcome"]],
        "tone": TONES[row["outcome"]],
        "who": row["facts"].get("name") or _("(no name)"),
        "said": [{**one, "label": heading(one["field"])} for one in said],
        "changed": changes,
    }


def _word(name: str, value: str) -> str:
    return str(dict(Employer.choices).get(value, value)) if name == "employer" else value


def _find(request: HttpRequest, pk: int) -> GuardList:
    user: User = request.user  # type: ignore[assignment]
    lists = GuardList.objects.visible_to(user).select_related("unit")
    return get_object_or_404(lists, pk=pk)
