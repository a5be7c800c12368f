"""An application: a line of the bill with a checklist, and what was decided."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from green_channel.models.item import DayCount, Item, PaperForm
from green_channel.querysets import ApplicationQuerySet
from issues.models import Attachment, Event, Issue


class Mode(models.TextChoices):
    """自办, 代办, 帮办."""

    SELF = "self", _("We do it ourselves")
    AGENT = "agent_handling", _("The officer does it for us")
    ASSISTED = "assisted_handling", _("The officer helps us")


class Outcome(models.TextChoices):
    GRANTED = "granted", pgettext_lazy("application", "Granted")
    REFUSED = "refused", pgettext_lazy("application", "Refused")


class Application(models.Model):
    """What an enterprise applies for. Number, clocks, ladder and timeline are its line's.

    ``statutory``, ``counted`` and ``licence`` are the item's when it was applied for: editing the
    catalogue rewrites nothing that is under way.
    """

    # Made by whoever sends it; the same one again is the same application, not a second.
    client_id = models.UUIDField(default=uuid.uuid4)
    issue = models.OneToOneField(Issue, models.PROTECT, related_name="application")
    item = models.ForeignKey(Item, models.PROTECT, related_name="applications")
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="applications_made"
    )
    mode = models.CharField(_("mode"), max_length=20, choices=Mode)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="applications_helped"
    )
    statutory = models.PositiveSmallIntegerField(null=True)
    counted = models.CharField(max_length=16, choices=DayCount)
    licence = models.BooleanField(default=False)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        constraints = (
            models.UniqueConstraint(
                fields=("applied_by", "client_id"), name="application_client_id_once"
            ),
            models.CheckConstraint(
                condition=Q(mode="self", agent__isnull=True)
                | ~Q(mode="self") & Q(agent__isnull=False),
                name="application_helped_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return str(self.issue)

    @property
    def audit_label(self) -> str:
        return self.issue.number


class Correction(models.Model):
    """补正通知: all that is missing, said once. A second one has no room (《行政许可法》 Art. 32).

    When and by whom it was asked says its event, the wait of the line.
    """

    application = models.OneToOneField(Application, models.PROTECT, related_name="correction")
    event = models.OneToOneField(Event, models.PROTECT, related_name="correction")
    words = models.TextField(_("what is to be put right"), max_length=2000, blank=True)

    def __str__(self) -> str:
        return f"{self.application_id}"


class Paper(models.Model):
    """One line of the checklist of an application, as the catalogue had it; what a correction
    notice asks for besides becomes another."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="papers")
    name = models.CharField(_("what is needed"), max_length=120)
    copies = models.PositiveSmallIntegerField(default=1)
    form = models.CharField(max_length=8, choices=PaperForm, blank=True)
    required = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    asked_in = models.ForeignKey(Correction, models.PROTECT, null=True, related_name="papers")

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether it must still be brought: never supplied, or asked for again and not since."""
        supplies = self.supplies.all()
        if self.asked_in_id is not None:
            return not any(one.answers_id == self.asked_in_id for one in supplies)
        return self.required and not supplies


class Supply(models.Model):
    """What was brought for a paper: a file, or the paper itself, which an officer has seen."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="supplies")
    attachment = models.OneToOneField(Attachment, models.PROTECT, null=True, related_name="supply")
    answers = models.ForeignKey(Correction, models.PROTECT, null=True, related_name="answers")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.paper_id}"


class Decision(models.Model):
    """What was decided. The document, where there is one, is the proof of the line's close-out;
    a second attempt follows what the enterprise sent back."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="decisions")
    attempt = models.PositiveSmallIntegerField(default=1)
    outcome = models.CharField(_("decision"), max_length=8, choices=Outcome)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    appeal = models.TextField(_("how to appeal"), max_length=1000, blank=True)
    by_document = models.BooleanField(default=False)
    pickup_place = models.CharField(_("where to pick it up"), max_length=160, blank=True)
    pickup_when = models.CharField(_("when to pick it up"), max_length=120, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="applications_decided"
    )
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("attempt",)
        constraints = (
            models.UniqueConstraint(fields=("application", "attempt"), name="decision_once"),
            models.CheckConstraint(
                condition=Q(outcome="granted") | (~Q(reason="") & ~Q(appeal="")),
                name="decision_refusal_says_why_and_how_to_appeal",
            ),
            models.CheckConstraint(
                condition=Q(by_document=True) | (~Q(pickup_place="") & ~Q(pickup_when="")),
                name="decision_comes_to_the_enterprise",
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id}: {self.outcome}"
