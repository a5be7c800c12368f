"""The plan of an officer's day: where to go, in which order, and why."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.models import Enterprise
from liaison.core.coordinates import Point, point_of
from visits.querysets import DayPlanQuerySet, PlannedCallQuerySet


class DayPlan(models.Model):
    """One per officer and day: a snapshot, true for ``made_at`` and replaced by the next.

    ``due_at`` is when it is to be made anew: now when something urgent has come in (see
    :class:`Urgency`) or somebody asked, later when a line falls late later that day, empty when
    nothing is known to come. ``made_at`` is empty while it has never been made.
    """

    class StartsFrom(models.TextChoices):
        GIVEN = "given", pgettext_lazy("start of a day plan", "Where the officer is")
        STATION = "station", pgettext_lazy("start of a day plan", "The station")
        CENTRE = "centre", pgettext_lazy("start of a day plan", "The middle of the enterprises")
        NOWHERE = "nowhere", pgettext_lazy("start of a day plan", "No place is known")

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="day_plans")
    day = models.DateField(_("day"))
    made_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    starts_from = models.CharField(max_length=8, choices=StartsFrom, blank=True)
    # WGS-84, degrees. One that the officer gave is the position of a person: gone by the next
    # morning (``forget_old``).
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    # Metres of road through all calls whose place is known.
    walk = models.PositiveIntegerField(default=0)

    objects = DayPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("day plan")
        verbose_name_plural = _("day plans")
        constraints = (models.UniqueConstraint(fields=("officer", "day"), name="day_plan_once"),)
        indexes = (
            models.Index(
                fields=("due_at", "id"), condition=Q(due_at__isnull=False), name="day_plan_due"
            ),
            models.Index(fields=("day",), name="day_plan_day"),
        )

    def __str__(self) -> str:
        return f"{self.officer} {self.day}"

    @property
    def start(self) -> Point | None:
        return point_of(self.longitude, self.latitude)

    @property
    def given_start(self) -> Point | None:
        """Where the officer said to be, if anything was said."""
        return self.start if self.starts_from == self.StartsFrom.GIVEN else None

    def is_being_made(self, now: datetime | None = None) -> bool:
        """Whether a worker is to make it anew at this moment."""
        return self.due_at is not None and self.due_at <= (now or timezone.now())


class PlannedCall(models.Model):
    """One call of the plan. ``reasons`` are codes with their points and facts, put into words by
    ``visits.planning.words``; ``leg`` is the metres of road from the call before, empty where the
    place is not known.
    """

    plan = models.ForeignKey(DayPlan, models.CASCADE, related_name="calls")
    # Without a way back: what is derived stands in nobody's way when an import is undone.
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    score = models.SmallIntegerField()
    reasons = models.JSONField(default=list)
    leg = models.PositiveIntegerField(null=True)

    objects = PlannedCallQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("plan", "position"), name="planned_call_position_once"),
            models.UniqueConstraint(fields=("plan", "enterprise"), name="planned_call_once"),
        )

    def __str__(self) -> str:
        return f"{self.position}. {self.enterprise}"


class Urgency(models.Model):
    """Something urgent has come in for an officer: the day is to be planned anew.

    A row of its own, which the sweep takes away, and no mark on the plan: it is written inside
    verbs that hold enterprises and lines, and whoever waited there for a plan could be waited for
    in turn.
    """

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.officer_id} {self.at:%F %T}"


class SiteDistances(models.Model):
    """Metres, as the crow flies, between every two places that an officer looks after: computed
    once, and again when a place or the list of them is another.

    ``digest`` says which enterprises and points these are, so that no row can be out of date
    without being seen to be: whoever reads it compares.
    """

    officer = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="site_distances"
    )
    digest = models.CharField(max_length=64)
    metres = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.officer_id}"
