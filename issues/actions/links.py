"""A link to one line for whoever will not sign in: made, revoked, opened, and what is said by it.

Whoever has a link speaks for the enterprise, so nobody may make one who could use it to approve
their own work: not the handler, nor who acts for them. And since a line may change hands
afterwards, it is asked again when something is said by it, of who made it (``may_say``).
"""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from enterprises.actions.enterprise import take_turns
from issues.actions.ending import in_time, send_back, strike_off
from issues.actions.engine import as_it_is
from issues.actions.rating import RATE, WORDS_MAX, keep_rating, may_call_back, must_be_in_time
from issues.models import AccessLink, Issue, Rating
from issues.querysets import AccessLinkQuerySet
from issues.roles import roles_of
from issues.workflow import MOVES, CloseRule, Role, Stage
from liaison.accounts.models import User
from liaison.audit.record import record
from liaison.core.refused import Conflict, Refused

# 256 bits: nobody guesses it, so that its hash needs no salt.
TOKEN_BYTES = 32
LONGEST_DAYS = 30
FOR_WHOM_MAX = 60
# When it was last opened need not be known to the minute; the record has every time.
NOTED_EVERY = timedelta(minutes=10)


def may_make_link(user: User, issue: Issue) -> bool:
    """Station staff who see the line and do not handle it; of a sensitive line nobody."""
    return not issue.sensitive and may_call_back(user, issue)


@transaction.atomic
def make_link(
    issue: Issue, *, by: User, for_whom: str, days: int | None = None
) -> tuple[AccessLink, str]:
    """A new link to the line; the one before ends. Returns it and its token, which is kept nowhere.

    ``days``: so long it holds, ACCESS_LINK_DAYS unless said. Of two people at once one makes it.
    """
    if issue.sensitive:
        raise Refused("sensitive", _("A sensitive line is opened by no link."))
    if not may_make_link(by, issue):
        raise Refused(
            "not_allowed",
            _("Somebody of the station who does not handle the line makes the link."),
        )
    for_whom = for_whom.strip()
    if not for_whom:
        raise Refused("missing", _("Say for whom the link is."), field="for_whom")
    if len(for_whom) > FOR_WHOM_MAX:
        said = _("At most %(n)d characters.") % {"n": FOR_WHOM_MAX}
        raise Refused("too_long", said, field="for_whom")
    days = settings.ACCESS_LINK_DAYS if days is None else days
    if not 1 <= days <= LONGEST_DAYS:
        said = _("Between 1 and %(n)d days.") % {"n": LONGEST_DAYS}
        raise Refused("invalid", said, field="days")
    now = timezone.now()
    _end(issue.access_links.open(), AccessLink.Ending.RENEWED, by=by)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    try:
        with transaction.atomic():
            link = AccessLink.objects.create(
                issue=issue,
                token_hash=hashed(token),
                for_whom=for_whom,
                made_by=by,
                made_at=now,
                expires_at=now + timedelta(days=days),
            )
    except IntegrityError as error:
        raise Conflict("stale", _("Somebody has just made a link to this line.")) from error
    record("issue.link_made", issue, by=by, unit=issue.unit, changes={"link": link.pk})
    return link, token


@transaction.atomic
def revoke_link(issue: Issue, *, by: User) -> None:
    """End the link at once. Any of the station who sees the line may, the handler too."""
    if not by.is_station_staff or not Issue.objects.visible_to(by).filter(pk=issue.pk).exists():
        raise Refused("not_allowed", _("You may not do this on this line."))
    if not _end(issue.access_links.open(), AccessLink.Ending.REVOKED, by=by):
        raise Refused("no_link", _("There is no link."))
    record("issue.link_revoked", issue, by=by, unit=issue.unit)


def _end(links: AccessLinkQuerySet, ending: str, *, by: User | None) -> int:
    return links.update(ended_at=timezone.now(), ending=ending, ended_by=by)


def link_of(token: str) -> AccessLink | None:
    """The link with this token and its line, if it holds now."""
    links = AccessLink.objects.holding(timezone.now()).filter(token_hash=hashed(token))
    return links.select_related(
        "issue__unit", "issue__kind", "issue__enterprise", "made_by__unit"
    ).first()


def was_a_link(token: str) -> bool:
    """Whether there ever was one with this token: whoever has an old one is not guessing."""
    return AccessLink.objects.filter(token_hash=hashed(token)).exists()


@transaction.atomic
def note_opened(link: AccessLink, address: str) -> None:
    """Somebody has opened it: each time stands in the record, with where it was opened from."""
    now = timezone.now()
    if link.last_opened_at is None or link.last_opened_at < now - NOTED_EVERY:
        AccessLink.objects.filter(pk=link.pk).update(last_opened_at=now)
    _record(link, "issue.link_opened", address)


def _record(link: AccessLink, action: str, address: str) -> None:
    told = {"link": link.pk, "address": address}
    record(action, link.issue, by=None, unit=link.issue.unit, changes=told)


def may_say(link: AccessLink, issue: Issue) -> frozenset[str]:
    """What can be said by this link of the line as it is: "confirm" and "dispute" a proposed
    close-out, where the enterprise's word closes the line and who made the link could have typed
    that word in; "rate" one that was closed out. The maker must not handle the line by now."""
    roles = roles_of(link.made_by, issue)
    if issue.stage == Stage.PROPOSED:
        asked = issue.close_rule == CloseRule.CONTACT and Role.APPROVER in roles
        return frozenset({"confirm", "dispute"} if asked else ())
    if issue.stage == Stage.CLOSED and Role.HANDLER not in roles and in_time(issue):
        rated = issue.ratings.filter(generation=issue.generation).exists()
        return frozenset(() if rated else {"rate"})
    return frozenset()


@transaction.atomic
def confirm_by_link(link: AccessLink, *, version: int, address: str = "") -> Issue:
    """The enterprise agrees: struck off on its word. ``decided_by`` is who made the link and so
    vouches for who has it, whom the database holds not to be who proposed; ``confirmed_by`` says
    that it came by link. In the timeline it is nobody's of the station."""
    current = _admitted(link, "close", "confirm", version=version)
    with translation.override(settings.LANGUAGE_CODE):
        said = _("%(who)s, by a link that %(maker)s made")
        confirmed_by = said % {"who": link.for_whom, "maker": link.made_by}
    _record(link, "issue.link_used", address)
    return strike_off(
        current, by=None, as_name=_by_link(), decided_by=link.made_by, confirmed_by=confirmed_by
    )


@transaction.atomic
def dispute_by_link(link: AccessLink, *, version: int, words: str, address: str = "") -> Issue:
    """“Not solved yet”: back to work, in words that the enterprise's other people read too."""
    current = _admitted(link, "dispute", "dispute", version=version)
    words = words.strip()
    if not words:
        raise Refused("missing", _("Say what is not solved yet."), field="words")
    if len(words) > WORDS_MAX:
        raise Refused("too_long", _("At most %(n)d characters.") % {"n": WORDS_MAX}, field="words")
    _record(link, "issue.link_used", address)
    return send_back(
        current,
        MOVES["dispute"],
        by=None,
        as_name=_by_link(),
        decided_by=link.made_by,
        reason=words,
    )


@transaction.atomic
def rate_by_link(
    link: AccessLink, *, version: int, step: int, words: str = "", address: str = ""
) -> Rating:
    """Rate the close-out. With that all is said: the link is used up, unless the rating brings the
    line back, whose next close-out is then confirmed and rated by the same link."""
    take_turns(link.issue.enterprise)
    current = as_it_is(link.issue, RATE, version=version)
    must_be_in_time(current)
    _must_hold(link)
    if "rate" not in may_say(link, current) and Role.HANDLER in roles_of(link.made_by, current):
        raise _not_by_this_link()
    rating = keep_rating(
        current,
        step=step,
        words=words,
        way=Rating.Way.LINK,
        by=None,
        as_name=_by_link(),
        said_by=link.for_whom,
        link=link,
    )
    _record(link, "issue.link_used", address)
    if not rating.is_low:
        _end(AccessLink.objects.open().filter(pk=link.pk), AccessLink.Ending.USED, by=None)
    return rating


def _admitted(link: AccessLink, move: str, what: str, *, version: int) -> Issue:
    current = as_it_is(link.issue, MOVES[move], version=version)
    _must_hold(link)
    if what not in may_say(link, current):
        raise _not_by_this_link()
    return current


def _must_hold(link: AccessLink) -> None:
    """It may have been revoked while the page was being read."""
    if not AccessLink.objects.holding(timezone.now()).filter(pk=link.pk).exists():
        raise Refused("ended", _("This link does not hold any more."))


def _not_by_this_link() -> Refused:
    return Refused("not_allowed", _("This cannot be said by link. Please call the station."))


def _by_link() -> str:
    """Whose deed it was, in the timeline, which is kept in one language."""
    with translation.override(settings.LANGUAGE_CODE):
        return _("The enterprise, by link")


def hashed(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
