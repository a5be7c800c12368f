"""Documents in the browser of the station: the list, publishing, one with who has read it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from documents.actions import may_withdraw, publish, withdraw
from documents.audience import labels_of, reachable_by
from documents.forms import DocumentForm, ReasonForm
from documents.models import Document, DocumentFile, Opening, Reply, ReplyFile
from liaison.accounts.access import open_to
from liaison.accounts.models import STAFF, STATION_STAFF, User
from liaison.core.forms import refuse, show_refusal
from liaison.core.ledgers import cut_page
from liaison.core.refused import Refused
from liaison.evidence.serving import serve

SHOWN = 12


@open_to(*STAFF)
def document_list(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    seen = Document.objects.visible_to(user).select_related("unit", "published_by", "replaced_by")
    page = cut_page(request, seen.with_share(), ("-published_at", "-id"))
    return render(request, "documents/list.html", {"page": page})


@open_to(*STATION_STAFF)
def document_new(request: HttpRequest) -> HttpResponse:
    return _publish(request, None)


@open_to(*STATION_STAFF)
def document_replace(request: HttpRequest, pk: int) -> HttpResponse:
    """A newer version: the form with what the old one says."""
    document = _find(request, pk)
    user: User = request.user  # type: ignore[assignment]
    if not may_withdraw(document, user) or document.is_withdrawn:
        raise Http404
    return _publish(request, document)


def _publish(request: HttpRequest, replaces: Document | None) -> HttpResponse:
    """First the preview, which says how many it is for, then the very same to those."""
    user: User = request.user  # type: ignore[assignment]
    initial = _initial(replaces) if replaces else {}
    form = DocumentForm(request.POST or None, request.FILES or None, user=user, initial=initial)
    status, preview = 200, None
    if request.method == "POST":
        status = 422
        files = form.file_ids(user) if form.is_valid() else []
        if form.is_valid():
            agreed = form.cleaned_data["agreed"]
            if "publish" in request.POST and agreed is not None:
                try:
                    document = publish(
                        form.draft(agreed=agreed), by=user, files=files, replaces=replaces
                    )
                except Refused as refused:
                    show_refusal(form, refused)
                    form.retype("agreed", refused.details.get("agreed", agreed))
                    status = 409 if refused.conflict else 422
                else:
                    messages.success(request, _("Published."))
                    return redirect("document_detail", document.pk)
            else:
                status = 200
            found = form.audience().among(reachable_by(user)).order_by("name", "pk")
            names = list(found.values_list("name", flat=True)[: SHOWN + 1])
            preview = {"n": found.count(), "names": names[:SHOWN], "more": len(names) > SHOWN}
            form.retype("agreed", preview["n"])
    context = {"form": form, "preview": preview, "replaces": replaces}
    return render(request, "documents/new.html", context, status=status)


def _initial(document: Document) -> dict[str, Any]:
    kept = dict(document.audience)
    if kept.get("how") == "picked":
        kept["picked"] = list(document.addressed.values_list("enterprise", flat=True))
    return {
        "kind": document.kind,
        "title": document.title,
        "text": document.text,
        **kept,
    }


WHO = ("unread", "read", "unacknowledged", "acknowledged")


@open_to(*STAFF)
def document_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What it says, and of each enterprise whether it read it, knows of it, wrote back."""
    user: User = request.user  # type: ignore[assignment]
    seen = Document.objects.visible_to(user).select_related(
        "unit", "published_by", "withdrawn_by", "replaces", "replaced_by"
    )
    document = get_object_or_404(seen.with_share(), pk=pk)
    return _page(request, document, ReasonForm())


def _page(
    request: HttpRequest, document: Document, form: ReasonForm, status: int = 200
) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    who = request.GET.get("who", "")
    rows = document.addressed.select_related("enterprise", "acknowledged_by")
    match who:
        case "unread":
            rows = rows.unopened()
        case "read":
            rows = rows.opened()
        case "unacknowledged":
            rows = rows.unacknowledged()
        case "acknowledged":
            rows = rows.exclude(acknowledged_at__isnull=True)
    page = cut_page(request, rows, ("enterprise__name", "id"))
    ids = [one.pk for one in page.items]
    opened: dict[int, list[Opening]] = {}
    for opening in (
        Opening.objects.filter(addressed__in=ids).select_related("person").order_by("at")
    ):
        opened.setdefault(opening.addressed_id, []).append(opening)
    for one in page.items:
        one.seen = opened.get(one.pk, [])
    replies = Reply.objects.visible_to(user).filter(addressed__document=document)
    context = {
        "document": document,
        "files": document.files.select_related("evidence"),
        "audience": labels_of(document.audience),
        "page": page,
        "who": who,
        "replies": replies.select_related("addressed__enterprise", "by")
        .prefetch_related("files__evidence")
        .order_by("-at", "-pk")[:50],
        "may_withdraw": may_withdraw(document, user) and not document.is_withdrawn,
        "form": form,
        "crumb": pgettext("papers", "Documents"),
    }
    return render(request, "documents/detail.html", context, status=status)


@open_to(*STATION_STAFF)
def document_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdrawn with a reason; asked for, it is the page of the document."""
    document = _find(request, pk)
    if request.method != "POST":
        return redirect("document_detail", pk)
    user: User = request.user  # type: ignore[assignment]
    form = ReasonForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            withdraw(document, by=user, reason=form.cleaned_data["reason"])
        except Refused as refused:
            status = refuse(form, refused)
        else:
            messages.success(request, _("Withdrawn: no enterprise reads it any more."))
            return redirect("document_detail", pk)
    shown = Document.objects.visible_to(user).with_share().get(pk=pk)
    return _page(request, shown, form, status)


@open_to(*STAFF)
def document_file(request: HttpRequest, pk: int, evidence: UUID) -> HttpResponseBase:
    """A paper of the document, or of a reply to it."""
    user: User = request.user  # type: ignore[assignment]
    document = _find(request, pk)
    own = DocumentFile.objects.filter(document=document, evidence=evidence)
    mine = Reply.objects.visible_to(user).filter(addressed__document=document)
    sent = ReplyFile.objects.filter(Exists(mine.filter(pk=OuterRef("reply"))), evidence=evidence)
    found = own.select_related("evidence").first() or sent.select_related("evidence").first()
    if found is None:
        raise Http404
    return serve(request, found.evidence, name=f"document-{pk}-{found.pk}")


def _find(request: HttpRequest, pk: int) -> Document:
    user: User = request.user  # type: ignore[assignment]
    return get_object_or_404(Document.objects.visible_to(user).select_related("unit"), pk=pk)
