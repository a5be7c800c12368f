"""Keeping where an officer was, and letting it go."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from liaison.accounts.models import User
from liaison.audit.record import record
from liaison.core.coordinates import Point
from liaison.whereabouts.keeping import LeftOut, kept_since, why_left_out
from liaison.whereabouts.position import Position
from visits.models import CheckIn, Visit, VisitPosition
from visits.nearness import may_see_where, measure, where

# A position measured longer before or after the moment it is to speak for says nothing of it: a
# visit written down at the desk in the evening was not made there.
WITHIN = timedelta(hours=2)
# Rows a transaction.
BATCH = 500
ROUNDED_TO = 100


def keep_place(
    position: Position,
    of: Visit | CheckIn,
    *,
    by: User,
    on_site: bool = True,
) -> VisitPosition:
    """Keep it beside the visit or the arrival, or the reason why not. Never refuses.

    Inside the caller's transaction, ``by`` held still.
    """
    now = timezone.now()
    owner = {"visit": of} if isinstance(of, Visit) else {"check_in": of}
    left_out = why_left_out(by, position.taken_at, now)
    if not on_site:
        left_out = LeftOut.NOT_ON_SITE
    elif not left_out and abs(position.taken_at - of.happened_at) > WITHIN:
        left_out = LeftOut.OTHER_TIME
    if left_out:
        return VisitPosition.objects.create(**owner, left_out=left_out)
    point = position.point
    distance, far = measure(point, of.enterprise.point, position.accuracy)
    return VisitPosition.objects.create(
        **owner,
        longitude=point.lon,
        latitude=point.lat,
        system=position.system,
        accuracy=position.accuracy,
        # A clock that is ahead does not have it kept for longer.
        taken_at=min(position.taken_at, now),
        distance=distance,
        far=far,
    )


def look_where(of: Visit | CheckIn, place: VisitPosition | None, *, by: User) -> Point | None:
    """Where the officer was, if it is kept and this person may see it. A look by anybody but the
    officer goes to the record."""
    if not may_see_where(by, of):
        return None
    point = where(place, timezone.now())
    if point is not None and of.officer_id != by.pk:
        record("position.seen", of, by=by, unit=of.unit)
    return point


def purge_positions(now: datetime) -> dict[str, int]:
    """Delete the coordinates that were kept for as long as they may be; how many it were.

    In batches, each a transaction of its own; a second run finds nothing, two at once share.
    """
    purged = 0
    while True:
        due = VisitPosition.objects.all().taken_before(kept_since(now)).order_by("taken_at", "pk")
        batch = list(due.values_list("pk", flat=True)[:BATCH])
        if not batch:
            return {"positions": purged}
        with transaction.atomic():
            purged += _forget(batch, now)


def forget_positions_of(person: User) -> int:
    """Delete all coordinates of a person who took the consent back; how many it were."""
    rows = VisitPosition.objects.all().of(person).with_coordinates()
    return _forget(list(rows.values_list("pk", flat=True)), timezone.now())


def _forget(pks: list[int], now: datetime) -> int:
    # Integers: whole numbers divide alike on both databases, which rounding does not.
    half_up = F("distance") + ROUNDED_TO // 2
    gone = 0
    for start in range(0, len(pks), BATCH):
        rows = VisitPosition.objects.filter(pk__in=pks[start : start + BATCH])
        gone += rows.with_coordinates().update(
            longitude=None,
            latitude=None,
            accuracy=None,
            taken_at=None,
            purged_at=now,
            distance=half_up - half_up % ROUNDED_TO,
        )
    return gone
