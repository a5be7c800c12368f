"""What a guard met with: kept, put on the bill, told at once. Called by ``reporting``."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from enterprises.actions.enterprise import take_turns
from issues.actions.raising import open_line
from issues.deadlines import policy_for
from issues.models import Issue, IssueKind, Level
from liaison.accounts.models import OVERSEERS, Kind, User
from liaison.core.refused import Refused
from liaison.notices.actions import notify
from patrols.models import NightLink, NightPhoto, PatrolIncident, PatrolRun
from patrols.reports import Stamp, point_in

TITLE_MAX = 120


def report(link: NightLink, body: dict[str, Any], stamp: Stamp) -> dict[str, Any]:
    """An incident, or a call for help (``sos``), which needs no words.

    Desk and chiefs are told at once, of a sensitive one the chiefs. Raises
    Refused("missing" | "no_such_photo").
    """
    text = body["text"].strip()
    if not (text or body["sos"] or body["photos"]):
        raise Refused("missing", _("Say what happened, or take a photo."))
    enterprise = take_turns(link.guard.enterprise)
    photos = NightPhoto.objects.filter(
        night=link.night_id,
        guard=link.guard_id,
        client_id__in=body["photos"],
        incident__isnull=True,
    )
    if photos.count() != len(set(body["photos"])):
        raise Refused("no_such_photo", _("One of the photos has not arrived."))
    point = point_in(body)
    run = PatrolRun.objects.filter(pk=body["run"] or 0, night=link.night_id).first()
    incident = PatrolIncident.objects.create(
        night_id=link.night_id,
        run=run,
        guard_id=link.guard_id,
        client_id=stamp.client_id,
        kind=body["kind"],
        sos=body["sos"],
        text=text,
        happened_at=stamp.at,
        received_at=stamp.received_at,
        longitude=point.lon if point else None,
        latitude=point.lat if point else None,
    )
    photos.update(incident=incident)
    with translation.override(settings.LANGUAGE_CODE):
        # Of an enterprise that has closed down there is no line; desk and chiefs hear all the same.
        if enterprise.is_live:
            incident.issue = _on_the_bill(link, incident, stamp.received_at)
            incident.save(update_fields=("issue",))
        _tell(link, incident)
    return {"incident": incident.pk}


def _on_the_bill(link: NightLink, incident: PatrolIncident, received_at: datetime) -> Issue:
    """A line by whom the link was given out, who vouches for the guard; the guard has no account
    and stands in the words."""
    guard = link.guard
    kind = IssueKind.objects.get(code=incident.kind)
    said = _("Reported on night patrol by %(guard)s of %(enterprise)s") % {
        "guard": guard.name,
        "enterprise": guard.enterprise.name,
    }
    level = Level.ORDINARY
    return open_line(
        guard.enterprise,
        kind=kind,
        title=_title(incident),
        text=f"{incident.text}\n{said}".strip(),
        by=link.made_by,
        source=Issue.Source.PATROL,
        level=level,
        at=min(received_at, timezone.now()),
        files=(),
        policy=policy_for(guard.enterprise.unit, kind, level),
    )


def _title(incident: PatrolIncident) -> str:
    words = incident.text.split("\n")[0] or _("see the photo")
    title = _("SOS from the patrol") if incident.sos and not incident.text else words
    return (f"SOS · {title}" if incident.sos and incident.text else title)[:TITLE_MAX]


def _tell(link: NightLink, incident: PatrolIncident) -> None:
    issue = incident.issue
    hidden = issue is not None and issue.sensitive
    kinds = (Kind.CHIEF,) if hidden else OVERSEERS
    people = User.objects.active().at(link.night.team.unit).filter(kind__in=kinds)
    notify(
        people,
        occasion=f"patrol-incident:{incident.pk}",
        kind="patrol.sos" if incident.sos else "patrol.incident",
        title=f"{link.night.team}: {_title(incident)}",
        text=f"{link.guard.name}, {link.guard.enterprise.name}",
        url=reverse("patrol_incident", args=(incident.pk,)),
        confidential=hidden,
    )
