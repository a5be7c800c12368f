"""What staff and the contact in charge do with the people of an enterprise, by one press each."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from enterprises.actions import contact_left, invite, put_in_charge, revoke_invitation
from enterprises.models import Contact
from enterprises.views.cards import qr_of
from liaison.accounts.access import open_to
from liaison.accounts.models import STATION_STAFF, User
from liaison.core.addresses import absolute
from liaison.core.refused import Refused


@open_to(*STATION_STAFF)
@require_POST
@never_cache
def contact_invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite a contact: with ``by=text`` to their phone, else the code is on the answer, once."""
    contact = found(request, pk)
    back = reverse("enterprise_detail", args=[contact.enterprise_id])
    return invited(request, contact, frame="staff/frame.html", back=back)


@open_to(*STATION_STAFF)
@require_POST
def contact_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    contact = found(request, pk)
    return pressed(
        request, revoke_invitation, contact, _("The invitation is revoked."), _dossier(contact)
    )


@open_to(*STATION_STAFF)
@require_POST
def contact_leave(request: HttpRequest, pk: int) -> HttpResponse:
    contact = found(request, pk)
    said = _("%(who)s has no access any more.") % {"who": contact.name}
    return pressed(request, contact_left, contact, said, _dossier(contact))


@open_to(*STATION_STAFF)
@require_POST
def contact_in_charge(request: HttpRequest, pk: int) -> HttpResponse:
    contact = found(request, pk)
    said = _("%(who)s is in charge now.") % {"who": contact.name}
    return pressed(request, put_in_charge, contact, said, _dossier(contact))


def invited(request: HttpRequest, contact: Contact, *, frame: str, back: str) -> HttpResponse:
    """The answer to an invitation: shown once, it is kept nowhere and cannot be shown again."""
    user: User = request.user  # type: ignore[assignment]
    by_text = request.POST.get("by") == "text"
    try:
        invitation, token = invite(contact, by=user, by_text=by_text)
    except Refused as refused:
        messages.warning(request, str(refused.message))
        return redirect(back)
    if by_text:
        messages.success(
            request,
            _("The invitation goes to %(phone)s by text message.") % {"phone": invitation.phone},
        )
        return redirect(back)
    address = absolute(request, reverse("invitation", args=[token]))
    context = {
        "frame": frame,
        "back": back,
        "contact": contact,
        "invitation": invitation,
        "address": address,
        "qr": qr_of(address),
    }
    return render(request, "enterprises/invited.html", context)


def pressed(
    request: HttpRequest, verb: Callable[..., Any], contact: Contact, said: str, back: str
) -> HttpResponse:
    """One press and nothing to fill in: back to the page, with what came of it."""
    user: User = request.user  # type: ignore[assignment]
    try:
        verb(contact, by=user)
    except Refused as refused:
        messages.warning(request, str(refused.message))
    else:
        messages.success(request, said)
    return redirect(back)


def found(request: HttpRequest, pk: int) -> Contact:
    user: User = request.user  # type: ignore[assignment]
    seen = Contact.objects.visible_to(user).select_related("enterprise__unit")
    return get_object_or_404(seen, pk=pk)


def _dossier(contact: Contact) -> str:
    return reverse("enterprise_detail", args=[contact.enterprise_id])
