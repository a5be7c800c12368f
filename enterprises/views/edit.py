"""Listing an enterprise and changing what is known of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from enterprises.actions import change_stage, edit_enterprise, list_enterprise
from enterprises.actions.enterprise import EDITABLE
from enterprises.forms import EnterpriseForm, StageForm
from enterprises.models import Enterprise
from liaison.accounts.access import open_to
from liaison.accounts.models import OVERSEERS, User
from liaison.core.forms import refuse, show_refusal
from liaison.core.refused import Refused


@open_to(*OVERSEERS)
def enterprise_new(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    form = EnterpriseForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and user.unit is not None:
        values = {name: form.cleaned_data[name] for name in EDITABLE}
        try:
            enterprise = list_enterprise(user.unit, values, by=user)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Listed: %(name)s.") % {"name": enterprise.name})
            return redirect("enterprise_detail", enterprise.pk)
    return _answer(request, form, None)


@open_to(*OVERSEERS)
def enterprise_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    enterprise = _find(user, pk)
    form = EnterpriseForm(request.POST or None, instance=enterprise)
    status = 422
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in EDITABLE}
        try:
            edit_enterprise(enterprise, values, by=user, version=form.cleaned_data["version"])
        except Refused as refused:
            status = refuse(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("enterprise_detail", pk)
    return _answer(request, form, enterprise, status)


@open_to(*OVERSEERS)
def enterprise_stage(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    enterprise = _find(user, pk)
    initial = {"version": enterprise.version, "stage": enterprise.stage}
    form = StageForm(request.POST or None, initial=initial)
    status = 422
    if request.method == "POST" and form.is_valid():
        try:
            change_stage(enterprise, by=user, **form.cleaned_data)
        except Refused as refused:
            status = refuse(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("enterprise_detail", pk)
    return _answer(request, form, enterprise, status)


def _find(user: User, pk: int) -> Enterprise:
    enterprises = Enterprise.objects.visible_to(user).select_related("unit")
    return get_object_or_404(enterprises, pk=pk)


def _answer(
    request: HttpRequest,
    form: EnterpriseForm | StageForm,
    enterprise: Enterprise | None,
    status: int = 422,
) -> HttpResponse:
    if enterprise is None:
        heading = _("List an enterprise")
    elif isinstance(form, StageForm):
        heading = _("Change the stage")
    else:
        heading = _("Change the facts")
    context = {"form": form, "enterprise": enterprise, "heading": heading}
    return render(
        request, "enterprises/form.html", context, status=status if form.is_bound else 200
    )
