"""The rounds of a night: who walks when, and who was told that they did not."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from patrols.models.guard import Guard
from patrols.models.night import DutyNight
from patrols.models.route import Checkpoint, Route
from patrols.night_querysets import PatrolRunQuerySet


class PatrolRun(models.Model):
    """One round of one route in one night. ``planned_start`` is drawn when the night is planned;
    ``next_alert_at`` is when somebody is to be told of what has not happened by then."""

    night = models.ForeignKey(DutyNight, models.PROTECT, related_name="runs")
    route = models.ForeignKey(Route, models.PROTECT, related_name="runs")
    round = models.PositiveSmallIntegerField(_("round"))
    planned_start = models.DateTimeField(_("planned start"))
    started_at = models.DateTimeField(_("started"), null=True)
    started_by = models.ForeignKey(Guard, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.ForeignKey(Guard, models.PROTECT, null=True, related_name="+")
    last_seen_at = models.DateTimeField(_("last seen"), null=True)
    next_alert_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = PatrolRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("patrol")
        verbose_name_plural = _("patrols")
        ordering = ("planned_start", "id")
        constraints = (
            models.UniqueConstraint(fields=("night", "route", "round"), name="patrol_run_once"),
            models.CheckConstraint(
                condition=Q(started_at__isnull=True) | Q(started_by__isnull=False),
                name="patrol_run_started_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_by__isnull=False),
                name="patrol_run_ended_by_somebody",
            ),
        )
        indexes = (
            models.Index(
                fields=("next_alert_at", "id"),
                condition=Q(next_alert_at__isnull=False),
                name="patrol_run_to_alert",
            ),
        )

    def __str__(self) -> str:
        return f"{self.route_id} {self.planned_start:%Y-%m-%d %H:%M}"


class RunStop(models.Model):
    """A checkpoint that this round is to pass, as the route was when the night was planned:
    whoever changes a route at midnight does not change what was to be walked."""

    run = models.ForeignKey(PatrolRun, models.CASCADE, related_name="stops")
    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="stops")
    position = models.PositiveSmallIntegerField()
    # Seconds after the start by which the walk has come here.
    after = models.PositiveIntegerField()
    # By the clock of the first check-in here, as far as it can be believed.
    seen_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(fields=("run", "checkpoint"), name="patrol_run_stop_once"),
        )

    def __str__(self) -> str:
        return f"{self.run_id} {self.checkpoint_id}"


class PatrolAlert(models.Model):
    """Somebody was told that something has not happened. ``step`` is how far up: team leader,
    duty desk, chief. Each once; append-only."""

    class What(models.TextChoices):
        LATE_START = "late_start", pgettext_lazy("patrol", "Has not started")
        MISSED_START = "missed_start", pgettext_lazy("patrol", "Did not start")
        MISSED_CHECKPOINT = "missed_checkpoint", pgettext_lazy("patrol", "Checkpoint not passed")

    night = models.ForeignKey(DutyNight, models.PROTECT, related_name="alerts")
    run = models.ForeignKey(PatrolRun, models.PROTECT, related_name="alerts")
    what = models.CharField(max_length=20, choices=What)
    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, null=True, related_name="+")
    step = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("alert")
        constraints = (
            models.UniqueConstraint(
                fields=("run", "what", "step"),
                condition=Q(checkpoint__isnull=True),
                name="patrol_alert_of_run_once",
            ),
            models.UniqueConstraint(
                fields=("run", "what", "checkpoint", "step"),
                condition=Q(checkpoint__isnull=False),
                name="patrol_alert_of_checkpoint_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.run_id} {self.what} {self.step}"
