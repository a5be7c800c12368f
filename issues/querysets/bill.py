"""Questions about the bill. Every page, list, export and task starts at visible_to."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Aggregate, Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from enterprises.models import Enterprise
from enterprises.querysets import acts_as, reaches_far
from issues.own_limit import SILENCE_DAYS
from issues.querysets.afterwards import ClosedOutQuerySet
from issues.workflow import STANDS_STILL, Clock, CloseRule, Stage
from liaison.accounts.models import MAY_ANSWER, Kind, Unit, User
from liaison.core.due import start_of
from liaison.core.literals import literally
from liaison.core.text_search import found_in, holds

if TYPE_CHECKING:
    # Named in the base classes as strings, which ruff does not read as use.
    from issues.models.event import Attachment, Event  # noqa: F401
    from issues.models.extension import Extension  # noqa: F401

# The columns of staff/_lines.html and of the orders it can have.
ROW = (
    "number",
    "title",
    "stage",
    "raised_at",
    "started_at",
    "next_due_at",
    "resolve_due_at",
    "clock_set_at",
    "due_uncertain",
    "closed_at",
    "close_rule",
    "awaits_enterprise",
    "unit__name",
    "enterprise__name",
    "enterprise__grade",
    "kind__code",
    "kind__name",
    "kind__name_en",
    "handler__name",
    "handler__username",
)


class IssueQuerySet(ClosedOutQuerySet):
    def visible_to(self, user: User) -> "IssueQuerySet":
        """Station staff: the station's; sensitive lines only as chief, handler (or acting for
        him) or the one who raised it. Contacts: their enterprise's, sensitive ones only when
        raised by themselves. Bureau: everything below. Squads: nothing until linked.
        """
        if not user.is_active:
            return self.none()
        if user.is_contact:
            mine = user.contact_for.filter(left_on__isnull=True).values("enterprise")
            return self.filter(Q(sensitive=False) | Q(raised_by=user), enterprise__in=mine)
        if user.unit is None or user.unit.kind == Unit.Kind.SQUAD:
            return self.none()
        if user.kind == Kind.BUREAU:
            return self.filter(literally(Q(unit__path__startswith=user.unit.path)))
        own = self.filter(unit=user.unit)
        if user.kind == Kind.CHIEF:
            return own
        return own.filter(Q(sensitive=False) | Q(raised_by=user) | acts_as("handler", user))

    def own_of(self, user: User) -> "IssueQuerySet":
        """Of what ``visible_to`` shows to an officer, the lines this one handles or acts for whose
        handler: asked for by itself, it needs fewer conditions."""
        if not user.is_active or user.unit is None or user.kind not in MAY_ANSWER:
            return self.none()
        return self.filter(acts_as("handler", user), unit=user.unit)

    def below(self, unit: Unit) -> "IssueQuerySet":
        """Of the unit and of everything under it."""
        return self.filter(literally(Q(unit__path__startswith=unit.path)))

    def open(self) -> "IssueQuerySet":
        """Not ended: a clock runs, as a constraint of the table has it."""
        return self.filter(next_due_at__isnull=False)

    def late(self, now: datetime) -> "IssueQuerySet":
        """Open, and the clock that runs now has run out."""
        return self.filter(next_due_at__lt=now)

    def due_before(self, moment: datetime) -> "IssueQuerySet":
        return self.filter(next_due_at__lt=moment)

    def due_today(self, now: datetime) -> "IssueQuerySet":
        """Not late yet, but by the end of the day in China."""
        return self.filter(next_due_at__gte=now, next_due_at__lte=end_of_day(now))

    def due_on(self, day: date) -> "IssueQuerySet":
        """Open, and the clock that runs ends on that day in China; the midnight that ends the day,
        until which a wait lasts, is that day's."""
        first = start_of(day)
        return self.filter(next_due_at__gt=first, next_due_at__lte=first + timedelta(1))

    def waiting_for_the_enterprise(self) -> "IssueQuerySet":
        """Open, and its next step is the enterprise's: to say whether it is resolved, or to bring
        what is awaited from it."""
        confirm = Q(stage=Stage.PROPOSED, close_rule=CloseRule.CONTACT)
        return self.open().filter(confirm | Q(awaits_enterprise=True))

    def uncertain(self) -> "IssueQuerySet":
        """Open, with a deadline counted across days of which the calendar does not know enough."""
        return self.filter(due_uncertain=True, next_due_at__isnull=False)

    def unanswered_by_law(self, now: datetime) -> "IssueQuerySet":
        """Raised, and perhaps unanswered for longer than the law allows: by days as they come,
        working days are for whoever judges one."""
        return self.filter(
            silence_days__isnull=False,
            started_at__isnull=True,
            next_due_at__isnull=False,
            raised_at__lt=now - timedelta(days=SILENCE_DAYS),
        )

    def to_escalate(self, now: datetime) -> "IssueQuerySet":
        """A step of the ladder is due."""
        return self.filter(next_escalation_at__lte=now)

    def left_alone(self) -> "IssueQuerySet":
        """Those that nobody is moving at this moment, held until we commit; the others are passed
        by. Whoever moves many lines and waited for one while holding others could be waited for
        in turn. On SQLite, where writers take turns, all of them.
        """
        return self.select_for_update(skip_locked=True, no_key=True, of=("self",))

    def running(self, clock: str) -> "IssueQuerySet":
        """Open, and this is the clock that runs; as :attr:`Issue.running_clock` has it."""
        if clock == Clock.RESPOND:
            return self.open().filter(stage=Stage.RAISED)
        waits = Q(stage__in=STANDS_STILL) & ~Q(next_due_at=F("resolve_due_at"))
        if clock == Clock.WAIT:
            return self.open().filter(waits)
        return self.open().exclude(stage=Stage.RAISED).exclude(waits)

    def awaiting_approval_by(self, user: User) -> "IssueQuerySet":
        """Proposed for close-out, or with an extension asked for, and this person is one who may
        decide."""
        return self.filter(_may_decide(user)).open()

    def extension_asked(self) -> "IssueQuerySet":
        """Open, with an extension asked for that nobody has decided on."""
        return self.filter(_extension_asked()).open()

    def handled_by(self, officer: User) -> "IssueQuerySet":
        """Own lines and those of officers this one is acting for today."""
        return self.filter(acts_as("handler", officer))

    def matching(self, words: str, by: User | None = None) -> "IssueQuerySet":
        """Search by part of number, title or enterprise's name.

        Costs what ``found_in`` says, less where it is known ``by`` whom: how far the rows reach.
        """
        words = words.strip()
        if not words:
            return self
        of_many = reaches_far(by)
        if by is not None and by.is_station_staff:
            # Their enterprises are looked through once, not one by one from the lines.
            theirs = Enterprise.objects.filter(unit=by.unit)
            named = Q(enterprise__in=theirs.filter(holds("name", words, of_many=of_many)))
        else:
            named = holds("enterprise__name", words, of_many=of_many)
        return found_in(
            self,
            named,
            holds("title", words, of_many=of_many) | holds("number", words, of_many=of_many),
            of_many=of_many,
        )

    def for_ledger(self) -> "IssueQuerySet":
        """With what a ledger row shows, in one query."""
        return self.select_related("enterprise", "kind", "handler", "unit")

    def for_rows(self) -> "IssueQuerySet":
        """What a row of a list shows and the orders need, and nothing else of the five tables:
        of a hundred columns most would be read for nobody."""
        return self.for_ledger().only(*ROW)

    def for_detail(self) -> "IssueQuerySet":
        """With what the page of one line shows and judges its clocks by."""
        # Few lines have extensions: who asked and who decided is read where there is one.
        return (
            self.for_ledger()
            .select_related("policy", "raised_by")
            .prefetch_related("pauses", "extensions__asked_by", "extensions__decided_by", "ratings")
        )

    def for_moves(self, user: User) -> "IssueQuerySet":
        """With what :mod:`issues.roles` judges many lines by for this person, and what has been
        proven of each; in a constant number of queries."""
        handled = acts_as("handler", user)
        proposed = Exists(_pending_close_outs_by(user))
        # The events by their keys: joined, all of them might be read for a few files.
        return (
            self.for_ledger()
            .select_related("policy")
            .annotate(handled_by_asker=handled, proposed_by_asker=proposed)
            .prefetch_related("pauses", "extensions", "attachments__event")
        )

    def duty_counts(
        self, user: User, now: datetime, *, own: bool = False, **more: Aggregate
    ) -> dict[str, Any]:
        """The dashboard's numbers in one query over the open lines, and what else is asked of them.

        With ``own`` those this person handles, but for what waits for their approval: that is
        never their own.
        """
        return self.open().aggregate(**duty_numbers(user, now, own=own), **more)


class ExtensionQuerySet(QuerySet["Extension"]):
    def pending(self) -> "ExtensionQuerySet":
        return self.filter(decided_at__isnull=True)


class EventQuerySet(QuerySet["Event"]):
    def visible_to(self, user: User) -> "EventQuerySet":
        """Events of visible lines; a contact reads the public ones only."""
        return self.filter(issue__in=_issues().visible_to(user)).shown_to(user)

    def shown_to(self, user: User) -> "EventQuerySet":
        """Those this person may read of a line that was found through ``visible_to`` already."""
        return self.filter(public=True) if user.is_contact else self.all()


class AttachmentQuerySet(QuerySet["Attachment"]):
    def visible_to(self, user: User) -> "AttachmentQuerySet":
        """Files of visible lines; a contact gets those of public events only."""
        files = self.filter(issue__in=_issues().visible_to(user))
        return files.filter(event__public=True) if user.is_contact else files


def duty_numbers(user: User, now: datetime, *, own: bool = False) -> dict[str, Count]:
    """Aggregates over open lines: what of them is to be done today. See ``duty_counts``."""
    numbers = line_numbers(now, acts_as("handler", user) if own else Q())
    return {**numbers, "awaiting_approval": Count("pk", _may_decide(user))}


def line_numbers(now: datetime, mine: Q | None = None) -> dict[str, Count]:
    """The part of them that is the same for everybody who sees the lines."""
    mine, end = mine or Q(), end_of_day(now)
    return {
        "open": Count("pk", mine),
        "late": Count("pk", mine & Q(next_due_at__lt=now)),
        "due_today": Count("pk", mine & Q(next_due_at__gte=now, next_due_at__lte=end)),
        "due_uncertain": Count("pk", mine & Q(due_uncertain=True)),
        "awaiting_acceptance": Count("pk", mine & Q(stage=Stage.RAISED)),
        "extension_asked": Count("pk", mine & _extension_asked()),
    }


def _may_decide(user: User) -> Q:
    return Q(may_approve(user), stage=Stage.PROPOSED) | may_decide_extension(user)


def _extension_asked() -> Q:
    return Q(Exists(_extension_of_the_line()))


def _extension_of_the_line() -> "ExtensionQuerySet":
    """The pending one. Asked line by line: those of all stations together would be read for it."""
    return _extensions().pending().filter(issue=OuterRef("pk"))


def may_decide_extension(user: User) -> Q:
    """Lines whose extension this person may decide on: a chief who neither asked for it nor
    handles the line nor acts for who does; as :func:`issues.roles.roles_of` has it."""
    if user.kind != Kind.CHIEF:
        return Q(pk__in=())
    asked = Q(Exists(_extension_of_the_line().exclude(asked_by=user)))
    return asked & ~acts_as("handler", user)


def may_approve(user: User) -> Q:
    """Lines whose close rule makes this person an approver; the handler, whoever acts for him
    and whoever proposed the close-out never are.

    The same rule as :func:`issues.roles.roles_of`, as a condition for lists.
    """
    if user.kind == Kind.CHIEF:
        rules = [CloseRule.CHIEF, CloseRule.SECOND_OFFICER, CloseRule.CONTACT]
    elif user.kind in (Kind.POLICE_OFFICER, Kind.AUXILIARY_OFFICER):
        rules = [CloseRule.SECOND_OFFICER]
    elif user.kind in (Kind.DESK, Kind.CONTACT):
        rules = [CloseRule.CONTACT]
    else:
        rules = []
    proposed_it = Exists(_pending_close_outs_by(user))
    return Q(close_rule__in=rules) & ~acts_as("handler", user) & ~Q(proposed_it)


def _pending_close_outs_by(user: User) -> QuerySet[Any]:
    """Of the line, what this person has proposed and nobody has decided on."""
    close_outs = apps.get_model("issues", "CloseOut")._default_manager
    # In the statement: PostgreSQL does not know otherwise that the index of pending ones will do.
    pending = literally(Q(outcome="pending"))
    return close_outs.filter(pending, issue=OuterRef("pk"), proposed_by=user)


def end_of_day(now: datetime) -> datetime:
    """Midnight that ends the day in China on which ``now`` falls."""
    return start_of(timezone.localdate(now) + timedelta(1))


def _issues() -> IssueQuerySet:
    # The models' module imports this one; the registry is complete when a question is asked.
    return apps.get_model("issues", "Issue")._default_manager.all()


def _extensions() -> ExtensionQuerySet:
    return apps.get_model("issues", "Extension")._default_manager.all()
