"""Start, check in, end: what a round is made of. Called by ``reporting``, in its transaction."""

from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from liaison.core.refused import Refused
from liaison.core.secret_links import hashed
from patrols.actions.ringing import set_alert
from patrols.certificates import Standing, standing
from patrols.flags import Flag, Seen, distance_of, flags_of
from patrols.models import (
    CheckIn,
    CheckInPosition,
    CheckpointCode,
    DutyGuard,
    NightLink,
    PatrolRun,
    RunStop,
)
from patrols.models.route import TYPED
from patrols.reports import Stamp, limits, point_in


def start_run(link: NightLink, body: dict[str, Any], stamp: Stamp) -> dict[str, Any]:
    """The round has begun. Of several guards who say so the earliest counts."""
    run = _held(link, body["run"])
    _began(run, link, stamp)
    return _saved(run, stamp)


def end_run(link: NightLink, body: dict[str, Any], stamp: Stamp) -> dict[str, Any]:
    """The round is over; a second guard who says so changes nothing. One that nobody started has
    been walked all the same."""
    run = _held(link, body["run"])
    _began(run, link, stamp)
    if run.ended_at is None:
        run.ended_at, run.ended_by_id = stamp.at, link.guard_id
    return _saved(run, stamp)


def check_in(link: NightLink, body: dict[str, Any], stamp: Stamp) -> dict[str, Any]:
    """A guard was at a checkpoint of the night, by its plate or by the phone's position.

    Flagged, never refused; only what names no checkpoint of this night is none:
    Refused("no_such_checkpoint").
    """
    stops = list(
        RunStop.objects.filter(run__night=link.night_id).select_related("checkpoint", "run")
    )
    place, is_old = _place(stops, body)
    run = _held(link, _run_for(stops, place, body["run"], stamp))
    stop = next(one for one in stops if one.run_id == run.pk and one.checkpoint_id == place)
    seen = Seen(
        place, stop.position, stop.checkpoint.point, stamp.at, point_in(body), body["accuracy"]
    )
    order = {(one.run_id, one.checkpoint_id): one for one in stops}
    earlier = CheckIn.objects.filter(night=link.night_id).select_related("position")
    before = [(one, _as_seen(one, order[one.run_id, one.checkpoint_id])) for one in earlier]
    flags = flags_of(
        seen,
        limits(),
        own=[known for one, known in before if one.guard_id == link.guard_id],
        of_round=[known for one, known in before if one.run_id == run.pk],
    )
    outside = stop.checkpoint.outside
    flags += _further(link, run, stamp, flags, is_old=is_old, outside=outside)
    made = CheckIn.objects.create(
        night_id=link.night_id,
        run=run,
        guard_id=link.guard_id,
        checkpoint_id=place,
        client_id=stamp.client_id,
        by_code=bool(body["code"]),
        scanned_at=stamp.made_at,
        at=stamp.at,
        received_at=stamp.received_at,
        flags=flags,
    )
    if seen.where is not None:
        CheckInPosition.objects.create(
            check_in=made,
            longitude=seen.where.lon,
            latitude=seen.where.lat,
            accuracy=seen.accuracy,
            distance=distance_of(seen) or 0,
            received_at=stamp.received_at,
        )
    first = Q(seen_at__isnull=True) | Q(seen_at__gt=stamp.at)
    RunStop.objects.filter(first, pk=stop.pk).update(seen_at=stamp.at)
    # Whoever checks in has set out, in whatever order it arrives here.
    _began(run, link, stamp)
    told = _saved(run, stamp)
    return {**told, "checkpoint": place, "name": stop.checkpoint.name, "flags": flags}


def _place(stops: list[RunStop], body: dict[str, Any]) -> tuple[int, bool]:
    """The checkpoint meant, and whether by a plate that no longer holds."""
    there = {one.checkpoint_id for one in stops}
    said = "".join(body["code"].split()).lower()
    if said:
        codes = CheckpointCode.objects.filter(checkpoint__in=there).order_by("-ended_at")
        # By its hash, else by what stands below the picture; a plate that holds goes first.
        found = codes.filter(token_hash=hashed(said)).first()
        if found is None and len(said) == TYPED:
            named = [one for one in codes if one.typed.lower() == said]
            found = min(named, key=lambda one: one.ended_at is not None, default=None)
        if found is not None:
            return found.checkpoint_id, found.ended_at is not None
    elif body["checkpoint"] in there:
        return body["checkpoint"], False
    raise Refused("no_such_checkpoint", _("This is no checkpoint of tonight's routes."))


def _run_for(stops: list[RunStop], place: int, asked: int | None, stamp: Stamp) -> int:
    """The round it belongs to: what the phone shows, else the one under way, else the nearest."""
    runs = {one.run_id: one.run for one in stops if one.checkpoint_id == place}
    if asked in runs:
        return asked

    def nearness(run: PatrolRun) -> tuple[bool, float]:
        begun = run.started_at or run.planned_start
        walking = run.started_at is not None and run.ended_at is None
        return not walking, abs((stamp.at - begun).total_seconds())

    return min(runs.values(), key=nearness).pk


def _as_seen(one: CheckIn, stop: RunStop) -> Seen:
    position = getattr(one, "position", None)
    where = position.point if position is not None else None
    accuracy = (position.accuracy or 0.0) if position is not None else 0.0
    place = stop.checkpoint
    return Seen(place.pk, stop.position, place.point, one.at, where, accuracy)


def _further(
    link: NightLink, run: PatrolRun, stamp: Stamp, flags: list[str], *, is_old: bool, outside: bool
) -> list[str]:
    """What only the rows know; ``outside``: the checkpoint is not on an enterprise's premises."""
    found = []
    if stamp.skewed:
        found.append(Flag.CLOCK_SKEW)
    if is_old:
        found.append(Flag.OLD_TOKEN)
    early = run.started_at is None or stamp.at < run.started_at
    if early and Flag.OUT_OF_ORDER not in flags:
        found.append(Flag.OUT_OF_ORDER)
    if not DutyGuard.objects.filter(guard=link.guard_id, duty__night=link.night_id).exists():
        # Somebody came in their stead after the link was given out.
        found.append(Flag.NOT_ON_DUTY)
    if outside and standing(link.guard, link.night.night_on) == Standing.WARNED:
        found.append(Flag.NOT_ANSWERED)
    return [str(one) for one in found]


def _held(link: NightLink, pk: int) -> PatrolRun:
    """The round of this night, ours until we commit."""
    rows = PatrolRun.objects.filter(pk=pk, night=link.night_id)
    if not rows.update(version=F("version") + 1):
        raise Refused("no_such_run", _("This is no round of tonight."))
    return rows.get()


def _began(run: PatrolRun, link: NightLink, stamp: Stamp) -> None:
    """It had begun by then; what arrives later may have been earlier."""
    if run.started_at is None or stamp.at < run.started_at:
        run.started_at, run.started_by_id = stamp.at, link.guard_id


def _saved(run: PatrolRun, stamp: Stamp) -> dict[str, Any]:
    run.last_seen_at = max(filter(None, (run.last_seen_at, stamp.at)))
    run.save(
        update_fields=(
            "started_at", "started_by", "ended_at", "ended_by", "last_seen_at",
        )
    )  # fmt: skip
    set_alert(run, stamp.received_at)
    return {"run": run.pk}
