"""What the units have to tell their people by, for their system administrator."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from liaison.accounts.access import SYSTEM_ADMINISTRATORS, open_to
from liaison.accounts.models import User
from liaison.core.forms import show_refusal
from liaison.core.ledgers import cut_page
from liaison.core.refused import Refused
from liaison.notices.actions import add_channel, change_address, switch_channel, try_channel
from liaison.notices.channels import email
from liaison.notices.channels.addresses import EXAMPLES, masked
from liaison.notices.forms import AddChannelForm, AddressForm
from liaison.notices.models import OF_UNITS, UnitChannel


@open_to(SYSTEM_ADMINISTRATORS)
def channel_list(request: HttpRequest) -> HttpResponse:
    """Which unit has what, whether it is on, and what its last test said."""
    user: User = request.user  # type: ignore[assignment]
    kept = UnitChannel.objects.visible_to(user).select_related("unit")
    page = cut_page(request, kept, ("unit__path", "channel", "id"))
    context = {
        "page": page,
        "rows": [(one, masked(one.url)) for one in page.items],
        "email_configured": email.is_configured(),
    }
    return render(request, "notices/channels.html", context)


@open_to(SYSTEM_ADMINISTRATORS)
def channel_add(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    form = AddChannelForm(request.POST or None, user=user, initial={"unit": user.unit})
    if request.method == "POST" and form.is_valid():
        try:
            add_channel(**form.cleaned_data, by=user)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Saved. Try it with a test."))
            return redirect("channel_list")
    context = {"form": form, "examples": [(one.label, EXAMPLES[one]) for one in OF_UNITS]}
    return render(
        request, "notices/channel_form.html", context, status=422 if form.is_bound else 200
    )


@open_to(SYSTEM_ADMINISTRATORS)
def channel_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it another address."""
    user: User = request.user  # type: ignore[assignment]
    kept = _kept(user, pk)
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change_address(kept, form.cleaned_data["url"], by=user)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Saved. Try it with a test."))
            return redirect("channel_list")
    context = {
        "form": form,
        "kept": kept,
        "masked": masked(kept.url),
        "examples": [(kept.get_channel_display(), EXAMPLES[kept.channel])],
    }
    return render(
        request, "notices/channel_form.html", context, status=422 if form.is_bound else 200
    )


@open_to(SYSTEM_ADMINISTRATORS)
@require_POST
def channel_switch(request: HttpRequest, pk: int) -> HttpResponse:
    """``on`` says how it shall be, so that a second press changes nothing."""
    user: User = request.user  # type: ignore[assignment]
    kept, wanted = _kept(user, pk), request.POST.get("on")
    if wanted in ("0", "1"):
        switch_channel(kept, on=wanted == "1", by=user)
        messages.success(request, _("Turned on.") if wanted == "1" else _("Turned off."))
    return redirect("channel_list")


@open_to(SYSTEM_ADMINISTRATORS)
@require_POST
def channel_test(request: HttpRequest, pk: int) -> HttpResponse:
    """Sent while the person waits, so that what is shown is what came of it."""
    user: User = request.user  # type: ignore[assignment]
    if error := try_channel(_kept(user, pk), by=user):
        messages.error(request, _("The test was not sent. %s") % error)
    else:
        messages.success(request, _("The other side has taken the test. See whether it arrived."))
    return redirect("channel_list")


def _kept(user: User, pk: int) -> UnitChannel:
    kept = UnitChannel.objects.visible_to(user).select_related("unit")
    return get_object_or_404(kept, pk=pk)
