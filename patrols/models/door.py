"""The guard's way into one night: a link that is its own key, and the PIN of a night."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from liaison.core.secret_links import new_seed
from patrols.models.guard import Guard
from patrols.models.night import DutyNight
from patrols.night_querysets import NightLinkQuerySet


class NightLink(models.Model):
    """The guard's door for one night: a link that is its own key, of which only the hash is kept.
    ``made_by`` of the station vouches for whoever has it."""

    night = models.ForeignKey(DutyNight, models.PROTECT, related_name="links")
    guard = models.ForeignKey(Guard, models.PROTECT, related_name="night_links")
    token_hash = models.CharField(max_length=64, unique=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    # By the night's PIN, at the guard's own phone.
    by_pin = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)

    objects = NightLinkQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from")), name="night_link_lasts"
            ),
        )

    def __str__(self) -> str:
        return f"{self.night_id} {self.guard_id}"


class NightPin(models.Model):
    """Six digits that open one team's one night to its own guards; made from the seed and so shown
    to the station again, kept nowhere."""

    night = models.OneToOneField(DutyNight, models.PROTECT, related_name="pin")
    seed = models.CharField(max_length=64, default=new_seed, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.night_id}"
