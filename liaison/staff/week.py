"""The blocks of a week's page: a day or what is overdue, its rows, and the ledgers behind them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from enterprises.models import Cover
from issues.why import which_clock
from issues.workflow import MOVES, Stage
from liaison.accounts.models import User
from liaison.core.due import start_of
from liaison.core.workdays import DayKind, WorkCalendar, is_working_day
from liaison.staff.ahead import Ahead, Line, Meeting, Promised

Due = Line | Meeting | Promised
# Of each kind on one day; the ledger has the rest.
SHOWN = 12
# What the handler does next with a line, by its stage.
NEXT_MOVE = {
    Stage.RAISED: "accept",
    Stage.ACCEPTED: "start",
    Stage.WORKING: "propose",
    Stage.WAITING: "resume",
}


@dataclass(frozen=True)
class Row:
    """One thing that is due. ``at`` is empty for what has the whole day."""

    kind: str
    tone: str
    day: date
    at: datetime | None
    title: str
    url: str
    number: str = ""
    enterprise: str = ""
    grade: str = ""
    why: str = ""
    cover: Cover | None = None
    step: str = ""
    step_url: str = ""

    @property
    def clock(self) -> str:
        """The time of day; the midnight that ends it is its 24:00."""
        if self.at is None:
            return ""
        local = timezone.localtime(self.at)
        return "24:00" if local.date() > self.day else f"{local:%H:%M}"


@dataclass(frozen=True)
class More:
    """A ledger that has all of a kind, where the page shows only the first."""

    words: str
    url: str


@dataclass
class Block:
    """A day, or what is overdue: ``total`` things, of which the first of each kind are rows."""

    anchor: str
    day: date | None = None
    mark: str = ""
    mark_tone: str = ""
    free: bool = False
    total: int = 0
    rows: list[Row] = field(default_factory=list)
    more: list[More] = field(default_factory=list)
    covers: list[str] = field(default_factory=list)


def is_over(one: Due, now: datetime, today: date) -> bool:
    """A line is late from the minute on, everything else from the next day on."""
    if isinstance(one, Line):
        return one.issue.next_due_at is not None and one.issue.next_due_at < now
    return one.day < today


def block_of(day: date, calendar: WorkCalendar) -> Block:
    """An empty day with what the calendar says of it."""
    block = Block(f"day-{day.isoformat()}", day, free=not is_working_day(day, calendar))
    name, kind = calendar.names.get(day, ""), calendar.kinds.get(day)
    if kind == DayKind.MAKEUP:
        block.mark, block.mark_tone = _("make-up workday"), "amber"
    elif kind == DayKind.HOLIDAY:
        # A holiday's name is the program's own word wherever it is one of the seven.
        block.mark, block.mark_tone = _(name) if name else _("public holiday"), "jade"
    elif block.free:
        block.mark = _("weekend")
    return block


class Links:
    """The ledgers behind the numbers of this page, for this reader and this person."""

    def __init__(
        self, user: User, person: User, ahead: Ahead, *, current: bool, request: HttpRequest
    ) -> None:
        self.own, self.current, self.request = user == person, current, request
        self.person = person
        self.people = [person.pk, *ahead.acting_for]

    def whose(self, name: str) -> list[tuple[str, object]]:
        """Mine; or whoever answers, of the person and those acted for."""
        return [("mine", 1)] if self.own else [(name, pk) for pk in self.people]

    def lines(self, block: Block, today: date) -> str:
        if block.day is None:
            asked: list[tuple[str, object]] = [("state", "late")]
        elif self.current and block.day == today:
            asked = [("state", "due_today")]
        else:
            asked = [("due_on", block.day)]
        return f"{reverse('issue_list')}?{urlencode([*asked, *self.whose('handler')])}"

    def meetings(self, block: Block) -> str:
        when: tuple[str, object] = ("due_on", block.day) if block.day else ("overdue", 1)
        asked = [when, ("order", "contact"), *self.whose("officer")]
        return f"{reverse('enterprise_list')}?{urlencode(asked)}"

    def promises(self, block: Block) -> str:
        """There is no ledger of promises: the same page without an end."""
        asked = self.request.GET.copy()
        asked["all"] = "1"
        return f"?{asked.urlencode()}#{block.anchor}"

    def to_week(self, first: date) -> str:
        asked: dict[str, object] = {} if self.own else {"officer": self.person.pk}
        if first != timezone.localdate():
            asked["from"] = first
        return reverse("week") + (f"?{urlencode(asked)}" if asked else "")


def fill(
    block: Block,
    ahead: Ahead,
    where: Callable[[Due], date | None],
    links: Links,
    *,
    whole: bool,
) -> None:
    """Put what fits into the block, coldest first; of too many the first, and where all are."""
    lines = [one for one in ahead.lines if where(one) == block.day]
    meetings = sorted(
        (one for one in ahead.meetings if where(one) == block.day), key=attrgetter("day")
    )
    promises = [one for one in ahead.promises if where(one) == block.day]
    shown = None if whole else SHOWN
    rows = [line_row(one, links) for one in lines[:shown]]
    rows += [meeting_row(one, links) for one in meetings[:shown]]
    rows += [promise_row(one, links) for one in promises[:shown]]
    # Of one day what has an hour comes first.
    block.rows = sorted(
        rows, key=lambda row: (row.day, row.at is None, row.at or start_of(row.day))
    )
    block.total = len(lines) + len(meetings) + len(promises)
    if whole:
        return
    if len(lines) > SHOWN:
        words = ngettext("all %(n)d line", "all %(n)d lines", len(lines))
        url = links.lines(block, timezone.localdate())
        block.more.append(More(words % {"n": len(lines)}, url))
    if len(meetings) > SHOWN:
        words = ngettext("all %(n)d enterprise", "all %(n)d enterprises", len(meetings))
        block.more.append(More(words % {"n": len(meetings)}, links.meetings(block)))
    if len(promises) > SHOWN:
        words = ngettext("all %(n)d promise", "all %(n)d promises", len(promises))
        block.more.append(More(words % {"n": len(promises)}, links.promises(block)))


def line_row(line: Line, links: Links) -> Row:
    issue = line.issue
    url = reverse("issue_detail", args=[issue.number])
    move = NEXT_MOVE.get(Stage(issue.stage)) if links.own else None
    return Row(
        kind=pgettext("bill", "Issue"),
        tone="blue",
        day=line.day,
        at=issue.next_due_at,
        title=issue.title,
        url=url,
        number=issue.number,
        enterprise=issue.enterprise.name,
        grade=issue.enterprise.grade,
        why=which_clock(issue),
        cover=line.cover,
        step=str(MOVES[move].label) if move else "",
        step_url=f"{reverse('issue_move', args=[issue.number, move])}#move-{move}" if move else "",
    )


def meeting_row(meeting: Meeting, links: Links) -> Row:
    enterprise = meeting.enterprise
    return Row(
        kind=_("On site") if meeting.on_site else pgettext("what is due", "Contact"),
        tone="amber",
        day=meeting.day,
        at=None,
        title=enterprise.name,
        url=reverse("enterprise_detail", args=[enterprise.pk]),
        grade=enterprise.grade,
        why=meeting.why,
        cover=meeting.cover,
        step=_("Log a visit") if links.own else "",
        step_url=f"{reverse('visit_new')}?enterprise={enterprise.pk}" if links.own else "",
    )


def promise_row(one: Promised, links: Links) -> Row:
    visit = one.promise.visit
    url = reverse("visit_detail", args=[visit.pk])
    return Row(
        kind=_("Promise"),
        tone="jade",
        day=one.day,
        at=None,
        title=one.promise.text,
        url=url,
        enterprise=visit.enterprise.name,
        grade=visit.enterprise.grade,
        why=_("promised on %(date)s") % {"date": f"{timezone.localdate(visit.happened_at)}"},
        cover=one.cover,
        step=_("Tick off") if links.own else "",
        step_url=url if links.own else "",
    )


def covers_said(covers: Iterable[Cover], person: User, day: date | None) -> Iterable[str]:
    """The covers that begin or end on the day, in words."""
    for one in covers:
        acts = one.acting_id == person.pk
        facts = {"officer": one.officer, "acting": one.acting, "until": one.ends_on}
        if one.starts_on == day and acts:
            yield _("From today %(acting)s acts for %(officer)s, until %(until)s.") % facts
        elif one.starts_on == day:
            yield _("From today %(officer)s is away, %(acting)s acts until %(until)s.") % facts
        elif one.ends_on == day and acts:
            yield _("Last day on which %(acting)s acts for %(officer)s.") % facts
        elif one.ends_on == day:
            yield _("Last day on which %(officer)s is away, %(acting)s acts.") % facts
