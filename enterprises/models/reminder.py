"""Who is reminded of a contact that is due, when, and who has been."""

from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.models.enterprise import Enterprise
from enterprises.querysets import ReminderRuleQuerySet
from liaison.accounts.models import Unit


class Recipient(models.TextChoices):
    """The rungs of every ladder, from whoever must act to whoever looks on from above."""

    HANDLER = "handler", pgettext_lazy("recipient", "Officer or handler")
    DEPUTY = "deputy", pgettext_lazy("recipient", "Deputy")
    DESK = "desk", pgettext_lazy("recipient", "Desk")
    CHIEF = "chief", pgettext_lazy("recipient", "Chiefs")
    BUREAU = "bureau", pgettext_lazy("recipient", "Bureau")


class Due(models.TextChoices):
    """What of an enterprise can fall due."""

    CONTACT = "contact", pgettext_lazy("due", "Contact")
    VISIT = "visit", _("Visit on site")
    OFFICER = "officer", _("A responsible officer")


class ReminderRule(models.Model):
    """One step of the ladder: so many days from the due date, these people are told.

    Days of the calendar for contacts and visits (before the date if negative), working days for an
    enterprise without an officer. A station's own rows for a kind stand in place of those without
    a unit. ``step`` is the name by which it is known what was taken, not a place in the order
    (:func:`enterprises.steps.numbered`).
    """

    unit = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Due)
    step = models.PositiveSmallIntegerField(_("step"))
    days = models.SmallIntegerField(_("days from the due date"))
    # Codes of Recipient.
    recipients = models.JSONField(_("who is told"), default=list)

    objects = ReminderRuleQuerySet.as_manager()

    class Meta:
        ordering = ("kind", "step")
        constraints = (
            # Coalesce: for a unique constraint two empty units would not be the same.
            models.UniqueConstraint(Coalesce("unit", 0), "kind", "step", name="reminder_rule_step"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.step}: {self.days:+d}"


class Reminder(models.Model):
    """A step taken: once for an enterprise, what was due there, its due date and the step.

    The database refuses to change it; it goes only with an enterprise whose import is undone.
    """

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=8, choices=Due)
    due_on = models.DateField()
    step = models.PositiveSmallIntegerField()
    # When it was to be taken, and when a sweep took it.
    planned_at = models.DateTimeField()
    at = models.DateTimeField(default=timezone.now)
    # Names as they were; nobody, where a station has nobody of the kind.
    told = models.JSONField(default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("enterprise", "kind", "due_on", "step"), name="reminder_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.kind} {self.due_on} {self.step}"
