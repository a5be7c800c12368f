"""Lists of workers in the browser, for both faces: hand in, look at, repair, print."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from issues.throttle import too_many
from liaison.accounts.models import User
from liaison.core.forms import refuse
from liaison.core.ledgers import LedgerFilter, cut_page
from liaison.core.previewing import tell_refused
from liaison.core.refused import Refused
from liaison.core.sheets import UnreadableSheet
from workers import certificates as cards
from workers.actions import add_photos, apply_file, discard_file, preview_list, renew_preview
from workers.checking.planning import BACK, TAKEN
from workers.forms import NOW, ListForm, PhotosForm
from workers.models import Batch, BatchFile, BatchRow, Worker
from workers.previewed import Shown
from workers.rights import decides, hands_in
from workers.views.faces import Face, batch_of
from workers.views.uploading import was_too_big
from workers.workflow import MOVES, Status

Outcome = BatchRow.Outcome


class RowFilter(LedgerFilter):
    orders = {"number": ("number",)}
    default_order = "number"
    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"), choices=Outcome.choices, required=False
    )
    status = forms.ChoiceField(label=gettext_lazy("Status"), choices=Status.choices, required=False)


def batch_list(request: HttpRequest, face: Face) -> HttpResponse:
    """Batches, the latest first, each with how far it is."""
    user: User = request.user  # type: ignore[assignment]
    rows = Batch.objects.visible_to(user).for_list()
    page = cut_page(request, rows, ("-made_at", "-id"))
    counted = (
        Worker.objects.filter(batch__in=[one.pk for one in page.items])
        .values("batch")
        .annotate(
            all=Count("pk"),
            registered=Count("pk", filter=Q(status=Status.REGISTERED)),
            correction=Count("pk", filter=Q(status=Status.CORRECTION)),
        )
    )
    counts = {one["batch"]: one for one in counted}
    waiting = dict(
        BatchRow.objects.filter(
            file__batch__in=[one.pk for one in page.items], file__state="applied"
        )
        .values_list("file__batch")
        .annotate(n=Count("pk"))
    )
    listed = [
        {"batch": one, "counts": counts.get(one.pk, {}), "waiting": waiting.get(one.pk, 0)}
        for one in page.items
    ]
    context = {"face": face, "page": page, "listed": listed, "may": hands_in(user)}
    return render(request, "workers/batches.html", context)


def batch_new(request: HttpRequest, face: Face, pk: int | None = None) -> HttpResponse:
    """A list for a new batch, or repaired rows for the one that is named."""
    user: User = request.user  # type: ignore[assignment]
    batch = batch_of(user, pk) if pk is not None else None
    if not hands_in(user):
        raise Http404
    form = ListForm(request.POST or None, request.FILES or None, user=user, fixed=batch is not None)
    status = 200
    if request.method == "POST":
        status = 422
        if was_too_big(request):
            form.add_error(None, _("What was sent is too big. Send the photos in several parts."))
        elif refused_before := too_many(request):
            status = refuse(form, refused_before)
        elif form.is_valid():
            given = form.cleaned_data
            try:
                file = preview_list(
                    batch.enterprise if batch else given["enterprise"],
                    given["file"].read(),
                    given["file"].name,
                    by=user,
                    batch=batch,
                    wants_photos=given["photos"] == NOW,
                    archive=given["archive"].read() if given["archive"] else b"",
                )
            except UnreadableSheet as error:
                form.add_error("file", str(error.message))
            except Refused as refused:
                status = refuse(form, refused)
            else:
                return redirect(face.to_batch(file.batch_id))
    context = {"face": face, "form": form, "batch": batch}
    return render(request, "workers/batch_new.html", context, status=status)


def batch_detail(request: HttpRequest, face: Face, pk: int) -> HttpResponse:
    """The preview of a list, or the workers of a batch with how each stands."""
    user: User = request.user  # type: ignore[assignment]
    batch = batch_of(user, pk)
    preview = batch.files.filter(state=BatchFile.State.PREVIEW).first()
    asked = RowFilter(request.GET)
    waiting = BatchRow.objects.all().given_back(batch).count()
    context: dict[str, Any] = {
        "face": face,
        "batch": batch,
        "preview": preview,
        "filter": asked,
        "waiting": waiting,
        "may": hands_in(user) and not batch.rejected_at,
        "decides": decides(user, batch.unit_id) and not face.is_portal,
    }
    context |= _rows(request, preview, asked) if preview else _workers(request, batch, asked)
    return render(request, "workers/batch.html", context)


def _rows(request: HttpRequest, preview: BatchFile, asked: RowFilter) -> dict[str, Any]:
    counted = preview.rows.values_list("outcome").annotate(n=Count("pk")).order_by()
    counts = {**dict.fromkeys(Outcome.values, 0), **dict(counted)}
    chosen = asked.chosen("outcome") or ""
    rows = preview.rows.filter(outcome=chosen) if chosen else preview.rows.all()
    page = cut_page(request, rows, ("number",))
    tabs = [("", _("All"), sum(counts.values()))]
    tabs += [(one.value, str(one.label), counts[one]) for one in Outcome if counts[one]]
    return {
        "page": page,
        "rows": [Shown(row) for row in page.items],
        "counts": counts,
        "good": sum(counts[one] for one in TAKEN),
        "back": sum(counts[one] for one in BACK),
        "facets": _tabs(tabs, chosen),
        "param": "outcome",
    }


def _workers(request: HttpRequest, batch: Batch, asked: RowFilter) -> dict[str, Any]:
    counted = batch.workers.values_list("status").annotate(n=Count("pk")).order_by()
    counts = {**dict.fromkeys(Status.values, 0), **dict(counted)}
    chosen = asked.chosen("status") or ""
    workers = Worker.objects.filter(batch=batch).for_list()
    page = cut_page(request, workers.filter(status=chosen) if chosen else workers, ("number",))
    tabs = [("", _("All"), sum(counts.values()))]
    tabs += [(one.value, str(one.label), counts[one]) for one in Status if counts[one]]
    registered = counts[Status.REGISTERED]
    moves = [
        {"move": one, "count": sum(counts[status] for status in one.sources)}
        for one in MOVES.values()
        if one.name in ("check", "register")
    ]
    return {
        "page": page,
        "workers": page.items,
        "counts": counts,
        "facets": _tabs(tabs, chosen),
        "param": "status",
        "registered": registered,
        "parts": range(1, -(-registered // cards.AT_ONCE) + 1),
        "without_photo": batch.workers.filter(photo=None)
        .exclude(status__in=(Status.LEFT, Status.REGISTERED))
        .count(),
        "moves": [one for one in moves if one["count"]],
    }


def _tabs(tabs: list[tuple[str, Any, int]], chosen: str) -> list[dict[str, Any]]:
    return [
        {"code": code, "label": label, "count": count, "current": code == chosen}
        for code, label, count in tabs
    ]


def batch_apply(request: HttpRequest, face: Face, pk: int) -> HttpResponse:
    """Hand the good rows in."""
    user: User = request.user  # type: ignore[assignment]
    batch, preview = _previewed(user, pk)
    try:
        done = apply_file(preview, by=user, changed_over=request.POST.get("changed_over") == "1")
    except Refused as refused:
        tell_refused(request, refused, partial(renew_preview, preview, by=user))
        return redirect(face.to_batch(pk))
    taken = done.new + done.corrected
    said = ngettext("%(n)d worker is handed in.", "%(n)d workers are handed in.", taken)
    messages.success(request, said % {"n": taken})
    if done.given_back:
        messages.warning(
            request,
            ngettext(
                "%(n)d row came back: download it, repair it, and add it to this batch.",
                "%(n)d rows came back: download them, repair them, and add them to this batch.",
                done.given_back,
            )
            % {"n": done.given_back},
        )
    return redirect(face.to_batch(batch.pk))


def batch_discard(request: HttpRequest, face: Face, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    batch, preview = _previewed(user, pk)
    try:
        discard_file(preview, by=user)
    except Refused as refused:
        messages.error(request, str(refused.message))
        return redirect(face.to_batch(pk))
    messages.success(request, _("Discarded; nothing was handed in."))
    return redirect(face.to_batch(pk) if batch.is_submitted else face.list)


def batch_photos(request: HttpRequest, face: Face, pk: int) -> HttpResponse:
    """Another archive of photos."""
    user: User = request.user  # type: ignore[assignment]
    batch = batch_of(user, pk)
    if not hands_in(user):
        raise Http404
    form = PhotosForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if was_too_big(request):
            form.add_error(None, _("What was sent is too big. Send the photos in several parts."))
        elif refused_before := too_many(request):
            status = refuse(form, refused_before)
        elif form.is_valid():
            try:
                done = add_photos(batch, form.cleaned_data["archive"].read(), by=user)
                if preview := batch.files.filter(state=BatchFile.State.PREVIEW).first():
                    renew_preview(preview, by=user)
            except Refused as refused:
                status = refuse(form, refused)
            else:
                _say(request, done.put, done.unknown, done.unreadable)
                return redirect(face.to_batch(pk))
    context = {"face": face, "form": form, "batch": batch}
    return render(request, "workers/photos.html", context, status=status)


def _say(request: HttpRequest, put: int, unknown: int, unreadable: int) -> None:
    said = ngettext("%(n)d photo is added.", "%(n)d photos are added.", put)
    messages.success(request, said % {"n": put})
    if unknown:
        said = ngettext(
            "%(n)d picture is named after nobody in this batch.",
            "%(n)d pictures are named after nobody in this batch.",
            unknown,
        )
        messages.warning(request, said % {"n": unknown})
    if unreadable:
        said = ngettext("%(n)d file is no picture.", "%(n)d files are no pictures.", unreadable)
        messages.warning(request, said % {"n": unreadable})


def _previewed(user: User, pk: int) -> tuple[Batch, BatchFile]:
    batch = batch_of(user, pk)
    preview = (
        batch.files.select_related("batch__enterprise__unit")
        .filter(state=BatchFile.State.PREVIEW)
        .first()
    )
    if preview is None:
        raise Http404
    return batch, preview
