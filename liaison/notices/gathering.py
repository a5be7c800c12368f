"""Telling each person once of all that is due to them at the same time.

A sweep mentions what it found, any number to any number of people; afterwards everybody who has
something untold gets one notice. After a week without a worker that is one notice too.
"""

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liaison.accounts.models import User
from liaison.notices.actions import notify, one_line
from liaison.notices.models import Mention, Notice

logger = logging.getLogger(__name__)

# Rows of one statement: both databases bound how many values it may carry.
AT_ONCE = 500
# Lines of a notice that gathers several; its page has them all.
LINES = 10


@dataclass(frozen=True)
class Saying:
    """What somebody is told. The words are a snapshot, made in the site's language by the caller;
    ``rank`` orders what is told together, the lower the more urgent."""

    occasion: str
    kind: str
    title: str
    text: str
    url: str
    confidential: bool = False
    rank: int = 0


class Overtaken(Exception):  # noqa: N818 - named for what it is
    """Another process is telling this person of the same."""


@transaction.atomic
def mention(told: Iterable[tuple[int, Saying]], *, now: datetime) -> int:
    """Note for each person (by id) what they are to be told; how many of these were new.

    Once for each occasion, and to nobody who has left. In the caller's transaction, so that a
    sweep that is rolled back has mentioned nothing.
    """
    wanted = {(pk, said.occasion): said for pk, said in told}
    for said in wanted.values():
        if not said.url.startswith("/"):
            raise ValueError(f"{said.url!r} is no path of ours")
    there = set(
        User.objects.active()
        .filter(pk__in={pk for pk, _occasion in wanted})
        .values_list("pk", flat=True)
    )
    # In one order, so that two sweeps at once wait for each other and do not lock each other out.
    keys = sorted(key for key in wanted if key[0] in there)
    return sum(
        _mention({key: wanted[key] for key in keys[start : start + AT_ONCE]}, now)
        for start in range(0, len(keys), AT_ONCE)
    )


def _mention(wanted: dict[tuple[int, str], Saying], now: datetime) -> int:
    before = Mention.objects.filter(
        recipient__in={pk for pk, _occasion in wanted},
        occasion__in={occasion for _pk, occasion in wanted},
    )
    known = set(before.values_list("recipient", "occasion"))
    fresh = [
        Mention(
            recipient_id=pk,
            occasion=said.occasion,
            kind=said.kind,
            title=one_line(said.title),
            text=said.text,
            url=said.url,
            confidential=said.confidential,
            rank=said.rank,
            made_at=now,
        )
        for (pk, _occasion), said in wanted.items()
        if (pk, said.occasion) not in known
    ]
    Mention.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def tell_gathered(now: datetime) -> Counter[str]:
    """Tell everybody what was mentioned to them since; ``notices`` made and people ``failed``.

    Each in a transaction of their own: one with whom something is wrong is logged and holds up no
    other, and is tried again by the next sweep.
    """
    came_to: Counter[str] = Counter()
    waiting = Mention.objects.untold().filter(recipient__is_active=True)
    for pk in waiting.order_by("recipient").values_list("recipient", flat=True).distinct():
        try:
            came_to["notices"] += _tell(pk, now)
        except Exception:  # of any kind: it is this person's only, and the log says whose
            logger.exception("what was gathered for person %s is not told", pk)
            came_to["failed"] += 1
    return +came_to


def _tell(pk: int, now: datetime) -> int:
    """One notice of all that this person has not been told, or none if another process makes it."""
    try:
        with transaction.atomic():
            untold = Mention.objects.untold().filter(recipient=pk)
            rows = list(untold.coldest_first())
            if not rows:
                return 0
            notice = _notice_of(rows, now)
            # Whoever comes second finds fewer than it read, and takes everything back.
            if untold.filter(pk__in=[row.pk for row in rows]).update(notice=notice) != len(rows):
                raise Overtaken
    except Overtaken:
        return 0
    return 1


def _notice_of(rows: list[Mention], now: datetime) -> Notice:
    recipient, first = rows[0].recipient, rows[0]
    if len(rows) == 1:
        occasion = first.occasion
        notify(
            [recipient],
            occasion=occasion,
            kind=first.kind,
            title=first.title,
            text=first.text,
            url=first.url,
            confidential=first.confidential,
            now=now,
        )
    else:
        # Nothing is told twice, so none of them names another notice.
        occasion = f"digest:{min(row.pk for row in rows)}"
        with translation.override(settings.LANGUAGE_CODE):
            notify(
                [recipient],
                occasion=occasion,
                kind="digest",
                title=_title(rows),
                text=_text(rows),
                url="",
                now=now,
            )
    return Notice.objects.get(recipient=recipient, occasion=occasion)


def _title(rows: list[Mention]) -> str:
    """How many, and the most urgent of those that may be named outside."""
    n = len(rows)
    named = next((row.title for row in rows if not row.confidential), "")
    if not named:
        return ngettext("%(n)d item needs you", "%(n)d items need you", n) % {"n": n}
    said = ngettext("%(n)d item needs you: %(first)s", "%(n)d items need you: %(first)s", n)
    return said % {"n": n, "first": named}


def _text(rows: list[Mention]) -> str:
    """The first lines; it may leave the house, so what is confidential is not named."""
    lines = [_("A confidential item") if row.confidential else row.title for row in rows[:LINES]]
    more = len(rows) - LINES
    if more > 0:
        lines.append(_("and %(n)d more") % {"n": more})
    return "\n".join(lines)
