"""The catalogue as the station keeps it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from green_channel.actions import save_basis, save_item, save_local_term
from green_channel.catalogue_forms import (
    BasisForm,
    ItemForm,
    LocalTermForm,
    listed,
    requirements_of,
)
from green_channel.models import Item, LocalTerm
from green_channel.terms import terms_at
from liaison.accounts.access import may_set_rules, open_to
from liaison.accounts.models import STAFF, Unit, User
from liaison.core.forms import refuse, show_refusal
from liaison.core.refused import Refused
from liaison.law.models import LegalBasis


@open_to(*STAFF)
def green_item_list(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    unit = station_of(user)
    items = list(Item.objects.visible_to(user).select_related("basis", "unit"))
    local = {one.item_id: one for one in LocalTerm.objects.filter(unit=unit)} if unit else {}
    context = {
        "rows": [(item, terms_at(item, None, local.get(item.pk))) for item in items],
        "may_add": may_set_rules(user, unit),
        "may_keep_bases": may_set_rules(user, None),
    }
    return render(request, "green_channel/items.html", context)


@open_to(*STAFF)
def green_item(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    return _item_page(request, _find(user, pk))


@open_to(*STAFF)
@require_POST
def green_local(request: HttpRequest, pk: int) -> HttpResponse:
    """The chief says what holds at the own station."""
    user: User = request.user  # type: ignore[assignment]
    item, unit = _find(user, pk), station_of(user)
    if unit is None or not may_set_rules(user, unit):
        raise Http404
    form = LocalTermForm(request.POST, item=item)
    if not form.is_valid():
        return _item_page(request, item, local=form, status=422)
    try:
        save_local_term(item, unit, form.cleaned_data, by=user)
    except Refused as refused:
        show_refusal(form, refused)
        return _item_page(request, item, local=form, status=422)
    messages.success(request, _("Saved."))
    return redirect("green_item", pk)


@open_to(*STAFF)
def green_item_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    item = _find(user, pk)
    if not may_set_rules(user, item.unit):
        raise Http404
    return _edit(request, item)


@open_to(*STAFF)
def green_item_new(request: HttpRequest) -> HttpResponse:
    """An item of the own station; of a system administrator at the top, one of every station."""
    user: User = request.user  # type: ignore[assignment]
    unit = None if may_set_rules(user, None) else station_of(user)
    if not may_set_rules(user, unit):
        messages.warning(request, _("The station's chief adds what the station offers."))
        return redirect("green_item_list")
    return _edit(request, Item(unit=unit))


@open_to(*STAFF)
def green_bases(request: HttpRequest) -> HttpResponse:
    """The articles that items rest on; whoever keeps the shared items adds and corrects them."""
    user: User = request.user  # type: ignore[assignment]
    may_edit = may_set_rules(user, None)
    row = request.POST.get("row") or request.GET.get("row", "")
    basis = LegalBasis()
    if row.isdecimal() and len(row) < 18:
        basis = get_object_or_404(LegalBasis, pk=row)
    form = BasisForm(request.POST or None, instance=basis)
    status = 200
    if request.method == "POST":
        if not may_edit:
            raise Http404
        status = 422
        if form.is_valid():
            try:
                save_basis(LegalBasis(pk=basis.pk), form.cleaned_data, by=user)
            except Refused as refused:
                show_refusal(form, refused)
            else:
                messages.success(request, _("Saved."))
                return redirect("green_bases")
    context = {
        "bases": LegalBasis.objects.all(),
        "form": form,
        "row": basis.pk or "",
        "may_edit": may_edit,
    }
    return render(request, "green_channel/bases.html", context, status=status)


def station_of(user: User) -> Unit | None:
    unit = user.unit
    return unit if unit is not None and unit.kind == Unit.Kind.STATION else None


def _find(user: User, pk: int) -> Item:
    seen = Item.objects.visible_to(user).select_related("basis", "unit")
    return get_object_or_404(seen.prefetch_related("requirements"), pk=pk)


def _item_page(
    request: HttpRequest, item: Item, *, local: LocalTermForm | None = None, status: int = 200
) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    unit = station_of(user)
    own = LocalTerm.objects.filter(item=item, unit=unit).first() if unit else None
    may_local = unit is not None and may_set_rules(user, unit) and item.unit_id is None
    if may_local and local is None:
        local = LocalTermForm(item=item, instance=own)
    context = {
        "item": item,
        "terms": terms_at(item, None, own),
        "local": local if may_local else None,
        "may_edit": may_set_rules(user, item.unit),
        "may_apply": user.is_station_staff and item.offered and not item.referred,
    }
    return render(request, "green_channel/item.html", context, status=status)


def _edit(request: HttpRequest, item: Item) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    data: Any = request.POST or None
    form = ItemForm(data, instance=item)
    rows = requirements_of(item, data)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and rows.is_valid():
            fresh = Item(unit=item.unit, code=form.cleaned_data.get("code", ""))
            if not item._state.adding:
                fresh = Item.objects.get(pk=item.pk)
            try:
                saved = save_item(
                    fresh,
                    form.values(),
                    listed(rows),
                    by=user,
                    version=form.cleaned_data["version"],
                )
            except Refused as refused:
                status = refuse(form, refused)
            else:
                messages.success(request, _("Saved."))
                return redirect("green_item", saved.pk)
    context = {"item": item, "form": form, "rows": rows, "is_new": item._state.adding}
    return render(request, "green_channel/item_edit.html", context, status=status)
