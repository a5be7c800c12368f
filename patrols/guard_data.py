"""What a guard's phone is told for one night: the own team's rounds, and nothing of others."""

from typing import Any

from django.db.models import Prefetch

from patrols.models import DutyGuard, NightLink, PatrolIncident, PatrolRun, RunStop


def data_of(link: NightLink) -> dict[str, Any]:
    """Three queries, whatever the night holds."""
    night = link.night
    stops = RunStop.objects.select_related("checkpoint").order_by("position")
    runs = (
        PatrolRun.objects.filter(night=night)
        .select_related("route", "started_by")
        .prefetch_related(Prefetch("stops", stops))
        .order_by("planned_start", "pk")
    )
    others = (
        DutyGuard.objects.filter(duty__night=night)
        .exclude(guard=link.guard_id)
        .select_related("guard__enterprise")
        .order_by("guard__name", "pk")
    )
    return {
        # By which a phone knows that two links are for the same night of the same guard.
        "whose": f"{night.pk}-{link.guard_id}",
        "night": night.night_on.isoformat(),
        "team": str(night.team),
        "station": str(night.team.unit),
        "guard": link.guard.name,
        "valid_until": link.valid_until.isoformat(),
        "with": [f"{one.guard.name} · {one.guard.enterprise.name}" for one in others],
        "kinds": [{"code": code, "name": str(name)} for code, name in PatrolIncident.Kind.choices],
        "runs": [_run(one) for one in runs],
    }


def _run(run: PatrolRun) -> dict[str, Any]:
    return {
        "id": run.pk,
        "route": run.route.name,
        "round": run.round,
        "planned_start": run.planned_start.isoformat(),
        "started_at": run.started_at and run.started_at.isoformat(),
        "started_by": run.started_by.name if run.started_by else "",
        "ended_at": run.ended_at and run.ended_at.isoformat(),
        "stops": [
            {
                "id": one.checkpoint_id,
                "name": one.checkpoint.name,
                "longitude": one.checkpoint.longitude,
                "latitude": one.checkpoint.latitude,
                "seen_at": one.seen_at and one.seen_at.isoformat(),
            }
            for one in run.stops.all()
        ],
    }
