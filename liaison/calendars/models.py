"""The work calendar as rows."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from liaison.accounts.models import Unit
from liaison.core.workdays import DayKind


class CalendarDay(models.Model):
    """A date that the published plan names. A year with a row is a known year."""

    on = models.DateField(_("date"), unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=DayKind)
    name = models.CharField(_("name"), max_length=40, blank=True)

    class Meta:
        ordering = ("on",)

    def __str__(self) -> str:
        return f"{self.on} {self.kind}"


class WorkingHours(models.Model):
    """One window of a unit's working day; an end not after its start lies on the next day.

    Units without rows work as the nearest unit above them that has some.
    """

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="working_hours")
    position = models.PositiveSmallIntegerField()
    start = models.TimeField()
    end = models.TimeField()

    class Meta:
        ordering = ("unit", "position")
        constraints = (
            models.UniqueConstraint(fields=("unit", "position"), name="working_hours_position"),
        )

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


class CalendarImport(models.Model):
    """One file taken into the calendar."""

    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    filename = models.CharField(max_length=200)
    added = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return self.filename
