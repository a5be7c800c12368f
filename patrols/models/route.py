"""巡控路线: where teams walk at night, what hangs there, where the station itself is."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from issues.models import Issue
from liaison.accounts.models import Unit
from liaison.core.coordinates import Point
from liaison.core.secret_links import hashed, new_seed, token_of
from patrols.models.team import PatrolTeam
from patrols.night_querysets import (
    CheckpointCodeQuerySet,
    CheckpointQuerySet,
    RouteQuerySet,
    StationPatrolQuerySet,
    TemporaryPostQuerySet,
)

# Of a code as it is typed where no camera reads it: 40 bits, tried only among one night's.
TYPED = 10
MOST_ROUNDS = 6


def on_earth(longitude: str = "longitude", latitude: str = "latitude") -> Q:
    """Condition of a table: WGS-84 degrees."""
    return Q(**{f"{longitude}__range": (-180, 180), f"{latitude}__range": (-90, 90)})


class Route(models.Model):
    """A team's way through the night, walked ``rounds`` times; the first moment of each is drawn
    anew every night (``patrols.routing.times``)."""

    team = models.ForeignKey(PatrolTeam, models.PROTECT, related_name="routes")
    name = models.CharField(_("name"), max_length=60)
    rounds = models.PositiveSmallIntegerField(_("rounds a night"), default=2)
    active = models.BooleanField(_("walked"), default=True)
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects = RouteQuerySet.as_manager()

    class Meta:
        verbose_name = _("route")
        verbose_name_plural = _("routes")
        ordering = ("team", "name", "id")
        constraints = (
            models.UniqueConstraint(fields=("team", "name"), name="patrol_route_name_once"),
            models.CheckConstraint(
                condition=Q(rounds__gte=1, rounds__lte=MOST_ROUNDS), name="patrol_route_rounds"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def audit_label(self) -> str:
        return self.name


class Checkpoint(models.Model):
    """巡更点: where a guard shows that they were there. ``position`` is its place in the order;
    ``outside``: not on the premises of an enterprise (《保安服务管理条例》 Art. 15 asks)."""

    route = models.ForeignKey(Route, models.PROTECT, related_name="checkpoints")
    name = models.CharField(_("name"), max_length=60)
    position = models.PositiveSmallIntegerField(_("place in the order"))
    longitude = models.FloatField(_("longitude"))
    latitude = models.FloatField(_("latitude"))
    outside = models.BooleanField(_("outside the premises"), default=True)
    removed_at = models.DateTimeField(null=True)

    objects = CheckpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("checkpoint")
        verbose_name_plural = _("checkpoints")
        indexes = (models.Index(fields=("route", "position"), name="patrol_checkpoint_order"),)
        constraints = (
            models.UniqueConstraint(
                fields=("route", "name"),
                condition=Q(removed_at__isnull=True),
                name="patrol_checkpoint_name_once",
            ),
            models.CheckConstraint(condition=on_earth(), name="patrol_checkpoint_on_earth"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def audit_label(self) -> str:
        return self.name

    @property
    def point(self) -> Point:
        """WGS-84."""
        return Point(self.longitude, self.latitude)


class CheckpointCode(models.Model):
    """What the plate at a checkpoint says. Kept are a seed, from which only this server makes the
    token for printing, and the token's hash, by which it is found. One holds at a time; those
    before it stay, so that an old plate is told as one."""

    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="codes")
    seed = models.CharField(max_length=64, default=new_seed, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # Why the one before it no longer holds; empty for the first.
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)

    objects = CheckpointCodeQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("checkpoint",),
                condition=Q(ended_at__isnull=True),
                name="patrol_checkpoint_code_one",
            ),
        )

    def __str__(self) -> str:
        return f"{self.checkpoint_id}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.token_hash = self.token_hash or hashed(self.token)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def token(self) -> str:
        return token_of(self.seed)

    @property
    def typed(self) -> str:
        """The code under the picture, for whoever has to type it."""
        return self.token[:TYPED].upper()


class TemporaryPost(models.Model):
    """临时驻勤点: somebody stands here for a while, for a reason; often asked for on the bill."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="temporary_posts")
    place = models.CharField(_("place"), max_length=100)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    from_at = models.DateTimeField(pgettext_lazy("post", "from"))
    until_at = models.DateTimeField(pgettext_lazy("post", "until"))
    reason = models.CharField(_("reason"), max_length=300)
    issue = models.ForeignKey(
        Issue, models.PROTECT, null=True, blank=True, related_name="temporary_posts"
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    # Called off before its time.
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = TemporaryPostQuerySet.as_manager()

    class Meta:
        verbose_name = _("temporary post")
        verbose_name_plural = _("temporary posts")
        indexes = (models.Index(fields=("unit", "until_at"), name="temporary_post_manned"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(until_at__gt=F("from_at")), name="temporary_post_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(longitude__isnull=True, latitude__isnull=True) | on_earth(),
                name="temporary_post_on_earth",
            ),
        )

    def __str__(self) -> str:
        return self.place

    @property
    def audit_label(self) -> str:
        return self.place


class StationPatrol(models.Model):
    """The station's own patrol: on these evenings, between these times (which may cross midnight),
    within ``radius`` metres of a point."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="station_patrols")
    name = models.CharField(_("name"), max_length=60)
    # 0 is Monday; the evening's, also for what is after midnight.
    weekdays = models.JSONField(_("evenings"), default=list)
    from_time = models.TimeField(pgettext_lazy("patrol", "from"))
    to_time = models.TimeField(pgettext_lazy("patrol", "to"))
    longitude = models.FloatField(_("longitude"))
    latitude = models.FloatField(_("latitude"))
    radius = models.PositiveIntegerField(_("radius in metres"))
    active = models.BooleanField(default=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = StationPatrolQuerySet.as_manager()

    class Meta:
        verbose_name = _("station patrol")
        verbose_name_plural = _("station patrols")
        constraints = (
            models.CheckConstraint(condition=on_earth(), name="station_patrol_on_earth"),
            models.CheckConstraint(
                condition=~Q(from_time=F("to_time")), name="station_patrol_lasts"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def audit_label(self) -> str:
        return self.name

    @property
    def point(self) -> Point:
        return Point(self.longitude, self.latitude)
