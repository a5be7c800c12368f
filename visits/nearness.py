"""Whether a visit was made on the spot, in words and for programs; and who may see where it was."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from liaison.accounts.models import Kind, User
from liaison.core.coordinates import Point, distance_m
from liaison.whereabouts.keeping import LeftOut, kept_since
from visits.models import CheckIn, Visit, VisitPosition


class Nearness(models.TextChoices):
    ON_SPOT = "on_spot", gettext_lazy("On the spot")
    UNSURE = "unsure", gettext_lazy("Perhaps on the spot")
    AWAY = "away", pgettext_lazy("nearness", "Away")
    UNPLACED = "unplaced", gettext_lazy("The enterprise has no point")
    NONE = "none", gettext_lazy("No position")


@dataclass(frozen=True)
class Near:
    """``distance`` in metres, None where none is known; ``text`` for people."""

    state: Nearness
    distance: int | None
    far: bool
    text: str


def measure(point: Point, gate: Point | None, accuracy: float) -> tuple[int | None, bool]:
    """Metres between the two, and whether that is far: more than FAR_METRES and what the phone may
    have been wrong by. Of an enterprise without a point nothing is said."""
    if gate is None:
        return None, False
    metres = round(distance_m(point, gate))
    return metres, metres > settings.FAR_METRES + accuracy


def near(place: VisitPosition | None) -> Near:
    """What to say of a position. A row that shows it may stand for it: only ``left_out``,
    ``distance`` and ``far`` are read."""
    if place is None or place.left_out:
        return Near(Nearness.NONE, None, far=False, text=str(Nearness.NONE.label))
    if place.distance is None:
        return Near(Nearness.UNPLACED, None, far=False, text=str(Nearness.UNPLACED.label))
    state = Nearness.ON_SPOT
    text = str(state.label)
    if place.far:
        state = Nearness.AWAY
        text = _("%(distance)s away") % {"distance": in_words(place.distance)}
    elif place.distance > settings.FAR_METRES:
        state = Nearness.UNSURE
        text = _("%(distance)s away as measured, which was not exact") % {
            "distance": in_words(place.distance)
        }
    return Near(state, place.distance, place.far, text)


def in_words(metres: int) -> str:
    """No finer than anybody needs: "80 m", "650 m", "1.2 km"."""
    if metres < 1000:
        return _("%(n)d m") % {"n": round(metres, -1)}
    return _("%(n).1f km") % {"n": metres / 1000}


def left_out_words(place: VisitPosition | None) -> str:
    """Why it was not kept, for the officer who sent it."""
    return str(LeftOut(place.left_out).label) if place is not None and place.left_out else ""


def may_see_where(user: User, of: Visit | CheckIn) -> bool:
    """The coordinates are for whoever was there, and the station's chiefs."""
    return of.officer_id == user.pk or (user.kind == Kind.CHIEF and user.unit_id == of.unit_id)


def where(place: VisitPosition | None, now: datetime) -> Point | None:
    """The point, while it may be shown: past its time not even when no job has deleted it yet."""
    if place is None or place.taken_at is None or place.taken_at <= kept_since(now):
        return None
    return place.point


def gone_on(place: VisitPosition | None) -> date | None:
    """The day from which the coordinates are kept no longer."""
    if place is None or place.taken_at is None:
        return None
    return timezone.localdate(place.taken_at + timedelta(days=settings.POSITION_KEEP_DAYS))
