"""警保联控队: teams of neighbouring enterprises, and how a division into teams comes about."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.models import Contact, Enterprise
from liaison.accounts.models import Unit
from patrols.querysets import (
    BarrierQuerySet,
    DraftQuerySet,
    MembershipQuerySet,
    PatrolTeamQuerySet,
    PinQuerySet,
)
from patrols.reasons import why


class PatrolTeam(models.Model):
    """One team of a station. It keeps its number over publications; who belongs to it when stands
    in :class:`Membership`."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="patrol_teams")
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=40, blank=True)
    leader = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="leads_patrols"
    )
    # The morning on which it is no team any more, known once a division without it is published.
    ended_on = models.DateField(null=True)

    objects = PatrolTeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("patrol team")
        verbose_name_plural = _("patrol teams")
        ordering = ("number", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "number"),
                condition=Q(ended_on__isnull=True),
                name="patrol_team_number_once",
            ),
        )

    def __str__(self) -> str:
        return self.name or _("Team %(number)s") % {"number": self.number}

    @property
    def audit_label(self) -> str:
        return str(self)


class Membership(models.Model):
    """An enterprise in a team from the night of ``began_on`` to the last before ``ended_on``.
    One at a time: of two open ones the database refuses the second."""

    team = models.ForeignKey(PatrolTeam, models.PROTECT, related_name="memberships")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="patrol_memberships")
    began_on = models.DateField()
    ended_on = models.DateField(null=True)
    # As in DraftPlace.
    reason = models.JSONField(default=dict, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("team membership")
        constraints = (
            models.UniqueConstraint(
                fields=("enterprise",),
                condition=Q(ended_on__isnull=True),
                name="patrol_membership_one_open",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("began_on")),
                name="patrol_membership_ends_after_it_began",
            ),
        )

    def __str__(self) -> str:
        return f"{self.team_id} {self.enterprise_id}"

    @property
    def why(self) -> str:
        return why(self.reason)


class Pin(models.Model):
    """What a person has settled before any proposal: these two together, these two apart, this
    one in that team. Proposals keep to it."""

    class Kind(models.TextChoices):
        TOGETHER = "together", pgettext_lazy("pin", "Together")
        APART = "apart", pgettext_lazy("pin", "Apart")
        TEAM = "team", pgettext_lazy("pin", "In this team")
        OUT = "out", pgettext_lazy("pin", "In no team")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="patrol_pins")
    kind = models.CharField(max_length=8, choices=Kind)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="patrol_pins")
    other = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="patrol_pins_other"
    )
    team_number = models.PositiveSmallIntegerField(_("team"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = PinQuerySet.as_manager()

    class Meta:
        verbose_name = _("pin")
        constraints = (
            models.CheckConstraint(
                condition=(
                    Q(kind__in=("together", "apart"), other__isnull=False, team_number__isnull=True)
                    | Q(kind="team", other__isnull=True, team_number__isnull=False)
                    | Q(kind="out", other__isnull=True, team_number__isnull=True)
                )
                & ~Q(enterprise=F("other")),
                name="patrol_pin_says_what_its_kind_needs",
            ),
            models.UniqueConstraint(
                fields=("enterprise", "other"),
                condition=Q(other__isnull=False),
                name="patrol_pin_pair_once",
            ),
            models.UniqueConstraint(
                fields=("enterprise",),
                condition=Q(other__isnull=True),
                name="patrol_pin_single_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.enterprise_id}"


class Barrier(models.Model):
    """A river, railway or trunk road that no patrol crosses: a line of WGS-84 points."""

    class Kind(models.TextChoices):
        RIVER = "river", pgettext_lazy("barrier", "River")
        RAILWAY = "railway", pgettext_lazy("barrier", "Railway")
        ROAD = "road", pgettext_lazy("barrier", "Road")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="patrol_barriers")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    name = models.CharField(_("name"), max_length=40)
    # [[longitude, latitude], ...], at least two.
    line = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = BarrierQuerySet.as_manager()

    class Meta:
        verbose_name = _("barrier")

    def __str__(self) -> str:
        return self.name


class Draft(models.Model):
    """A division into teams that is being worked on: proposed by the solver or begun from what
    holds, edited by people, published with a date or discarded."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("division", "Draft")
        PUBLISHED = "published", pgettext_lazy("division", "Published")
        DISCARDED = "discarded", pgettext_lazy("division", "Discarded")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="patrol_drafts")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)
    smallest = models.PositiveSmallIntegerField(_("smallest team"))
    largest = models.PositiveSmallIntegerField(_("largest team"))
    teams = models.PositiveSmallIntegerField(_("number of teams"))
    seed = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True)
    begins_on = models.DateField(_("holds from the night of"), null=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("division into teams")
        constraints = (
            models.UniqueConstraint(
                fields=("unit",), condition=Q(state="open"), name="patrol_draft_one_open"
            ),
            models.CheckConstraint(
                condition=Q(smallest__gte=1, largest__gte=F("smallest")),
                name="patrol_draft_sizes_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(
                    published_by__isnull=False, published_at__isnull=False, begins_on__isnull=False
                ),
                name="patrol_draft_published_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} {self.made_at:%Y-%m-%d}"


class DraftPlace(models.Model):
    """Where an enterprise stands in a draft, and why; without a team it is uncovered."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="places")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="+")
    team_number = models.PositiveSmallIntegerField(null=True)
    # Codes and numbers of ``patrols.reasons``, which has the words for them.
    reason = models.JSONField(default=dict, blank=True)
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("draft", "enterprise"), name="patrol_place_once"),
        )

    def __str__(self) -> str:
        return f"{self.draft_id} {self.enterprise_id}"

    @property
    def why(self) -> str:
        return why(self.reason)
