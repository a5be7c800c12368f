"""The page of a guard for one night. The key in the address is all that lets one in.

No session or cookie counts, which is why nothing here needs a token against forgery: whoever could
forge its sending has the key. The page itself is about nobody, so that a phone may keep it; what is
shown comes from ``data`` by way of the phone's own store, with and without a network.
"""

import hashlib
import json
from pathlib import Path
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaison.accounts.access import EVERYONE, open_to
from liaison.accounts.throttle import must_not_be_guessing, note_guess, try_to_open
from liaison.core.forms import refuse
from liaison.core.refused import Refused
from patrols.actions.doors import PIN_DIGITS, link_of, open_by_pin, was_a_link
from patrols.actions.reporting import keep_photo, take
from patrols.guard_data import data_of
from patrols.models import NightLink
from patrols.reports import BatchIn, Sent

SHELL = "patrols/night/shell.html"
KEPT = (
    "css/tokens.css", "css/night.css", "img/favicon.svg", "js/phone/net.js",
    "js/phone/photos.js", "js/phone/store.js",
    "js/phone/where.js", "js/night/main.js", "js/night/outbox.js", "js/night/showing.js",
)  # fmt: skip


class PinForm(forms.Form):
    phone = forms.CharField(
        label=gettext_lazy("Your phone number"),
        max_length=20,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"}),
    )
    pin = forms.CharField(
        label=gettext_lazy("PIN of tonight"),
        min_length=PIN_DIGITS,
        max_length=PIN_DIGITS,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )


@open_to(EVERYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def by_pin(request: HttpRequest) -> HttpResponse:
    """Phone number and the night's PIN: leads to a link of one's own."""
    form = PinForm(request.POST or None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        phone, pin = form.cleaned_data["phone"], form.cleaned_data["pin"]
        door = "".join(one for one in phone if one.isdecimal())[-11:]
        try:
            token = try_to_open(request, door, lambda: open_by_pin(phone, pin, timezone.now()))
        except Refused as refused:
            status = 429 if refused.code == "locked" else refuse(form, refused)
            if refused.code == "locked":
                form.add_error(None, str(refused.message))
        else:
            if token is not None:
                return _private(redirect("night", token))
            form.add_error(None, _("Number or PIN is not right, or you are not on duty tonight."))
    answer = _private(render(request, "patrols/night/pin.html", {"form": form}, status=status))
    # Without an origin the form would be taken for a forged one; nothing secret is in this address.
    answer["Referrer-Policy"] = "same-origin"
    return answer


@open_to(EVERYONE)
@require_safe
def shell(request: HttpRequest, token: str) -> HttpResponse:
    """The page, for whoever has a link that holds, or held and may have left something unsent."""
    try:
        _link(request, token, late=True)
    except Refused as refused:
        return _private(_locked_page(request, refused))
    except Http404:
        return _private(render(request, "patrols/night/ended.html", status=404))
    return _private(render(request, SHELL, _filling()))


@open_to(EVERYONE)
@require_safe
def plate(request: HttpRequest, code: str) -> HttpResponse:
    """What the picture on a plate leads to: the same page, whose scripts know which night is open
    on this phone. It says nothing of the checkpoint, so anybody may open it."""
    return _private(render(request, SHELL, _filling()))


@open_to(EVERYONE)
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker for what lies below /n/."""
    told = hashlib.sha256(render_to_string(SHELL, _filling()).encode())
    for name in KEPT:
        told.update(Path(finders.find(name) or "").read_bytes())
    context = {
        "kept": [static(name) for name in KEPT],
        # The page that is kept: about nobody, and the same for every link.
        "shell": reverse("night_plate", args=["-"]),
        "version": told.hexdigest()[:16],
    }
    answer = render(request, "patrols/night/worker.js", context, content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer


@open_to(EVERYONE)
@require_safe
def data(request: HttpRequest, token: str) -> HttpResponse:
    try:
        link = _link(request, token)
    except Refused as refused:
        return _locked(refused)
    return _private(JsonResponse(data_of(link)))


@csrf_exempt
@open_to(EVERYONE)
@require_POST
def operations(request: HttpRequest, token: str) -> HttpResponse:
    """A batch in the order in which it was done; an answer for each. 400 for what is no batch."""
    try:
        link = _link(request, token, late=True)
    except Refused as refused:
        return _locked(refused)
    batch = BatchIn(data=_json(request))
    if not batch.is_valid():
        return _said("invalid", _("This could not be understood."), 400)
    now = timezone.now()
    sent_at = batch.validated_data["sent_at"]
    answers = [
        take(link, Sent(**one), sent_at=sent_at, received_at=now)
        for one in batch.validated_data["operations"]
    ]
    told = [
        {
            "client_id": str(one.client_id),
            "status": one.status,
            "code": one.code,
            "message": one.message,
            "object": one.object,
        }
        for one in answers
    ]
    return _private(JsonResponse({"answers": told}))


@csrf_exempt
@open_to(EVERYONE)
@require_POST
def photo(request: HttpRequest, token: str, shot: UUID) -> HttpResponse:
    """A picture as the body of the request, by the phone's own id for it."""
    try:
        link = _link(request, token, late=True)
    except Refused as refused:
        return _locked(refused)
    if not request.body:
        return _said("empty", _("There is no picture."), 400)
    try:
        kept = keep_photo(link, shot, SimpleUploadedFile("photo.jpg", request.body))
    except Refused as refused:
        return _said(refused.code, str(refused.message), 422)
    return _private(JsonResponse({"client_id": str(kept.client_id)}))


def _link(request: HttpRequest, token: str, *, late: bool = False) -> NightLink:
    """The link that holds (``late``: as ``link_of`` says). Refused("locked") while this address
    tries too many that never were; Http404 for one that ended as for one that never was."""
    must_not_be_guessing(request)
    link = link_of(token, timezone.now(), late=late)
    if link is None:
        if not was_a_link(token):
            note_guess(request)
        raise Http404
    return link


def _json(request: HttpRequest) -> Any:
    try:
        read = json.loads(request.body)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _filling() -> dict[str, Any]:
    scripts = [static(name) for name in KEPT if name.endswith(".js")]
    return {"scripts": scripts}


def _said(code: str, message: str, status: int) -> HttpResponse:
    return _private(JsonResponse({"code": code, "message": message}, status=status))


def _locked(refused: Refused) -> HttpResponse:
    answer = _said(refused.code, str(refused.message), 429)
    answer["Retry-After"] = str(refused.details["retry_after"])
    return answer


def _locked_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    answer = render(request, "issues/portal/guessing.html", status=429)
    answer["Retry-After"] = str(refused.details["retry_after"])
    return answer


def _private(answer: HttpResponse) -> HttpResponse:
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Cache-Control"] = "private, no-store"
    return answer
