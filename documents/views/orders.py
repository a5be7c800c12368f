"""Orders to put right, in the browser of the station."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from documents.actions import issue_order, look_at, may_issue, may_look, revoke_order
from documents.actions.ordering import Ordered
from documents.forms import OrderFilter, OrderForm, ReasonForm
from documents.models import Answer, Order, OrderItem
from issues.models import Attachment, Issue
from liaison.accounts.access import open_to
from liaison.accounts.models import STAFF, STATION_STAFF, Kind, User
from liaison.core.forms import refuse
from liaison.core.ledgers import cut_page
from liaison.core.refused import Refused
from liaison.evidence.serving import serve


@open_to(*STAFF)
def order_list(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    asked = OrderFilter(request.GET)
    seen = Order.objects.visible_to(user)
    if asked.chosen("mine"):
        seen = seen.filter(pk__in=Order.objects.all().own_of(user).values("pk"))
    match asked.chosen("state"):
        case "open":
            seen = seen.open()
        case "late":
            seen = seen.late(timezone.localdate())
    page = cut_page(request, seen.for_rows(), asked.columns)
    today = timezone.localdate()
    for one in page.items:
        one.late = one.is_late(today)
    return render(request, "documents/orders.html", {"page": page, "filter": asked})


@open_to(*STATION_STAFF)
def order_new(request: HttpRequest) -> HttpResponse:
    """For a hazard that the address names; anything else has no such form."""
    user: User = request.user  # type: ignore[assignment]
    number = request.GET.get("issue", "")
    if not number:
        # An order rests on a hazard: that is chosen first.
        return redirect(f"{reverse('issue_list')}?kind=hazard")
    seen = Issue.objects.visible_to(user).select_related("unit", "kind", "enterprise")
    issue = seen.filter(number=number).first()
    if issue is None or not may_issue(issue, user):
        raise Http404
    form = OrderForm(request.POST or None, issue=issue, user=user)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        given = form.cleaned_data
        ordered = Ordered(
            officers=(given["first_officer"], given["second_officer"]),
            basis=given["basis"],
            facts=given["facts"],
            items=form.item_lines(),
            due_on=given["due_on"],
            mark=given["mark"],
        )
        try:
            order = issue_order(issue, ordered, by=user)
        except Refused as refused:
            status = refuse(form, refused)
        else:
            messages.success(request, _("Issued as %(number)s.") % {"number": order.number})
            return redirect("order_detail", order.pk)
    return render(
        request, "documents/order_new.html", {"form": form, "issue": issue}, status=status
    )


@open_to(*STAFF)
def order_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _find(request, pk))


@open_to(*STAFF)
def order_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The order on paper, A4, to be handed over and signed."""
    order = _find(request, pk)
    return render(
        request, "documents/order_sheet.html", {"order": order, "items": order.items.all()}
    )


@open_to(*STATION_STAFF)
@require_POST
def order_look(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """``do`` is accept, or return with a reason."""
    user: User = request.user  # type: ignore[assignment]
    order = _find(request, pk)
    looked = get_object_or_404(OrderItem.objects.select_related("order"), order=order, pk=item)
    accepted = request.POST.get("do") == "accept"
    reason = request.POST.get("reason", "")
    try:
        look_at(looked, by=user, accepted=accepted, reason=reason)
    except Refused as refused:
        form = ReasonForm(request.POST, auto_id=f"id_{item}_%s")
        form.is_valid()
        form.errors.clear()
        status = refuse(form, refused)
        return _page(request, _find(request, pk), looked=item, form=form, status=status)
    messages.success(request, _("Noted."))
    return redirect("order_detail", pk)


@open_to(*STATION_STAFF)
@require_POST
def order_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    order = _find(request, pk)
    form = ReasonForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            revoke_order(order, by=user, reason=form.cleaned_data["reason"])
        except Refused as refused:
            status = refuse(form, refused)
        else:
            messages.success(request, _("The order is revoked."))
            return redirect("order_detail", pk)
    return _page(request, _find(request, pk), revoking=form, status=status)


@open_to(*STAFF)
def order_file(request: HttpRequest, pk: int, evidence: UUID) -> HttpResponseBase:
    """A photo that answers an item, to whoever sees the order."""
    return photo_of(request, _find(request, pk), evidence)


def photo_of(request: HttpRequest, order: Order, evidence: UUID) -> HttpResponseBase:
    answers = Answer.objects.filter(item__order=order).values("event")
    shown = Attachment.objects.filter(event__in=answers).select_related("evidence")
    found = get_object_or_404(shown, evidence=evidence)
    return serve(request, found.evidence, name=f"order-{order.pk}-{found.pk}")


def items_of(order: Order) -> list[OrderItem]:
    """With the answers, the newest first, and their photos; a constant number of queries."""
    answers = Answer.objects.select_related("event__actor", "looked_by").order_by("-at", "-pk")
    answers = answers.prefetch_related(
        Prefetch("event__attachments", Attachment.objects.select_related("evidence"))
    )
    return list(order.items.prefetch_related(Prefetch("answers", answers)))


def _page(
    request: HttpRequest,
    order: Order,
    *,
    looked: int = 0,
    form: ReasonForm | None = None,
    revoking: ReasonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    named = user.pk in (order.first_officer_id, order.second_officer_id)
    chief = user.kind == Kind.CHIEF and user.unit_id == order.unit_id
    context = {
        "order": order,
        "items": items_of(order),
        "late": order.is_late(),
        "may_look": order.is_open and may_look(order, user),
        "may_revoke": order.is_open and (named or chief),
        "looked": looked,
        "look_form": form,
        "revoke_form": revoking or ReasonForm(auto_id="id_revoke_%s"),
    }
    return render(request, "documents/order.html", context, status=status)


def _find(request: HttpRequest, pk: int) -> Order:
    user: User = request.user  # type: ignore[assignment]
    seen = Order.objects.visible_to(user).select_related(
        "unit", "enterprise", "issue__handler", "basis", "first_officer", "second_officer",
        "received_by", "revoked_by", "issued_by",
    ).prefetch_related("postponements__event")  # fmt: skip
    return get_object_or_404(seen, pk=pk)
