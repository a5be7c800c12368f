"""One line of the bill."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.models import Enterprise
from issues.models.kind import IssueKind, Level, SlaPolicy
from issues.own_limit import Counted
from issues.querysets import IssueQuerySet
from issues.workflow import OPEN, STANDS_STILL, Clock, CloseRule, Stage
from liaison.accounts.models import Unit

if TYPE_CHECKING:
    from issues.models.afterwards import Rating


class Issue(models.Model):
    """What an enterprise raised or an officer found, until it is closed out.

    State changes through ``issues.actions`` only. ``version`` counts them; ``generation`` counts
    reopenings, each with clocks of its own. ``close_rule``, ``sensitive`` and ``round_the_clock``
    are the kind's when the line was opened: editing a kind rewrites no open line.
    """

    class Source(models.TextChoices):
        PORTAL = "portal", _("Raised by the enterprise")
        VISIT = "visit", _("Found on a visit")
        PATROL = "patrol", _("Found on patrol")
        MEETING = "meeting", _("Raised at a meeting")
        DESK = "desk", _("Entered at the desk")

    number = models.CharField(_("number"), max_length=32, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="issues")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="issues")
    kind = models.ForeignKey(IssueKind, models.PROTECT)
    level = models.CharField(_("level"), max_length=10, choices=Level, default=Level.ORDINARY)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("what it is about"), max_length=4000, blank=True)
    source = models.CharField(_("source"), max_length=8, choices=Source)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="issues_raised"
    )
    raised_at = models.DateTimeField(default=timezone.now)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="issues_handled"
    )
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.RAISED)
    version = models.PositiveIntegerField(default=1)
    generation = models.PositiveSmallIntegerField(default=1)
    sensitive = models.BooleanField(default=False)
    close_rule = models.CharField(max_length=16, choices=CloseRule)
    round_the_clock = models.BooleanField(default=False)
    policy = models.ForeignKey(SlaPolicy, models.PROTECT)

    respond_due_at = models.DateTimeField()
    responded_at = models.DateTimeField(null=True)
    # When the resolve clock began (at acceptance, again at reopening).
    started_at = models.DateTimeField(null=True)
    # How many days the resolve clock was given when it began; what is counted says ``counted``.
    resolve_days = models.PositiveSmallIntegerField(null=True)
    # The line's own limit (issues.own_limit), which holds in place of the policy's: nothing but
    # its first clock runs by it, a reopened line has the same time as any other.
    own_limit = models.PositiveSmallIntegerField(null=True)
    counted = models.CharField(max_length=8, choices=Counted, default=Counted.DAYS)
    own_extension_days = models.PositiveSmallIntegerField(null=True)
    silence_days = models.PositiveSmallIntegerField(null=True)
    resolve_due_at = models.DateTimeField(null=True)
    # The clock that runs now; empty once the line has ended.
    next_due_at = models.DateTimeField(null=True)
    # Which setting of which clock that is: each has a ladder of its own.
    clock_generation = models.PositiveIntegerField(default=1)
    clock_set_at = models.DateTimeField(default=timezone.now)
    # When the next step of the ladder is due; empty when there is none.
    next_escalation_at = models.DateTimeField(null=True)
    # The deadline reaches into a year whose holidays are not in the calendar yet, or the calendar
    # has changed below it: it is recomputed as soon as can be.
    due_uncertain = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    # Closed out, and nobody at the enterprise has been reached or has rated it since: the last day
    # on which it is called back in time.
    callback_due_on = models.DateField(null=True)

    awaited = models.CharField(max_length=200, blank=True)
    awaited_from = models.CharField(max_length=100, blank=True)
    # It is the enterprise itself that is to bring it.
    awaits_enterprise = models.BooleanField(default=False)
    loss_recovered = models.DecimalField(
        _("loss recovered"), max_digits=14, decimal_places=2, null=True, help_text="yuan"
    )

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("bill", "Issue")
        verbose_name_plural = _("issues")
        constraints = (
            # No deadline lapses in silence: an open line always has a clock that runs.
            models.CheckConstraint(
                condition=Q(stage__in=OPEN, next_due_at__isnull=False)
                | ~Q(stage__in=OPEN) & Q(next_due_at__isnull=True),
                name="issue_open_has_a_clock",
            ),
            models.CheckConstraint(
                condition=Q(callback_due_on__isnull=True) | Q(stage=Stage.CLOSED),
                name="issue_unheard_is_closed",
            ),
            models.CheckConstraint(
                condition=Q(
                    own_limit__isnull=True,
                    counted="days",
                    own_extension_days__isnull=True,
                    silence_days__isnull=True,
                )
                | Q(own_limit__isnull=False, own_extension_days__isnull=False),
                name="issue_own_limit_whole",
            ),
            models.CheckConstraint(
                condition=Q(counted="days")
                | Q(counted="hours", round_the_clock=True, own_extension_days=0)
                | Q(counted="at_once", round_the_clock=False, own_extension_days=0),
                name="issue_counted_by_its_calendar",
            ),
        )
        indexes = (
            # Open lines are those with a running clock. A condition on the stage would name values,
            # which a query sends apart from itself: SQLite cannot tell then that the index fits.
            # Ended ones come last in the same order.
            models.Index(fields=("unit", "next_due_at", "id"), name="issue_unit_due"),
            # Without the unit: for a bureau, which reads its stations' together.
            models.Index(fields=("next_due_at", "id"), name="issue_due"),
            models.Index(fields=("-raised_at", "-id"), name="issue_raised"),
            models.Index(
                fields=("handler", "next_due_at", "id"),
                condition=Q(next_due_at__isnull=False),
                name="issue_open_handler_due",
            ),
            models.Index(
                fields=("next_escalation_at", "id"),
                condition=Q(next_escalation_at__isnull=False),
                name="issue_escalation_due",
            ),
            models.Index(
                fields=("unit", "id"),
                condition=Q(due_uncertain=True, next_due_at__isnull=False),
                name="issue_due_uncertain",
            ),
            models.Index(
                fields=("unit", "closed_at"),
                condition=Q(closed_at__isnull=False),
                name="issue_unit_closed",
            ),
            models.Index(
                fields=("unit", "callback_due_on", "id"),
                condition=Q(callback_due_on__isnull=False),
                name="issue_unit_unheard",
            ),
            models.Index(
                fields=("raised_at",),
                condition=Q(
                    silence_days__isnull=False, started_at__isnull=True, next_due_at__isnull=False
                ),
                name="issue_unanswered",
            ),
            models.Index(fields=("unit", "-raised_at", "-id"), name="issue_unit_raised"),
            models.Index(fields=("enterprise", "-raised_at"), name="issue_enterprise_raised"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def audit_label(self) -> str:
        """The number alone: the title of a sensitive line is not for all who read the record."""
        return self.number

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN

    @property
    def running_clock(self) -> Clock:
        """Which clock ``next_due_at`` is. One that has run out goes on running while it waits."""
        if self.stage == Stage.RAISED:
            return Clock.RESPOND
        if self.stage in STANDS_STILL and self.next_due_at != self.resolve_due_at:
            return Clock.WAIT
        return Clock.RESOLVE

    @property
    def clock_started_at(self) -> datetime:
        """When the clock that runs now began: at raising, at acceptance, or when waiting began."""
        if self.running_clock == Clock.WAIT:
            return self.clock_set_at
        return self.started_at or self.raised_at

    @property
    def rating_in_force(self) -> "Rating | None":
        """Of the close-out that stands; asks nothing of a line that was read ``for_detail``."""
        found = (one for one in self.ratings.all() if one.generation == self.generation)
        return next(found, None)

    @property
    def counts(self) -> str:
        """What ``resolve_days`` counts now: a reopened line is given days like any other."""
        return self.counted if self.generation == 1 else Counted.DAYS

    @property
    def most_extension_days(self) -> int:
        """How many days one extension may add; 0 where none can be asked for."""
        if self.own_extension_days is None or self.generation > 1:
            return self.policy.extension_days
        return self.own_extension_days

    @property
    def is_late(self) -> bool:
        return self.next_due_at is not None and self.next_due_at < timezone.now()


class Numbering(models.Model):
    """The last number given in a unit and year (LSL-2026-0412)."""

    unit = models.ForeignKey(Unit, models.CASCADE)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("unit", "year"), name="numbering_once"),)

    def __str__(self) -> str:
        return f"{self.unit.code}-{self.year}-{self.last:04d}"
