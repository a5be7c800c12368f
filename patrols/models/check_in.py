"""What a guard's phone sent, and the check-ins among it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liaison.core.coordinates import Point, point_of
from patrols.models.guard import Guard
from patrols.models.night import DutyNight
from patrols.models.route import Checkpoint, on_earth
from patrols.models.run import PatrolRun
from patrols.night_querysets import CheckInPositionQuerySet, PatrolCheckInQuerySet


class NightOperation(models.Model):
    """What a guard's phone sent, by its own id, with what was answered: sent again it is answered
    the same. Written in one transaction with what it did."""

    class Status(models.TextChoices):
        DONE = "done", pgettext_lazy("operation", "Done")
        REFUSED = "refused", pgettext_lazy("operation", "Refused")

    night = models.ForeignKey(DutyNight, models.PROTECT, related_name="operations")
    guard = models.ForeignKey(Guard, models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    kind = models.CharField(max_length=12)
    body_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    received_at = models.DateTimeField()
    status = models.CharField(max_length=8, choices=Status)
    answer = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("night", "client_id"), name="night_operation_once"),
        )

    def __str__(self) -> str:
        return f"{self.client_id}"


class CheckIn(models.Model):
    """A guard was at a checkpoint, or says so. Append-only: ``flags`` is what is odd about it, and
    odd is never a reason not to write it down. ``scanned_at`` is the phone's clock as it was,
    ``at`` what is believed of it."""

    night = models.ForeignKey(DutyNight, models.PROTECT, related_name="check_ins")
    run = models.ForeignKey(PatrolRun, models.PROTECT, related_name="check_ins")
    guard = models.ForeignKey(Guard, models.PROTECT, related_name="check_ins")
    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="check_ins")
    client_id = models.UUIDField()
    by_code = models.BooleanField()
    scanned_at = models.DateTimeField()
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    flags = models.JSONField(default=list)

    objects = PatrolCheckInQuerySet.as_manager()

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        ordering = ("at", "id")
        constraints = (
            models.UniqueConstraint(fields=("night", "client_id"), name="check_in_once"),
        )
        indexes = (models.Index(fields=("run", "at"), name="check_in_of_run"),)

    def __str__(self) -> str:
        return f"{self.checkpoint_id} {self.at:%Y-%m-%d %H:%M}"


class CheckInPosition(models.Model):
    """Where the phone said it was; apart from the record, because a track goes when its time is
    over and the record stays. Metres go to the nearest hundred then."""

    check_in = models.OneToOneField(CheckIn, models.PROTECT, related_name="position")
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    accuracy = models.FloatField(null=True, help_text="metres")
    distance = models.PositiveIntegerField(help_text="metres to the checkpoint")
    received_at = models.DateTimeField()
    purged_at = models.DateTimeField(null=True)

    objects = CheckInPositionQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=("received_at", "id"),
                condition=Q(longitude__isnull=False),
                name="check_in_position_kept",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(longitude__isnull=True, latitude__isnull=True, purged_at__isnull=False)
                | on_earth(),
                name="check_in_position_on_earth",
            ),
        )

    def __str__(self) -> str:
        return f"{self.check_in_id}"

    @property
    def point(self) -> Point | None:
        return point_of(self.longitude, self.latitude)
