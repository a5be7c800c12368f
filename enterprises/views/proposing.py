"""An officer proposed for each enterprise without one, with the reason, to be edited and saved."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enterprises.actions import assign_many
from enterprises.models import Assignment, Enterprise
from enterprises.proposals import Place, Proposal, propose
from enterprises.views.assignment import overseer, say_assigned
from liaison.accounts.access import open_to
from liaison.accounts.models import OFFICERS, OVERSEERS, Unit, User
from liaison.core.refused import Refused

# More rows than this nobody reads before agreeing; the rest is proposed afterwards.
AT_ONCE = 500


@open_to(*OVERSEERS)
def assignment_propose(request: HttpRequest) -> HttpResponse:
    """GET shows the proposals; POST assigns the ticked rows to the officers chosen for them.

    Refused, the page comes back with what had been ticked and chosen.
    """
    user, unit = overseer(request)
    officers = {
        str(one.pk): one for one in User.objects.all().may_answer_for_enterprises().at(unit)
    }
    problem = ""
    if request.method == "POST":
        ticked = request.POST.getlist("row")
        try:
            for pk in ticked:
                if request.POST.get(f"officer_{pk}") not in officers:
                    raise Refused("no_officer", _("Choose an officer for every row."))
            chosen = {pk: (officers[request.POST[f"officer_{pk}"]], "") for pk in ticked}
            say_assigned(request, assign_many(chosen, by=user, reason=_("Proposed and agreed")))
        except Refused as refused:
            problem = _("Nothing was assigned. %s") % refused.message
        else:
            return redirect("assignment_desk")
    rows = _rows(user, unit, officers)
    if problem:
        _keep_choices(rows, officers, request)
    context = {
        "rows": rows,
        "officers": sorted(officers.values(), key=str),
        "problem": problem,
    }
    status = 409 if problem else 200
    return render(request, "enterprises/propose.html", context, status=status)


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


def _rows(user: User, unit: Unit, officers: dict[str, User]) -> list[dict[str, Any]]:
    # A chief may be chosen by hand; who approves is not proposed to answer.
    held: dict[int, list[Place]] = {one.pk: [] for one in officers.values() if one.kind in OFFICERS}
    places = Assignment.objects.all().open().responsible().filter(officer__in=held)
    for place in places.filter(enterprise__unit=unit).select_related("enterprise"):
        held[place.officer_id].append(Place(place.enterprise_id, place.enterprise.point))
    enterprises = Enterprise.objects.visible_to(user).unassigned().order_by("name", "pk")
    free = {one.pk: one for one in enterprises[:AT_ONCE]}
    proposals = propose([Place(one.pk, one.point) for one in free.values()], held)
    rows = [
        {
            "enterprise": free[one.enterprise],
            "officer": officers[str(one.officer)],
            "ticked": True,
            "why": why(one, len(held[one.officer])),
        }
        for one in proposals
    ]
    return sorted(rows, key=lambda row: (row["enterprise"].name, row["enterprise"].pk))


def _keep_choices(
    rows: list[dict[str, Any]], officers: dict[str, User], request: HttpRequest
) -> None:
    ticked = set(request.POST.getlist("row"))
    for row in rows:
        pk = str(row["enterprise"].pk)
        row["ticked"] = pk in ticked
        row["officer"] = officers.get(request.POST.get(f"officer_{pk}", ""), row["officer"])
