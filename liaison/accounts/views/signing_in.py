"""Signing in and out."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from liaison.accounts.access import EVERYONE, SIGNED_IN, open_to
from liaison.accounts.addresses import is_on_this_machine
from liaison.accounts.demo import shown_sign_ins
from liaison.accounts.forms import SignInForm
from liaison.accounts.models import Kind, User
from liaison.accounts.signals import password_changed


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
    # A demo that others on the network can reach does not hand them its keys.
    sign_ins = shown_sign_ins() if is_on_this_machine(request) else []
    return render(
        request,
        "accounts/sign_in.html",
        {
            "form": form,
            "next": wanted,
            "demo_sign_ins": [{**one, "kind_label": Kind(one["kind"]).label} for one in sign_ins],
        },
        status=422 if form.is_bound else 200,
    )


@open_to(SIGNED_IN)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    # By another token an officer's phone knows, also without a network, that somebody has left.
    rotate_token(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@open_to(SIGNED_IN)
@never_cache
@sensitive_post_parameters("old_password", "new_password1", "new_password2")
def password_change(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    form = PasswordChangeForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user.must_change_password = False
        with transaction.atomic():
            form.save()
            # The other sessions of this person end; this one goes on.
            update_session_auth_hash(request, user)
            password_changed.send(User, user=user)
        messages.success(request, _("The password is changed."))
        return redirect(settings.LOGIN_REDIRECT_URL)
    status = 422 if form.is_bound else 200
    return render(request, "accounts/password.html", {"form": form}, status=status)


# One who must choose a password first gets this far, and no further.
for view in (sign_out, password_change):
    view.before_password = True  # type: ignore[attr-defined]
