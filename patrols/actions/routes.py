"""Routes and their checkpoints: made, ordered, their plates renewed."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from liaison.accounts.models import User
from liaison.audit.record import record
from liaison.core.coordinates import Point
from liaison.core.refused import Conflict, Refused
from patrols.models import Checkpoint, CheckpointCode, PatrolTeam, Route
from patrols.models.route import MOST_ROUNDS
from patrols.rights import must_keep
from patrols.routing.ordering import MOST, ordered


@transaction.atomic
def make_route(team: PatrolTeam, *, by: User, name: str, rounds: int = 2) -> Route:
    """A route of the team, without checkpoints yet. Raises Refused("missing" | "invalid" |
    "taken")."""
    must_keep(by, team.unit_id)
    name = _named(name)
    if not 1 <= rounds <= MOST_ROUNDS:
        said = _("Between 1 and %(n)d rounds.") % {"n": MOST_ROUNDS}
        raise Refused("invalid", said, field="rounds")
    try:
        with transaction.atomic():
            route = Route.objects.create(team=team, name=name, rounds=rounds, made_by=by)
    except IntegrityError as error:
        raise Refused("taken", _("The team has a route of this name."), field="name") from error
    record("patrol_route.made", route, by=by, unit=team.unit, changes={"rounds": rounds})
    return route


@transaction.atomic
def stop_route(route: Route, *, by: User, version: int) -> Route:
    """Not walked any more from the next night that is planned; its records stay."""
    must_keep(by, route.team.unit_id)
    current = _claimed(route, version, active=False)
    record("patrol_route.stopped", current, by=by, unit=current.team.unit)
    return current


@transaction.atomic
def add_checkpoint(
    route: Route, *, by: User, name: str, point: Point, outside: bool = True, version: int
) -> Checkpoint:
    """At the end of the order, with a plate of its own."""
    must_keep(by, route.team.unit_id)
    name = _named(name)
    current = _claimed(route, version)
    there = list(current.checkpoints.there())
    if len(there) >= MOST:
        raise Refused("too_many", _("At most %(n)d checkpoints.") % {"n": MOST}, field="name")
    try:
        with transaction.atomic():
            made = Checkpoint.objects.create(
                route=current,
                name=name,
                position=there[-1].position + 1 if there else 0,
                longitude=point.lon,
                latitude=point.lat,
                outside=outside,
            )
    except IntegrityError as error:
        said = _("The route has a checkpoint of this name.")
        raise Refused("taken", said, field="name") from error
    CheckpointCode.objects.create(checkpoint=made, by=by)
    record("patrol_checkpoint.made", made, by=by, unit=current.team.unit)
    return made


@transaction.atomic
def remove_checkpoint(checkpoint: Checkpoint, *, by: User, version: int) -> None:
    """Off the route, its plate ended; what was recorded there stays."""
    route = checkpoint.route
    must_keep(by, route.team.unit_id)
    current = _claimed(route, version)
    now = timezone.now()
    rows = Checkpoint.objects.filter(pk=checkpoint.pk, removed_at__isnull=True)
    if not rows.update(removed_at=now):
        raise Conflict("stale", _("This checkpoint is off the route already."))
    CheckpointCode.objects.filter(checkpoint=checkpoint).holding().update(ended_at=now)
    record("patrol_checkpoint.removed", checkpoint, by=by, unit=current.team.unit)


@transaction.atomic
def order_route(route: Route, *, by: User, version: int, order: Sequence[int] = ()) -> Route:
    """Put the checkpoints into this order of their keys; without one, into a short round that
    begins where the route begins now. Raises Refused("invalid") for another set of keys."""
    must_keep(by, route.team.unit_id)
    current = _claimed(route, version)
    there = list(current.checkpoints.there())
    if order:
        by_key = {one.pk: one for one in there}
        if sorted(order) != sorted(by_key):
            raise Refused("invalid", _("The order must name every checkpoint once."))
        walked = [by_key[key] for key in order]
    else:
        walked = [there[k] for k in ordered([one.point for one in there])]
    for position, one in enumerate(walked):
        if one.position != position:
            Checkpoint.objects.filter(pk=one.pk).update(position=position)
    record("patrol_route.ordered", current, by=by, unit=current.team.unit)
    return current


@transaction.atomic
def shift_checkpoint(checkpoint: Checkpoint, *, by: User, version: int, later: bool) -> Route:
    """One place later in the order, or earlier; at the end of it nothing changes."""
    keys = list(checkpoint.route.checkpoints.there().values_list("pk", flat=True))
    here = keys.index(checkpoint.pk) if checkpoint.pk in keys else -1
    there = here + (1 if later else -1)
    if here >= 0 and 0 <= there < len(keys):
        keys[here], keys[there] = keys[there], keys[here]
    return order_route(checkpoint.route, by=by, version=version, order=keys)


@transaction.atomic
def renew_code(
    checkpoint: Checkpoint, *, by: User, reason: str, replaces: CheckpointCode
) -> CheckpointCode:
    """A new plate; whoever scans the old one is written down all the same, and flagged.

    ``replaces`` is the one that the person saw to hold: a Conflict when it no longer does.
    """
    unit = checkpoint.route.team.unit
    must_keep(by, unit)
    reason = reason.strip()
    if not reason:
        raise Refused("missing", _("Say why the plate is replaced."), field="reason")
    if len(reason) > 200:
        raise Refused("too_long", _("At most %(n)d characters.") % {"n": 200}, field="reason")
    held = CheckpointCode.objects.filter(checkpoint=checkpoint).holding()
    if not held.filter(pk=replaces.pk).update(ended_at=timezone.now()):
        raise Conflict("stale", _("Somebody has just replaced this plate."))
    made = CheckpointCode.objects.create(checkpoint=checkpoint, by=by, reason=reason)
    record("patrol_checkpoint.renewed", checkpoint, by=by, unit=unit, changes={"why": reason})
    return made


def _named(name: str) -> str:
    name = name.strip()
    if not name:
        raise Refused("missing", _("Give it a name."), field="name")
    if len(name) > 60:
        raise Refused("too_long", _("At most %(n)d characters.") % {"n": 60}, field="name")
    return name


def _claimed(route: Route, version: int, **values: object) -> Route:
    """The route, ours until we commit, if it is still as the person saw it."""
    rows = Route.objects.filter(pk=route.pk, version=version, active=True)
    if not rows.update(version=F("version") + 1, **values):
        now = Route.objects.get(pk=route.pk)
        raise Conflict(
            "stale",
            _("Somebody has changed this route meanwhile."),
            details={"version": now.version},
        )
    return Route.objects.select_related("team__unit").get(pk=route.pk)
