"""满意度 and 回访: what the enterprise says of a close-out, and that it was asked."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from enterprises.actions.enterprise import take_turns
from issues.actions.ending import bring_back, in_time, too_late
from issues.actions.engine import admit, as_it_is, claim, must_run, state_of, write_event
from issues.deadlines import REOPEN_WITHIN
from issues.models import LOW, AccessLink, Callback, Issue, Rating, Satisfaction
from issues.roles import roles_of
from issues.workflow import Move, Role, Stage
from liaison.accounts.models import User
from liaison.core.refused import Conflict, Refused

WORDS_MAX, WHO_MAX = 1000, 100
# Not in issues.workflow.MOVES: what is said of a line is no way of working on it.
RATE = Move("rate", gettext_lazy("Rate"), (Stage.CLOSED,), None, frozenset({Role.CONTACT}), ())


@transaction.atomic
def rate_issue(issue: Issue, *, by: User, version: int, step: int, words: str = "") -> Rating:
    """A contact says how content the enterprise is: once for each close-out, and for good.

    The lowest two steps want words and bring the line back at once with a clock of 5 working days.
    Refused once the enterprise may not bring it back any more (30 days): a low rating could not do
    then what it is for. Of two at once one is taken, the other is told (Conflict).
    """
    take_turns(issue.enterprise)
    current = admit(issue, RATE, by=by, version=version, values={})
    must_be_in_time(current)
    return keep_rating(
        current, step=step, words=words, way=Rating.Way.PORTAL, by=by, said_by=str(by)
    )


def must_be_in_time(issue: Issue) -> None:
    if in_time(issue):
        return
    raise too_late(
        ngettext(
            "It can be rated within %(days)d day of close-out.",
            "It can be rated within %(days)d days of close-out.",
            REOPEN_WITHIN.days,
        )
    )


def keep_rating(
    current: Issue,
    *,
    step: int,
    words: str,
    way: str,
    by: User | None,
    said_by: str,
    link: AccessLink | None = None,
    as_name: str = "",
) -> Rating:
    """Write down a rating of a line that was admitted, in whatever way it came; a low one in time
    brings the line back. The caller has taken the enterprise's turn."""
    words = words.strip()
    must_be_rating(step, words)
    must_not_be_rated(current)
    claim(current, version=current.version, callback_due_on=None)
    rating = Rating.objects.create(
        issue=current,
        generation=current.generation,
        step=step,
        words=words,
        way=way,
        by=by,
        said_by=said_by[:WHO_MAX],
        link=link,
        at=timezone.now(),
    )
    comes_back = rating.is_low and in_time(current)
    write_event(
        current,
        "rate",
        by=by,
        as_name=as_name,
        from_stage=Stage.CLOSED,
        public=True,
        # What is wrong is said once: where the line comes back for it.
        text="" if comes_back else words,
        values={"rating": int(step), "comes_back": comes_back},
    )
    if comes_back:
        bring_back(current, by=by, as_name=as_name, reason=words)
    return rating


def must_be_rating(step: int, words: str) -> None:
    if step not in Satisfaction.values:
        raise Refused("invalid", _("Choose one of the five steps."), field="step")
    if step in LOW and not words:
        raise Refused(
            "missing",
            _("Say what is not right: the line is reopened for it."),
            field="words",
            details={"missing": ["words"]},
        )
    must_be_short(words)


def must_be_short(words: str) -> None:
    if len(words) > WORDS_MAX:
        raise Refused("too_long", _("At most %(n)d characters.") % {"n": WORDS_MAX}, field="words")


def must_not_be_rated(issue: Issue) -> None:
    if rating := issue.ratings.filter(generation=issue.generation).first():
        raise Conflict(
            "rated",
            _("It has been rated already: %(step)s.") % {"step": rating.get_step_display()},
            field="step",
            details=state_of(issue),
        )


def may_call_back(user: User, issue: Issue) -> bool:
    """Anybody of the station who sees the line, but for who handled it or acts for them."""
    return (
        is_of_another(issue, user) and Issue.objects.visible_to(user).filter(pk=issue.pk).exists()
    )


def is_of_another(issue: Issue, user: User) -> bool:
    """Whether somebody of the station neither handles the line nor acts for who does."""
    return (
        user.is_active
        and user.is_station_staff
        and user.unit_id == issue.unit_id
        and Role.HANDLER not in roles_of(user, issue)
    )


@transaction.atomic
def record_callback(
    issue: Issue,
    *,
    by: User,
    version: int,
    at: datetime,
    way: str,
    reached: bool,
    who: str = "",
    words: str = "",
    step: int | None = None,
) -> Callback:
    """Write down that the enterprise was called back about a line that was closed out.

    An attempt that reached nobody leaves the callback due. One that did says whom, once for each
    close-out; a rating given with it counts as any other. A low one brings the line back while the
    enterprise could; after that the chiefs are told, who may always reopen.
    """
    take_turns(issue.enterprise)
    current = as_it_is(issue, RATE, version=version)
    if not may_call_back(by, current):
        raise Refused(
            "not_allowed", _("Somebody of the station who did not handle the line calls back.")
        )
    who, words = who.strip(), words.strip()
    must_be_short(words)
    must_be_callback(current, at=at, way=way, reached=reached, who=who, step=step)
    rating = None
    values: dict[str, Any] = {"reached": reached, "who": who, "way": way}
    write_event(
        current,
        "callback",
        by=by,
        from_stage=Stage.CLOSED,
        # Whom the station spoke to and how often it tried is between colleagues.
        public=False,
        text="" if step is not None else words,
        values=values,
    )
    generation, handler_id = current.generation, current.handler_id
    if step is not None:
        rating = keep_rating(
            current, step=step, words=words, way=Rating.Way.CALLBACK, by=by, said_by=who
        )
    elif reached:
        claim(current, version=current.version, callback_due_on=None)
    return Callback.objects.create(
        issue=current,
        generation=generation,
        handler_id=handler_id,
        by=by,
        at=at,
        way=way,
        reached=reached,
        who=who,
        words=words,
        rating=rating,
        entered_at=timezone.now(),
    )


def must_be_callback(
    issue: Issue, *, at: datetime, way: str, reached: bool, who: str, step: int | None
) -> None:
    if way not in Callback.Way.values:
        raise Refused("invalid", _("Choose how the enterprise was reached."), field="way")
    if at > timezone.now():
        raise Refused("future", _("This moment has not come yet."), field="at")
    # A form gives the minute in which something was.
    if at < must_run(issue.closed_at).replace(second=0, microsecond=0):
        raise Refused("too_early", _("This was before the line was closed out."), field="at")
    if reached and not who:
        raise Refused("missing", _("Say who was reached."), field="who")
    if len(who) > WHO_MAX:
        raise Refused("too_long", _("At most %(n)d characters.") % {"n": WHO_MAX}, field="who")
    if not reached and (who or step is not None):
        raise Refused(
            "invalid", _("Nobody was reached: then nobody rated it either."), field="reached"
        )
    if reached and issue.callbacks.filter(generation=issue.generation, reached=True).exists():
        raise Conflict(
            "called_back",
            _("Somebody has called back about this line already."),
            details=state_of(issue),
        )
