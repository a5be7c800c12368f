"""How one wants to be told."""

from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from liaison.accounts.access import SIGNED_IN, open_to
from liaison.accounts.models import User
from liaison.core.forms import show_refusal
from liaison.core.refused import Refused
from liaison.notices.actions import channels_of, choose_channels
from liaison.notices.channels import email
from liaison.notices.forms import ChoiceForm
from liaison.notices.models import choice_of, new_message_id
from liaison.notices.views.frame import frame_of


@open_to(SIGNED_IN)
def notice_settings(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    chosen = {"address": user.email, **model_to_dict(choice_of(user))}
    there = frozenset(channels_of(user))
    form = ChoiceForm(request.POST or None, initial=chosen, user=user, there=there)
    if request.method == "POST" and form.is_valid():
        try:
            choose_channels(user, **form.wishes())
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("notice_settings")
    context = {"frame": frame_of(user), "form": form, "email_configured": email.is_configured()}
    status = 422 if form.is_bound else 200
    return render(request, "notices/settings.html", context, status=status)


@open_to(SIGNED_IN)
@require_POST
def notice_test(request: HttpRequest) -> HttpResponse:
    """Sent while the person waits, so that what is shown is what came of it."""
    user: User = request.user  # type: ignore[assignment]
    if not user.email:
        messages.error(request, _("Save an e-mail address first."))
        return redirect("notice_settings")
    try:
        email.send_test(user.email, new_message_id())
    except Exception as error:  # whatever it is, it is the answer that was asked for
        said = str(error) or type(error).__name__
        messages.error(request, _("The test was not sent. %s") % said)
    else:
        messages.success(request, _("The mail server has taken the test for %s.") % user.email)
    return redirect("notice_settings")
