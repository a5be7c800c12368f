"""Which enterprises of a team patrol when, and with whom. A night is its evening's date."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.models import Enterprise
from patrols.models.guard import Guard
from patrols.models.roster import Roster
from patrols.models.team import PatrolTeam
from patrols.querysets import DutyNightQuerySet, DutyQuerySet, WishQuerySet


class Night(models.TextChoices):
    """What an enterprise says of a night of its own."""

    BLOCKED = "blocked", pgettext_lazy("night", "Cannot")
    RATHER_NOT = "rather_not", pgettext_lazy("night", "Rather not")
    GLADLY = "gladly", pgettext_lazy("night", "Gladly")


class Wish(models.Model):
    """What an enterprise wishes for a night: blocked ones are kept, the others weighed."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="patrol_wishes")
    night_on = models.DateField(_("night of"))
    kind = models.CharField(_("wish"), max_length=10, choices=Night)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = WishQuerySet.as_manager()

    class Meta:
        verbose_name = _("wish")
        constraints = (
            models.UniqueConstraint(fields=("enterprise", "night_on"), name="patrol_wish_once"),
        )

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.night_on}"


class DutyNight(models.Model):
    """One team's one night. ``locked`` nights a new run of the roster leaves as they are;
    ``version`` is what a change must have seen."""

    roster = models.ForeignKey(Roster, models.PROTECT, related_name="nights")
    team = models.ForeignKey(PatrolTeam, models.PROTECT, related_name="nights")
    night_on = models.DateField(_("night of"))
    locked = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = DutyNightQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty night")
        ordering = ("night_on", "id")
        constraints = (
            models.UniqueConstraint(fields=("team", "night_on"), name="duty_night_once"),
        )

    def __str__(self) -> str:
        return f"{self.team_id} {self.night_on}"


class Duty(models.Model):
    """An enterprise on duty in a night, with the guards it sends."""

    night = models.ForeignKey(DutyNight, models.CASCADE, related_name="duties")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="patrol_duties")
    # Why, when it stands here otherwise than by the roster: swapped, substitute, by hand.
    came_by = models.CharField(
        max_length=10,
        choices=[
            ("roster", pgettext_lazy("duty", "Roster")),
            ("hand", pgettext_lazy("duty", "By hand")),
            ("swap", pgettext_lazy("duty", "Swapped")),
            ("substitute", pgettext_lazy("duty", "Substitute")),
        ],
        default="roster",
    )

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty")
        constraints = (models.UniqueConstraint(fields=("night", "enterprise"), name="duty_once"),)

    def __str__(self) -> str:
        return f"{self.night_id} {self.enterprise_id}"


class DutyGuard(models.Model):
    """A guard on a duty. ``night_on`` repeats the night's, so that the database itself can refuse
    one guard twice in a night."""

    duty = models.ForeignKey(Duty, models.CASCADE, related_name="guards")
    guard = models.ForeignKey(Guard, models.PROTECT, related_name="duties")
    night_on = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("guard", "night_on"), name="duty_guard_once_a_night"),
        )

    def __str__(self) -> str:
        return f"{self.duty_id} {self.guard_id}"
