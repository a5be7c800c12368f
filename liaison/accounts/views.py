"""Signing in and out."""

import json

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from liaison.accounts.access import EVERYONE, SIGNED_IN, open_to
from liaison.accounts.forms import SignInForm
from liaison.accounts.models import Kind


@open_to(EVERYONE)
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request, request.POST or None)
    wanted = request.POST.get("next") or request.GET.get("next", "")
    if request.method == "POST" and form.is_valid() and form.user is not None:
        login(request, form.user)
        safe = url_has_allowed_host_and_scheme(
            wanted, {request.get_host()}, require_https=request.is_secure()
        )
        return redirect(wanted if safe else settings.LOGIN_REDIRECT_URL)
    return render(
        request,
        "accounts/sign_in.html",
        {"form": form, "next": wanted, "demo_sign_ins": demo_sign_ins()},
        status=422 if form.is_bound else 200,
    )


@open_to(SIGNED_IN)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


def demo_sign_ins() -> list[dict[str, str]]:
    """The sign-ins that seeding made, in demo mode only; a live station shows none."""
    path = settings.VAR / "demo-credentials.json"
    if not settings.DEMO or not path.exists():
        return []
    return [
        {**one, "kind_label": str(Kind(one["kind"]).label)}
        for one in json.loads(path.read_text())["users"]
    ]
