"""Who answers for whom: the desk, single and bulk assignment, hand-over, covers."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from enterprises.actions import assign, cancel_cover, cover, hand_over
from enterprises.forms import AssignForm, CoverForm, HandOverForm
from enterprises.models import Assignment, Cover, Enterprise
from enterprises.proposals import Place, Proposal, propose
from liaison.accounts.access import open_to
from liaison.accounts.models import OVERSEERS, Unit, User
from liaison.core.forms import show_refusal
from liaison.core.refused import Refused

WORKLIST = 50


def _who(request: HttpRequest) -> tuple[User, Unit]:
    user: User = request.user  # type: ignore[assignment]
    if user.unit is None:
        raise Refused("no_unit", _("You belong to no station."))
    return user, user.unit


@open_to(*OVERSEERS)
def assignment_desk(request: HttpRequest) -> HttpResponse:
    """Officers with what each answers for, the unassigned, and who is away."""
    user, unit = _who(request)
    today = timezone.localdate()
    mine = Q(assignments__ended_at__isnull=True, assignments__role=Assignment.Role.RESPONSIBLE)
    officers = (
        User.objects.all()
        .may_answer_for_enterprises()
        .at(unit)
        .annotate(
            load=Count("assignments", mine),
            overdue=Count(
                "assignments",
                mine & Q(assignments__enterprise__cadence__next_contact_due_on__lt=today),
            ),
        )
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
    user, unit = _who(request)
    enterprise = get_object_or_404(
        Enterprise.objects.visible_to(user).select_related("unit"), pk=pk
    )
    now = enterprise.assignments.open().responsible().select_related("officer").first()
    form = AssignForm(
        request.POST or None, unit=unit, initial={"replaces": now.officer_id if now else None}
    )
    status = 422
    if request.method == "POST" and form.is_valid():
        try:
            assign(enterprise, by=user, **form.cleaned_data)
        except Refused as refused:
            show_refusal(form, refused)
            status = 409 if refused.conflict else 422
            if refused.conflict:
                # Sent again it replaces the officer who answers now, which the page shows.
                data = request.POST.copy()
                data["replaces"] = str(refused.details.get("officer") or "")
                form.data = data
        else:
            messages.success(
                request,
                _("%(officer)s answers for %(name)s.")
                % {"officer": form.cleaned_data["officer"], "name": enterprise.name},
            )
            return redirect("enterprise_detail", pk)
    context = {"form": form, "enterprise": enterprise, "now": now}
    return render(
        request, "enterprises/assign.html", context, status=status if form.is_bound else 200
    )


@open_to(*OVERSEERS)
def assignment_propose(request: HttpRequest) -> HttpResponse:
    """An officer for each enterprise without one, with the reason, to be edited and saved."""
    user, unit = _who(request)
    officers = {one.pk: one for one in User.objects.all().may_answer_for_enterprises().at(unit)}
    held: dict[int, list[Place]] = {pk: [] for pk in officers}
    places = Assignment.objects.all().open().responsible().filter(officer__in=officers)
    for place in places.select_related("enterprise"):
        held[place.officer_id].append(Place(place.enterprise_id, place.enterprise.point))
    free = {
        one.pk: one
        for one in Enterprise.objects.visible_to(user).unassigned().order_by("name", "pk")
    }
    proposals = propose([Place(one.pk, one.point) for one in free.values()], held)
    rows = [
        {
            "enterprise": free[one.enterprise],
            "officer": officers[one.officer],
            "why": why(one, len(held[one.officer])),
        }
        for one in proposals
    ]
    context = {"rows": rows, "officers": sorted(officers.values(), key=str)}
    return render(request, "enterprises/propose.html", context)


def why(proposal: Proposal, has: int) -> str:
    """The reason for a proposal, as one would say it."""
    if proposal.metres is None:
        near = _("no position to compare")
    elif proposal.metres < 1000:
        near = _("%(m)d m from the nearest one") % {"m": round(proposal.metres)}
    else:
        near = _("%(km).1f km from the nearest one") % {"km": proposal.metres / 1000}
    load = ngettext("has %(n)d now", "has %(n)d now", has) % {"n": has}
    return _("%(near)s; %(load)s, would have %(then)d (even share %(share)s)") % {
        "near": near,
        "load": load,
        "then": proposal.load,
        "share": f"{proposal.share:g}",
    }


@open_to(*OVERSEERS)
@require_POST
def assignment_save(request: HttpRequest) -> HttpResponse:
    """Assign the ticked rows, all of them or none.

    ``row`` names ticked enterprises, ``officer`` one officer for all or ``officer_<pk>`` one
    each, ``was_<pk>`` whom the person saw as answering.
    """
    user, unit = _who(request)
    officers = {str(one.pk): one for one in User.objects.visible_to(user).at(unit)}
    ticked = [pk for pk in request.POST.getlist("row") if pk.isdecimal() and len(pk) < 18]
    enterprises = Enterprise.objects.visible_to(user).select_related("unit").filter(pk__in=ticked)
    back = redirect((request.POST.get("back") == "list" and "enterprise_list") or "assignment_desk")
    done = 0
    try:
        with transaction.atomic():
            for enterprise in enterprises.order_by("name", "pk"):
                pk = enterprise.pk
                chosen = request.POST.get(f"officer_{pk}") or request.POST.get("officer", "")
                if chosen not in officers:
                    raise Refused("no_officer", _("Choose an officer for %s.") % enterprise.name)
                was = request.POST.get(f"was_{pk}", "")
                if was == chosen:
                    continue
                try:
                    assign(
                        enterprise,
                        officers[chosen],
                        by=user,
                        reason=request.POST.get("reason", "")[:200],
                        replaces=int(was) if was.isdecimal() else None,
                    )
                except Refused as refused:
                    refused.message = f"{enterprise.name}: {refused.message}"
                    raise
                done += 1
    except Refused as refused:
        messages.error(request, _("Nothing was assigned. %s") % refused.message)
        return back
    messages.success(request, ngettext("%(n)d assigned.", "%(n)d assigned.", done) % {"n": done})
    return back


@open_to(*OVERSEERS)
def hand_over_form(request: HttpRequest) -> HttpResponse:
    user, unit = _who(request)
    form = HandOverForm(
        request.POST or None, unit=unit, initial={"outgoing": request.GET.get("outgoing")}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            hand_over(given["outgoing"], given["incoming"], by=user, reason=given["reason"])
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Handed over. Print the sheet for both to sign."))
            return redirect("hand_over_sheet", given["outgoing"].pk, given["incoming"].pk)
    return render(
        request,
        "enterprises/hand_over.html",
        {"form": form},
        status=422 if form.is_bound else 200,
    )


@open_to(*OVERSEERS)
def cover_new(request: HttpRequest) -> HttpResponse:
    user, unit = _who(request)
    form = CoverForm(request.POST or None, unit=unit)
    if request.method == "POST" and form.is_valid():
        try:
            cover(by=user, **form.cleaned_data)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("The cover is entered."))
            return redirect("assignment_desk")
    return render(
        request, "enterprises/cover.html", {"form": form}, status=422 if form.is_bound else 200
    )


@open_to(*OVERSEERS)
@require_POST
def cover_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    user, _unit = _who(request)
    covers = Cover.objects.visible_to(user).select_related("officer__unit")
    try:
        cancel_cover(get_object_or_404(covers, pk=pk), by=user)
    except Refused as refused:
        messages.warning(request, str(refused.message))
    return redirect("assignment_desk")
