"""Who answers for whom: the desk, one enterprise at a time, and many by selection."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.db.models import Count, FilteredRelation, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from enterprises.actions import assign, assign_many, end_deputy, set_deputy
from enterprises.forms import AssignForm
from enterprises.models import Assignment, Cover, Enterprise, Stage
from liaison.accounts.access import open_to
from liaison.accounts.models import OVERSEERS, Unit, User
from liaison.core.forms import show_refusal
from liaison.core.refused import Refused

WORKLIST = 50
DONE = 302


def overseer(request: HttpRequest) -> tuple[User, Unit]:
    """The person and the station whose list they keep; 404 for one who belongs to none."""
    user: User = request.user  # type: ignore[assignment]
    if user.unit is None:
        raise Http404
    return user, user.unit


@open_to(*OVERSEERS)
def assignment_desk(request: HttpRequest) -> HttpResponse:
    """Officers with what each answers for, the unassigned, and who is away."""
    user, unit = overseer(request)
    today = timezone.localdate()
    # The open ones alone are joined: those of former years are never read.
    open_ones = FilteredRelation(
        "assignments",
        condition=Q(
            assignments__ended_at__isnull=True, assignments__role=Assignment.Role.RESPONSIBLE
        ),
    )
    live = ~Q(open_ones__enterprise__stage=Stage.CLOSED)
    late = Q(open_ones__enterprise__cadence__next_contact_due_on__lt=today) | Q(
        open_ones__enterprise__cadence__next_visit_due_on__lt=today
    )
    officers = (
        User.objects.all()
        .may_answer_for_enterprises()
        .at(unit)
        .annotate(open_ones=open_ones)
        .annotate(load=Count("open_ones", live), overdue=Count("open_ones", live & late))
        .order_by("-load", "name", "pk")
    )
    free = Enterprise.objects.visible_to(user).unassigned()
    context = {
        "officers": officers,
        "free": free.order_by("name", "pk")[:WORKLIST],
        "free_total": free.count(),
        "covers": Cover.objects.visible_to(user)
        .filter(cancelled_at__isnull=True, ends_on__gte=today)
        .select_related("officer", "acting")
        .order_by("starts_on", "pk"),
    }
    return render(request, "enterprises/assignment.html", context)


@open_to(*OVERSEERS)
def enterprise_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the responsible officer, or replace the present one."""
    user, unit = overseer(request)
    enterprise = _find(user, pk)
    now = enterprise.assignments.open().responsible().select_related("officer").first()
    form = _form(request, unit, now)
    status = _submit(form, partial(assign, enterprise, by=user))
    if status == DONE:
        said = _("%(officer)s answers for %(name)s.")
        return _done(request, said, enterprise, form.cleaned_data["officer"])
    now_words = (
        _("%(officer)s has answered since %(since)s; open lines go to the new officer too.")
        % {"officer": now.officer, "since": f"{timezone.localdate(now.started_at):%Y-%m-%d}"}
        if now
        else _("Nobody answers for it now.")
    )
    context = {
        "form": form,
        "enterprise": enterprise,
        "heading": _("Responsible officer"),
        "verb": _("Assign"),
        "now_words": now_words,
    }
    return render(request, "enterprises/assign.html", context, status=status)


@open_to(*OVERSEERS)
def enterprise_deputy(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the deputy, replace or end the present one's place."""
    user, unit = overseer(request)
    enterprise = _find(user, pk)
    now = enterprise.assignments.open().deputies().select_related("officer").first()
    if request.method == "POST" and "end" in request.POST:
        end_deputy(enterprise, by=user)
        messages.success(request, _("It has no deputy any more."))
        return redirect("enterprise_detail", pk)
    form = _form(request, unit, now)
    form.fields["officer"].label = _("Deputy officer")
    status = _submit(form, partial(set_deputy, enterprise, by=user))
    if status == DONE:
        said = _("%(officer)s is the deputy for %(name)s.")
        return _done(request, said, enterprise, form.cleaned_data["officer"])
    context = {
        "form": form,
        "enterprise": enterprise,
        "heading": _("Deputy officer"),
        "verb": _("Name the deputy"),
        "may_end": now is not None,
        "now_words": _("%(officer)s is the deputy now.") % {"officer": now.officer}
        if now
        else _("A deputy may stand in for the responsible officer, but does not answer."),
    }
    return render(request, "enterprises/assign.html", context, status=status)


@open_to(*OVERSEERS)
@require_POST
def assignment_save(request: HttpRequest) -> HttpResponse:
    """Assign the ticked rows of the ledger to one officer, all of them or none.

    ``row`` names ticked enterprises, ``officer`` the officer, ``was_<pk>`` whom the person saw as
    answering, ``back`` the address to return to.
    """
    user, unit = overseer(request)
    officers = {str(one.pk): one for one in User.objects.visible_to(user).at(unit)}
    officer = officers.get(request.POST.get("officer", ""))
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, None):
        back = reverse("enterprise_list")
    if officer is None:
        messages.error(request, _("Nothing was assigned. %s") % _("Choose an officer."))
        return redirect(back)
    chosen = {
        pk: (officer, request.POST.get(f"was_{pk}", "")) for pk in request.POST.getlist("row")
    }
    try:
        done = assign_many(chosen, by=user, reason=request.POST.get("reason", "")[:200])
    except Refused as refused:
        messages.error(request, _("Nothing was assigned. %s") % refused.message)
    else:
        say_assigned(request, done)
    return redirect(back)


def say_assigned(request: HttpRequest, done: int) -> None:
    messages.success(
        request,
        ngettext("%(n)d enterprise assigned.", "%(n)d enterprises assigned.", done) % {"n": done},
    )


def _find(user: User, pk: int) -> Enterprise:
    enterprises = Enterprise.objects.visible_to(user).select_related("unit")
    return get_object_or_404(enterprises, pk=pk)


def _form(request: HttpRequest, unit: Unit, now: Assignment | None) -> AssignForm:
    initial = {"replaces": now.officer_id if now else None}
    return AssignForm(
        request.POST if request.method == "POST" else None, unit=unit, initial=initial
    )


def _submit(form: AssignForm, name: Callable[..., object]) -> int:
    """Name the officer of a form that was sent; the status to answer with."""
    if not form.is_bound:
        return 200
    if form.is_valid():
        try:
            name(**form.cleaned_data)
        except Refused as refused:
            return _show(form, refused)
        return DONE
    return 422


def _show(form: AssignForm, refused: Refused) -> int:
    """Show the refusal; sent again the form replaces the officer whom the page now names."""
    show_refusal(form, refused)
    if not refused.conflict:
        return 422
    data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict, which has it
    data["replaces"] = str(refused.details.get("officer") or "")
    form.data = data
    return 409


def _done(request: HttpRequest, said: str, enterprise: Enterprise, officer: User) -> HttpResponse:
    messages.success(request, said % {"officer": officer, "name": enterprise.name})
    return redirect("enterprise_detail", enterprise.pk)
