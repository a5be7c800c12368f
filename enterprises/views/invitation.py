"""What an invited person finds under the link: whose it is, a name, a password."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from enterprises.actions import account_of, invitation_of, join_account, make_account
from enterprises.forms import JoinForm, NewAccountForm
from enterprises.models import Invitation
from enterprises.reach import answering
from liaison.accounts.access import EVERYONE, open_to
from liaison.accounts.throttle import must_not_be_guessing, note_guess
from liaison.core.forms import refuse
from liaison.core.refused import Refused


@open_to(EVERYONE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password", "again")
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Make the account, or link the one that the number has. A link that was never there, ran out,
    was used or taken back are one page: which of them it is, is for the officer to say."""
    try:
        must_not_be_guessing(request)
    except Refused as refused:
        return _gone(request, 429, str(refused.message))
    invitation = invitation_of(token)
    if invitation is None:
        note_guess(request)
        return _gone(request, 404)
    return _with_secret(_answer(request, invitation))


def _answer(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    account = account_of(invitation)
    if account is not None and not (account.is_contact and account.is_active):
        # The number became somebody else's since the invitation.
        said = _("This number cannot be invited: ask your officer.")
        return _gone(request, 422, said)
    known = account is not None
    initial = {"name": invitation.contact.name}
    form: JoinForm | NewAccountForm = (
        JoinForm(request.POST or None, request=request, phone=invitation.phone)
        if known
        else NewAccountForm(request.POST or None, initial=initial)
    )
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            if isinstance(form, JoinForm):
                user = form.owner
                join_account(invitation, by=user)
            else:
                told = form.cleaned_data
                user = make_account(invitation, name=told["name"], password=told["password"])
        except Refused as refused:
            status = refuse(form, refused)
        else:
            login(request, user)
            name = invitation.contact.enterprise.name
            messages.success(request, _("Welcome: this is the page of %(name)s.") % {"name": name})
            return redirect(settings.LOGIN_REDIRECT_URL)
    officers = answering(invitation.contact.enterprise)
    context = {
        "invitation": invitation,
        "enterprise": invitation.contact.enterprise,
        "officer": officers[0] if officers else None,
        "known": known,
        "form": form,
    }
    return render(request, "enterprises/invitation.html", context, status=status)


def _gone(request: HttpRequest, status: int, said: str = "") -> HttpResponse:
    answer = render(request, "enterprises/invitation_gone.html", {"said": said}, status=status)
    return _with_secret(answer)


def _with_secret(answer: HttpResponse) -> HttpResponse:
    """The address is the key: it is told to no page that is opened from here."""
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer
