"""一企一档: everything about one enterprise on one page."""

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from enterprises.actions import may_keep_contacts
from enterprises.contact_states import people_of
from enterprises.deadlines import why_contact_due, why_visit_due
from enterprises.models import Cadence, Enterprise
from issues.models import Issue
from liaison.accounts.access import open_to
from liaison.accounts.models import OVERSEERS, STAFF, User
from liaison.notices.actions import can_text
from patrols.at_a_glance import guards_of, team_of, with_team
from visits.models import Inspection, Promise, Visit

RECENT = 8


@open_to(*STAFF)
def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    now = timezone.now()
    seen = Enterprise.objects.visible_to(user).select_related("unit", "cadence", "merged_into")
    enterprise = get_object_or_404(with_team(seen, now), pk=pk)
    places = list(enterprise.assignments.select_related("officer", "by").order_by("-started_at"))
    issues = Issue.objects.visible_to(user).filter(enterprise=enterprise).for_rows()
    now_open = [place for place in places if place.ended_at is None]
    cadence = getattr(enterprise, "cadence", None) or Cadence(enterprise=enterprise)
    responsible = next((place for place in now_open if place.role == "responsible"), None)
    acting = (
        responsible.officer.covered_by.active(timezone.localdate()).select_related("acting").first()
        if responsible
        else None
    )
    texts = user.is_station_staff and enterprise.is_live and can_text(enterprise.unit)
    context = {
        "can_text": texts,
        "enterprise": enterprise,
        "responsible": responsible,
        "deputy": next((place for place in now_open if place.role == "deputy"), None),
        "acting": acting,
        "cadence": cadence,
        "why_contact": why_contact_due(cadence),
        "why_visit": why_visit_due(cadence),
        "people": people_of(
            enterprise.contacts.for_people().order_by(
                F("left_on").desc(nulls_first=True), "-is_primary", "name"
            )
        ),
        "may_keep_contacts": may_keep_contacts(user, enterprise),
        "open_issues": issues.open().order_by("next_due_at", "pk"),
        "ended_issues": issues.exclude(pk__in=issues.open().values("pk")).order_by("-closed_at")[
            :RECENT
        ],
        "visits": Visit.objects.visible_to(user)
        .filter(enterprise=enterprise)
        .for_ledger(user)
        .with_file_count()
        .order_by("-happened_at", "-pk")[:RECENT],
        "inspections": Inspection.objects.visible_to(user)
        .filter(enterprise=enterprise)
        .for_ledger(user)
        .order_by("-happened_at")[:RECENT],
        "promises": Promise.objects.visible_to(user)
        .open()
        .filter(visit__enterprise=enterprise)
        .order_by("due_on", "pk"),
        "team": team_of(enterprise),
        "guards": guards_of(enterprise, user, now),
        "places": places,
        "stages": enterprise.stage_changes.select_related("by").order_by("-at", "-pk"),
        "may_edit": user.kind in OVERSEERS and user.unit_id == enterprise.unit_id,
        "may_write": user.is_station_staff and user.unit_id == enterprise.unit_id,
    }
    return render(request, "staff/dossier.html", context)
