"""Cards for the gates: what the ledger's filter shows, to be printed and hung up."""

from dataclasses import dataclass

import segno
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enterprises.actions import make_gate_codes, renew_gate_code
from enterprises.filters import CardFilter
from enterprises.forms import RenewGateCodeForm
from enterprises.models import Enterprise, GateCode
from liaison.accounts.access import open_to
from liaison.accounts.models import OVERSEERS, User
from liaison.core.addresses import absolute
from liaison.core.forms import refuse
from liaison.core.ledgers import cut_page
from liaison.core.refused import Refused

# Twelve sheets of A4: a card weighs about 5 kB, and a printer is waited for.
AT_ONCE = 48
ON_A4 = 4


@dataclass(frozen=True)
class Card:
    enterprise: Enterprise
    officer: str
    qr: SafeString


@open_to(*OVERSEERS)
def enterprise_cards(request: HttpRequest) -> HttpResponse:
    """The cards of this page of the list. Looking makes nothing: codes are made by the button."""
    user: User = request.user  # type: ignore[assignment]
    asked = CardFilter(request.GET, user=user)
    rows = asked.apply(Enterprise.objects.visible_to(user)).for_cards()
    page = cut_page(request, rows, asked.columns, size=AT_ONCE)
    missing = [one for one in page.items if not _code(one)]
    if request.method == "POST":
        if user.unit is None:
            raise Http404
        made = make_gate_codes(user.unit, missing, by=user)
        said = ngettext("%(n)d code is made.", "%(n)d codes are made.", made)
        messages.success(request, said % {"n": made})
        return redirect(request.get_full_path())
    cards = [
        Card(one, _officer(one), qr_of(absolute(request, reverse("gate", args=[code.code]))))
        for one in page.items
        if (code := _code(one))
    ]
    paper = asked.chosen("paper") or "a4"
    per_sheet = ON_A4 if paper == "a4" else 1
    context = {
        "filter": asked,
        "page": page,
        "paper": paper,
        "sheets": [cards[at : at + per_sheet] for at in range(0, len(cards), per_sheet)],
        "cards": len(cards),
        "missing": len(missing),
        "unit": user.unit,
        "one": asked.chosen("enterprise"),
        "site": absolute(request, "/"),
    }
    return render(request, "enterprises/cards.html", context)


@open_to(*OVERSEERS)
def gate_renew(request: HttpRequest, pk: int) -> HttpResponse:
    """A new code for one gate, with the reason."""
    user: User = request.user  # type: ignore[assignment]
    enterprise = get_object_or_404(
        Enterprise.objects.visible_to(user).select_related("unit"), pk=pk
    )
    held = GateCode.objects.filter(enterprise=enterprise).holding().select_related("by").first()
    form = RenewGateCodeForm(request.POST or None, initial={"replaces": held and held.pk})
    status = 422 if form.is_bound else 200
    if form.is_valid():
        replaces = enterprise.gate_codes.filter(pk=form.cleaned_data["replaces"]).first()
        try:
            if replaces is None:
                raise Refused("no_card", _("This enterprise has no card yet."))
            renew_gate_code(
                enterprise, by=user, reason=form.cleaned_data["reason"], replaces=replaces
            )
        except Refused as refused:
            status = refuse(form, refused)
        else:
            messages.success(request, _("Print the new card and hang it up in place of the old."))
            return redirect(f"{reverse('enterprise_cards')}?enterprise={enterprise.pk}")
    context = {"form": form, "enterprise": enterprise, "held": held}
    return render(request, "enterprises/gate_renew.html", context, status=status)


def qr_of(address: str) -> SafeString:
    """The address as a QR code: one SVG path, without style or size, which the style sheet gives.

    Level Q reads with a quarter of it scratched or dirty, as things at gates are.
    """
    code = segno.make_qr(address, error="q", boost_error=False)
    drawn = code.svg_inline(omitsize=True, svgclass="qr", lineclass=None, border=4)
    # Modules and numbers only; the address itself is not in it.
    return mark_safe(drawn)  # noqa: S308


def _code(enterprise: Enterprise) -> GateCode | None:
    held: list[GateCode] = enterprise.held_codes  # type: ignore[attr-defined]
    return held[0] if held else None


def _officer(enterprise: Enterprise) -> str:
    place = enterprise.responsible_place
    return str(place.officer) if place else ""
