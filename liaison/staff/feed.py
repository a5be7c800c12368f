"""What lies ahead of a person as an iCalendar file (RFC 5545), read by a phone without signing in.

The link may end up in other hands: no title of a sensitive line, no phone number, nobody at an
enterprise is in it.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from enterprises.models import Cover
from issues.why import which_clock
from liaison.accounts.models import User
from liaison.core.due import start_of
from liaison.core.workdays import CHINA
from liaison.staff.ahead import Line, Meeting, Promised, look_ahead

AS_FAR_AS = timedelta(days=60)
# Of each kind, the earliest first: a phone shows no more than this anyway.
AT_MOST = 200
LASTS = timedelta(minutes=30)
ASK_AGAIN = timedelta(hours=1)
# SEQUENCE counts the minutes from here to the last change, so that it only ever grows.
ERA = datetime(2020, 1, 1, tzinfo=CHINA)
# Digits in a row, with the blanks and dashes people write into phone and identity numbers.
_NUMBER = re.compile(r"(?<!\d)\d(?:[ -]?\d){6,}[Xx]?")
_OF_A_YEAR = re.compile(r"20\d{2}-(\d{4}|\d{1,2}-\d{1,2})")


def calendar_of(person: User, *, absolute: Callable[[str], str]) -> bytes:
    """The feed as it is now. The same content gives the same bytes. ``absolute`` makes an address
    one that a phone can open."""
    now = timezone.now()
    today = timezone.localdate(now)
    ahead = look_ahead(
        person, seen_by=person, today=today, first=None, last=today + AS_FAR_AS, at_most=AT_MOST
    )
    calendar = Calendar()
    calendar.add("prodid", "-//Liaison//Deadlines//ZH")
    calendar.add("version", "2.0")
    name = _("Liaison: %(name)s") % {"name": person}
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", CHINA.key)
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    events: list[Event] = []
    events += (line_event(line, now, absolute) for line in ahead.lines)
    events += (meeting_event(one, today, absolute) for one in ahead.meetings)
    events += (promise_event(one, today, absolute) for one in ahead.promises)
    events += (cover_event(one, person, today) for one in ahead.covers)
    for event in events:
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()


def line_event(line: Line, now: datetime, absolute: Callable[[str], str]) -> Event:
    issue, today = line.issue, timezone.localdate(now)
    due_at: datetime = issue.next_due_at  # type: ignore[assignment]
    late = due_at < now
    if issue.sensitive:
        # Not even its enterprise or what is awaited: the number finds it after signing in.
        title, said = _("%(number)s sensitive line") % {"number": issue.number}, []
    else:
        title = _("%(number)s %(title)s (%(clock)s)") % {
            "number": issue.number,
            "title": without_numbers(issue.title),
            "clock": without_numbers(which_clock(issue)),
        }
        said = [issue.enterprise.name]
    event = made(
        f"line-{issue.number}",
        _("Overdue: %(what)s") % {"what": title} if late else title,
        changed_at=issue.changed_at or issue.raised_at,  # type: ignore[attr-defined]
        said=[*said, *acting_said(line.cover)],
        url=absolute(reverse("issue_detail", args=[issue.number])),
        moved_on=today if late else None,
    )
    local = timezone.localtime(due_at, CHINA)
    if late or local.date() != line.day:
        # The midnight until which one waits is a whole day to everybody but a computer.
        whole_day(event, today if late else line.day)
    else:
        event.add("dtstart", local)
        event.add("dtend", local + LASTS)
    return event


def meeting_event(one: Meeting, today: date, absolute: Callable[[str], str]) -> Event:
    enterprise, cadence = one.enterprise, one.enterprise.cadence
    what = _("On-site visit: %(name)s") if one.on_site else _("Contact: %(name)s")
    title, late = what % {"name": enterprise.name}, one.day < today
    known = (enterprise.updated_at, cadence.last_contact_at, cadence.last_visit_at)
    event = made(
        f"{'visit' if one.on_site else 'contact'}-{enterprise.pk}",
        _("Overdue: %(what)s") % {"what": title} if late else title,
        changed_at=max(at for at in known if at is not None),
        said=[one.why, *acting_said(one.cover)],
        url=absolute(reverse("enterprise_detail", args=[enterprise.pk])),
        moved_on=today if late else None,
    )
    return whole_day(event, max(one.day, today))


def promise_event(one: Promised, today: date, absolute: Callable[[str], str]) -> Event:
    visit = one.promise.visit
    title = _("Promised: %(what)s") % {"what": without_numbers(one.promise.text)}
    late = one.day < today
    event = made(
        f"promise-{one.promise.pk}",
        _("Overdue: %(what)s") % {"what": title} if late else title,
        changed_at=visit.received_at,
        said=[visit.enterprise.name, *acting_said(one.cover)],
        url=absolute(reverse("visit_detail", args=[visit.pk])),
        moved_on=today if late else None,
    )
    return whole_day(event, max(one.day, today))


def cover_event(cover: Cover, person: User, today: date) -> Event:
    names = {"acting": cover.acting, "officer": cover.officer}
    acts = cover.acting_id == person.pk
    event = made(
        f"cover-{cover.pk}",
        (_("Acting for %(officer)s") if acts else _("%(acting)s acts for me")) % names,
        # A cover is entered and cancelled, never changed.
        changed_at=start_of(min(cover.starts_on, today)),
    )
    return whole_day(event, cover.starts_on, cover.ends_on)


def made(
    uid: str,
    summary: str,
    *,
    changed_at: datetime,
    said: list[str] | None = None,
    url: str = "",
    moved_on: date | None = None,
) -> Event:
    """An event without its time. ``moved_on``: what is overdue moves to the new day at midnight."""
    if moved_on is not None:
        changed_at = max(changed_at, start_of(moved_on))
    event = Event()
    event.add("uid", f"{uid}@liaison")
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("sequence", max(0, int((changed_at - ERA) / timedelta(minutes=1))))
    event.add("summary", summary)
    if said:
        event.add("description", "\n".join(said))
    if url:
        event.add("url", url)
    event.add("class", "PRIVATE")
    # A deadline makes nobody busy.
    event.add("transp", "TRANSPARENT")
    return event


def whole_day(event: Event, first: date, last: date | None = None) -> Event:
    event.add("dtstart", first)
    event.add("dtend", (last or first) + timedelta(1))
    return event


def acting_said(cover: Cover | None) -> Iterator[str]:
    if cover is not None:
        facts = {"officer": cover.officer, "until": cover.ends_on}
        yield _("Acting for %(officer)s until %(until)s") % facts


def without_numbers(text: str) -> str:
    """What people typed, without what may be somebody's phone or identity number; dates and numbers
    of lines stay."""
    return _NUMBER.sub(lambda found: found[0] if _OF_A_YEAR.fullmatch(found[0]) else "***", text)
