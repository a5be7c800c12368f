"""排班: a team's roster for a month, and what is changed of it afterwards."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.models import Enterprise
from patrols.models.guard import Guard
from patrols.models.team import PatrolTeam
from patrols.querysets import AbsenceQuerySet, RosterQuerySet, SwapRequestQuerySet


class Roster(models.Model):
    """One team's month. What the solver said of it stands beside it: whether it is proven best,
    and else how far from that at most (``gap``, a share)."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("roster", "Draft")
        PUBLISHED = "published", pgettext_lazy("roster", "Published")

    team = models.ForeignKey(PatrolTeam, models.PROTECT, related_name="rosters")
    month = models.DateField(_("month"), help_text="its first day")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    proven = models.BooleanField(default=False)
    gap = models.FloatField(default=0)
    seconds = models.FloatField(default=0)
    seed = models.PositiveIntegerField(default=0)
    # Why the last run found none, rule by rule (``roster_words.rows_of``); empty once one does.
    conflicts = models.JSONField(default=list)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True)

    objects = RosterQuerySet.as_manager()

    class Meta:
        verbose_name = _("roster")
        verbose_name_plural = _("rosters")
        ordering = ("-month", "id")
        constraints = (
            models.UniqueConstraint(fields=("team", "month"), name="roster_once"),
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(published_by__isnull=False, published_at__isnull=False),
                name="roster_published_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.team_id} {self.month:%Y-%m}"


class SwapRequest(models.Model):
    """One enterprise asks another of its team to take its night; for one of the other's in return,
    or for nothing. It holds once the other accepts and the officer approves."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("swap", "Asked")
        ACCEPTED = "accepted", pgettext_lazy("swap", "Accepted, waits for the officer")
        APPROVED = "approved", pgettext_lazy("swap", "Approved")
        REFUSED = "refused", pgettext_lazy("swap", "Refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("swap", "Withdrawn")

    team = models.ForeignKey(PatrolTeam, models.PROTECT, related_name="swaps")
    asking = models.ForeignKey(Enterprise, models.PROTECT, related_name="swaps_asked")
    asked = models.ForeignKey(Enterprise, models.PROTECT, related_name="swaps_offered")
    gives_on = models.DateField(_("night given away"))
    takes_on = models.DateField(_("night taken in return"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(_("answer"), max_length=200, blank=True)

    objects = SwapRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("swap request")
        ordering = ("-asked_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=~Q(asking=F("asked")), name="swap_between_two_enterprises"
            ),
            models.UniqueConstraint(
                fields=("asking", "gives_on"),
                condition=Q(state__in=("asked", "accepted")),
                name="swap_one_open_a_night",
            ),
        )

    def __str__(self) -> str:
        return f"{self.asking_id} {self.gives_on}"


class Absence(models.Model):
    """A guard or a whole enterprise cannot come on a night for which it is on the roster;
    ``substitute`` is who came in instead, if anybody was found."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="patrol_absences")
    guard = models.ForeignKey(Guard, models.PROTECT, null=True, related_name="absences")
    night_on = models.DateField(_("night of"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    substitute = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, related_name="patrol_substitutions"
    )
    substitute_guard = models.ForeignKey(
        Guard, models.PROTECT, null=True, related_name="substitutions"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        ordering = ("-night_on", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("enterprise", "night_on"),
                condition=Q(guard__isnull=True),
                name="patrol_absence_of_enterprise_once",
            ),
            models.UniqueConstraint(
                fields=("guard", "night_on"),
                condition=Q(guard__isnull=False),
                name="patrol_absence_of_guard_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.night_on}"
