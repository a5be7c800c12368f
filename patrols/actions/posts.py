"""Temporary posts, and the windows of the station's own patrol."""

from collections.abc import Iterable
from datetime import datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from issues.actions.engine import write_event
from issues.models import Issue
from liaison.accounts.models import Unit, User
from liaison.audit.record import record
from liaison.core.coordinates import Point
from liaison.core.refused import Conflict, Refused
from patrols.models import StationPatrol, TemporaryPost
from patrols.rights import must_keep

# What asks for a post on the bill.
ASKS = "patrol_request"
# Metres: wider than a station's area.
FARTHEST = 20_000


@transaction.atomic
def make_post(
    unit: Unit,
    *,
    by: User,
    place: str,
    from_at: datetime,
    until_at: datetime,
    reason: str,
    point: Point | None = None,
    issue: Issue | None = None,
) -> TemporaryPost:
    """A post for a while. ``issue`` is the line of the bill that asked for it, of the kind for
    requests of patrols; its timeline says so, to the enterprise as well. Raises
    Refused("missing" | "invalid" | "too_long" | "wrong_kind" | "not_yours" | "ended")."""
    must_keep(by, unit)
    place, reason = place.strip(), reason.strip()
    if not place:
        raise Refused("missing", _("Say where the post is."), field="place")
    if not reason:
        raise Refused("missing", _("Say what the post is for."), field="reason")
    for field, said, most in (("place", place, 100), ("reason", reason, 300)):
        if len(said) > most:
            raise Refused("too_long", _("At most %(n)d characters.") % {"n": most}, field=field)
    if until_at <= from_at:
        raise Refused("invalid", _("The post ends after it begins."), field="until_at")
    if until_at <= timezone.now():
        raise Refused("invalid", _("This time is over."), field="until_at")
    if issue is not None:
        issue = _asked_on(issue, unit, by)
    post = TemporaryPost.objects.create(
        unit=unit,
        place=place,
        reason=reason,
        from_at=from_at,
        until_at=until_at,
        longitude=point.lon if point else None,
        latitude=point.lat if point else None,
        issue=issue,
        made_by=by,
    )
    if issue is not None:
        said = _("Temporary post at %(place)s, %(from)s to %(until)s: %(reason)s")
        _note(post, said, by)
    told = {"issue": issue.number} if issue else {}
    record("temporary_post.made", post, by=by, unit=unit, changes=told)
    return post


@transaction.atomic
def end_post(post: TemporaryPost, *, by: User) -> None:
    """Call it off before its time. A Conflict when it is over."""
    must_keep(by, post.unit_id)
    now = timezone.now()
    rows = TemporaryPost.objects.filter(pk=post.pk).manned(now)
    if not rows.update(ended_at=now, ended_by=by):
        raise Conflict("stale", _("This post is over already."))
    if post.issue is not None:
        _note(post, _("The temporary post at %(place)s was called off."), by)
    record("temporary_post.ended", post, by=by, unit=post.unit)


@transaction.atomic
def add_window(
    unit: Unit,
    *,
    by: User,
    name: str,
    weekdays: Iterable[int],
    from_time: time,
    to_time: time,
    point: Point,
    radius: int,
) -> StationPatrol:
    """When and where the station itself patrols. Raises Refused("missing" | "invalid")."""
    must_keep(by, unit)
    name, days = name.strip(), sorted(set(weekdays))
    if not name:
        raise Refused("missing", _("Give it a name."), field="name")
    if len(name) > 60:
        raise Refused("too_long", _("At most %(n)d characters.") % {"n": 60}, field="name")
    if not days or not set(days) <= set(range(7)):
        raise Refused("missing", _("Choose at least one evening."), field="weekdays")
    if from_time == to_time:
        raise Refused("invalid", _("The two times are the same."), field="to_time")
    if not 1 <= radius <= FARTHEST:
        said = _("Between 1 and %(n)d metres.") % {"n": FARTHEST}
        raise Refused("invalid", said, field="radius")
    made = StationPatrol.objects.create(
        unit=unit,
        name=name,
        weekdays=days,
        from_time=from_time,
        to_time=to_time,
        longitude=point.lon,
        latitude=point.lat,
        radius=radius,
        made_by=by,
    )
    record("station_patrol.made", made, by=by, unit=unit)
    return made


@transaction.atomic
def end_window(window: StationPatrol, *, by: User) -> None:
    """The station no longer patrols there then. A Conflict when that was said already."""
    must_keep(by, window.unit_id)
    if not StationPatrol.objects.filter(pk=window.pk, active=True).update(active=False):
        raise Conflict("stale", _("This is over already."))
    record("station_patrol.ended", window, by=by, unit=window.unit)


def _asked_on(issue: Issue, unit: Unit, by: User) -> Issue:
    """The line as it is now. Raises Refused."""
    seen = Issue.objects.visible_to(by).select_related("kind", "unit")
    current = seen.filter(pk=issue.pk, unit=unit).first()
    if current is None:
        raise Refused("not_yours", _("This line is not yours."), field="issue")
    if current.kind.code != ASKS:
        said = _("Only a request for patrols asks for a post.")
        raise Refused("wrong_kind", said, field="issue")
    if not current.is_open:
        raise Refused("ended", _("This line has ended."), field="issue")
    return current


def _note(post: TemporaryPost, said: str, by: User) -> None:
    """Written on the line that asked for the post, for the enterprise too."""
    line = Issue.objects.select_related("kind", "unit").get(temporary_posts=post)
    text = said % {
        "place": post.place,
        "from": _minute(post.from_at),
        "until": _minute(post.until_at),
        "reason": post.reason,
    }
    write_event(line, "note", by=by, from_stage=line.stage, public=True, text=text)


def _minute(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
