"""Documents and orders as the enterprise reads and answers them."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from documents.actions import acknowledge, answer_item, open_document, receive_order, reply
from documents.forms import AnswerForm, ReplyForm
from documents.models import Addressed, Document, DocumentFile, Order, OrderItem, Reply, ReplyFile
from documents.views.orders import items_of, photo_of
from issues.throttle import too_many
from liaison.accounts.access import open_to
from liaison.accounts.models import Kind, User
from liaison.core.forms import refuse
from liaison.core.ledgers import cut_page
from liaison.core.refused import Refused
from liaison.evidence.serving import serve


@open_to(Kind.CONTACT)
def portal_documents(request: HttpRequest) -> HttpResponse:
    """What has not been read comes first, then what still wants an answer, then the rest."""
    user: User = request.user  # type: ignore[assignment]
    seen = Document.objects.visible_to(user).with_unread(user)
    rows = seen.select_related("unit", "replaced_by")
    page = cut_page(request, rows, ("-unread", "-owed", "-published_at", "-id"))
    return render(request, "documents/portal/list.html", {"page": page})


@open_to(Kind.CONTACT)
def portal_document(request: HttpRequest, pk: int) -> HttpResponse:
    """Opening it is the read receipt."""
    user: User = request.user  # type: ignore[assignment]
    document = _document(request, pk)
    open_document(document, by=user)
    return _page(request, document)


@open_to(Kind.CONTACT)
@require_POST
def portal_document_acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    try:
        acknowledge(_document(request, pk), by=user)
    except Refused as refused:
        messages.warning(request, str(refused.message))
    else:
        messages.success(request, _("The station knows now that you know of it."))
    return redirect("portal_document", pk)


@open_to(Kind.CONTACT)
@require_POST
def portal_document_reply(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    document = _document(request, pk)
    form = ReplyForm(request.POST, request.FILES, addressed=_mine(document, user))
    status = 422
    if refused_before := too_many(request):
        status = refuse(form, refused_before)
    elif form.is_valid():
        files = form.file_ids(user)
        if not form.errors:
            given = form.cleaned_data
            try:
                reply(given["addressed"], by=user, text=given["text"], files=files)
            except Refused as refused:
                status = refuse(form, refused)
            else:
                messages.success(request, _("Sent to the station."))
                return redirect("portal_document", pk)
    return _page(request, document, form, status)


@open_to(Kind.CONTACT)
def portal_document_file(request: HttpRequest, pk: int, evidence: UUID) -> HttpResponseBase:
    """A paper of the document, or one that the enterprise itself sent back."""
    user: User = request.user  # type: ignore[assignment]
    document = _document(request, pk)
    own = DocumentFile.objects.filter(document=document, evidence=evidence)
    mine = Reply.objects.visible_to(user).filter(addressed__document=document)
    sent = ReplyFile.objects.filter(reply__in=mine, evidence=evidence)
    found = own.select_related("evidence").first() or sent.select_related("evidence").first()
    if found is None:
        raise Http404
    return serve(request, found.evidence, name=f"document-{pk}-{found.pk}")


@open_to(Kind.CONTACT)
def portal_orders(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    rows = Order.objects.visible_to(user).for_rows()
    page = cut_page(request, rows, ("-issued_at", "-id"))
    return render(request, "documents/portal/orders.html", {"page": page})


@open_to(Kind.CONTACT)
def portal_order(request: HttpRequest, pk: int) -> HttpResponse:
    return _order_page(request, _order(request, pk))


@open_to(Kind.CONTACT)
@require_POST
def portal_order_receive(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    try:
        receive_order(_order(request, pk), by=user)
    except Refused as refused:
        messages.warning(request, str(refused.message))
    else:
        messages.success(request, _("Received. Now answer item by item, with photos."))
    return redirect("portal_order", pk)


@open_to(Kind.CONTACT)
@require_POST
def portal_order_answer(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    order = _order(request, pk)
    answered = get_object_or_404(OrderItem.objects.select_related("order"), order=order, pk=item)
    form = AnswerForm(request.POST, request.FILES, auto_id=f"id_{item}_%s")
    status = 422
    if refused_before := too_many(request):
        status = refuse(form, refused_before)
    elif form.is_valid():
        files = [one.evidence for one in form.keep_files(user)]
        if not form.errors:
            try:
                answer_item(answered, by=user, text=form.cleaned_data["text"], files=files)
            except Refused as refused:
                status = refuse(form, refused)
            else:
                messages.success(request, _("Sent: the officer will look at it."))
                return redirect("portal_order", pk)
    return _order_page(request, order, item, form, status)


@open_to(Kind.CONTACT)
def portal_order_file(request: HttpRequest, pk: int, evidence: UUID) -> HttpResponseBase:
    return photo_of(request, _order(request, pk), evidence)


def _page(
    request: HttpRequest, document: Document, form: ReplyForm | None = None, status: int = 200
) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    mine = _mine(document, user)
    replies = Reply.objects.visible_to(user).filter(addressed__document=document)
    context = {
        "document": document,
        "files": document.files.select_related("evidence"),
        "mine": mine,
        "newer": Document.objects.visible_to(user).filter(replaces=document).first(),
        "owed": document.acknowledge_by and any(one.acknowledged_at is None for one in mine),
        "replies": replies.select_related("by", "addressed__enterprise").prefetch_related(
            "files__evidence"
        ),
        "form": form or ReplyForm(addressed=mine),
    }
    return render(request, "documents/portal/document.html", context, status=status)


def _order_page(
    request: HttpRequest,
    order: Order,
    item: int = 0,
    form: AnswerForm | None = None,
    status: int = 200,
) -> HttpResponse:
    items = items_of(order)
    for one in items:
        wanted = order.is_open and one.state in (OrderItem.State.OPEN, OrderItem.State.RETURNED)
        fresh = AnswerForm(auto_id=f"id_{one.pk}_%s") if wanted else None
        # A form that was refused is shown whatever has become of its item: what was typed stays.
        one.form = form if one.pk == item else fresh  # type: ignore[attr-defined]
    context = {"order": order, "items": items, "late": order.is_late(), "opened": item}
    return render(request, "documents/portal/order.html", context, status=status)


def _mine(document: Document, user: User) -> list[Addressed]:
    there = Addressed.objects.visible_to(user).filter(document=document)
    return list(there.select_related("enterprise", "acknowledged_by", "document__unit"))


def _document(request: HttpRequest, pk: int) -> Document:
    user: User = request.user  # type: ignore[assignment]
    seen = Document.objects.visible_to(user).select_related("unit", "published_by", "replaced_by")
    return get_object_or_404(seen, pk=pk)


def _order(request: HttpRequest, pk: int) -> Order:
    user: User = request.user  # type: ignore[assignment]
    seen = Order.objects.visible_to(user).select_related(
        "unit", "enterprise", "issue__handler", "basis", "first_officer", "second_officer",
        "received_by",
    ).prefetch_related("postponements__event")  # fmt: skip
    return get_object_or_404(seen, pk=pk)
