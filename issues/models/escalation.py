"""Who is told when a clock of a line is about to run out or has, and who has been."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from issues.models.issue import Issue
from issues.models.kind import IssueKind
from issues.querysets import EscalationRuleQuerySet
from issues.workflow import Clock
from liaison.accounts.models import Unit


class EscalationRule(models.Model):
    """One step of a ladder: so far into the time given, or so far from its end, these are told.

    Exactly one of ``percent`` (of the time from the start of the clock to its end), ``hours`` by
    the clock on the wall and ``days`` of work; the last two before the end if negative. Of the
    ladders that fit a line the most specific holds as a whole: unit and kind, then kind, then
    unit, then the general one. ``step`` is the name by which it is known what was taken, not a
    place in the order (:func:`enterprises.steps.numbered`).
    """

    unit = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True)
    kind = models.ForeignKey(IssueKind, models.CASCADE, null=True, blank=True)
    clock = models.CharField(_("clock"), max_length=8, choices=Clock)
    step = models.PositiveSmallIntegerField(_("step"))
    percent = models.PositiveSmallIntegerField(_("percent of the time given"), null=True)
    hours = models.SmallIntegerField(_("hours from the deadline"), null=True)
    days = models.SmallIntegerField(_("working days from the deadline"), null=True)
    # Codes of enterprises.models.Recipient.
    recipients = models.JSONField(_("who is told"), default=list)

    objects = EscalationRuleQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("ladder", "Step")
        ordering = ("clock", "step")
        constraints = (
            # Coalesce: for a unique constraint two empty units would not be the same.
            models.UniqueConstraint(
                Coalesce("unit", 0), Coalesce("kind", 0), "clock", "step",
                name="escalation_rule_step",
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=False, hours__isnull=True, days__isnull=True)
                | Q(percent__isnull=True, hours__isnull=False, days__isnull=True)
                | Q(percent__isnull=True, hours__isnull=True, days__isnull=False),
                name="escalation_rule_one_way",
            ),
            # At its end is an offset of nothing; a percentage is a warning before it.
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__gte=1, percent__lte=99),
                name="escalation_rule_percent",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.clock} {self.step}"


class Escalation(models.Model):
    """A step taken: once for a line, its clock, the setting of that clock and the step.

    ``generation`` is the line's ``clock_generation``: a deadline that was moved has a ladder of its
    own. The database refuses to change or delete it.
    """

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="escalations")
    clock = models.CharField(max_length=8, choices=Clock)
    generation = models.PositiveIntegerField()
    step = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    # When it was to be taken, and when a sweep took it.
    planned_at = models.DateTimeField()
    at = models.DateTimeField(default=timezone.now)
    recipients = models.JSONField(default=list)
    # Names as they were.
    told = models.JSONField(default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("issue", "clock", "generation", "step"), name="escalation_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.issue_id} {self.clock} {self.generation} {self.step}"

    @property
    def is_ahead(self) -> bool:
        """A warning, while there was still time."""
        return self.planned_at < self.due_at
