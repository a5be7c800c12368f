"""Who answers for an enterprise, since when and why."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.models.enterprise import Enterprise
from enterprises.querysets import AssignmentQuerySet, CoverQuerySet


class Assignment(models.Model):
    """包联: one officer answering for one enterprise over a time.

    The open row (``ended_at`` empty) is the present; the partial unique constraint keeps it to
    one per enterprise and role whatever two browsers do at once.
    """

    class Role(models.TextChoices):
        RESPONSIBLE = "responsible", _("Responsible officer")
        DEPUTY = "deputy", _("Deputy officer")

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="assignments")
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments"
    )
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.RESPONSIBLE)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="assignments_made"
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("包联", "assignment")
        verbose_name_plural = _("assignments")
        constraints = (
            models.UniqueConstraint(
                fields=("enterprise", "role"),
                condition=Q(ended_at__isnull=True),
                name="assignment_one_open",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="assignment_ends_after_start",
            ),
        )
        indexes = (
            models.Index(
                fields=("officer", "role"),
                condition=Q(ended_at__isnull=True),
                name="assignment_open_officer",
            ),
        )

    def __str__(self) -> str:
        return f"{self.enterprise}: {self.officer}"


class Cover(models.Model):
    """An acting officer answers for everything of another during leave, dates inclusive."""

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="covered_by")
    acting = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="covers")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="covers_made")
    cancelled_at = models.DateTimeField(null=True)

    objects = CoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("cover")
        verbose_name_plural = _("covers")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="cover_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(officer=F("acting")), name="cover_by_another"),
        )
        indexes = (models.Index(fields=("acting", "starts_on", "ends_on"), name="cover_acting"),)

    def __str__(self) -> str:
        return f"{self.acting} for {self.officer}, {self.starts_on}–{self.ends_on}"
