"""最小应急单元 1-3-5: how soon help was there, after a call in the night or in a drill."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from liaison.accounts.models import Unit
from patrols.models.incident import PatrolIncident
from patrols.models.team import PatrolTeam
from patrols.night_querysets import ResponseQuerySet

# The fields of the three arrivals, in the order in which they are expected.
ARRIVALS = ("self_rescue_at", "mutual_aid_at", "reinforcement_at")


class Response(models.Model):
    """When somebody called and when help arrived: the enterprise's own guards, the neighbours of
    the team, the police. Nothing arrived where a moment is missing.

    Written once: a mistake is put right by another record, which ``corrects`` it; the one that
    nothing corrects holds.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="patrol_responses")
    team = models.ForeignKey(PatrolTeam, models.PROTECT, related_name="responses")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="patrol_responses")
    # None for a drill.
    incident = models.ForeignKey(
        PatrolIncident, models.PROTECT, null=True, related_name="responses"
    )
    called_at = models.DateTimeField(_("called at"))
    self_rescue_at = models.DateTimeField(_("own guards there at"), null=True, blank=True)
    mutual_aid_at = models.DateTimeField(_("neighbours there at"), null=True, blank=True)
    reinforcement_at = models.DateTimeField(_("police there at"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="correction", editable=False
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        ordering = ("-called_at", "-id")
        indexes = (models.Index(fields=("unit", "called_at"), name="patrol_response_of_month"),)
        constraints = (
            models.UniqueConstraint(
                fields=("incident",),
                condition=Q(incident__isnull=False, corrects__isnull=True),
                name="patrol_response_first_once",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__isnull": True})
                    | Q(**{f"{name}__gte": F("called_at")}),
                    name=f"patrol_response_{name}_after_call",
                )
                for name in ARRIVALS
            ),
        )

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.called_at:%Y-%m-%d %H:%M}"

    @property
    def audit_label(self) -> str:
        return str(self.enterprise)

    @property
    def is_drill(self) -> bool:
        return self.incident_id is None

    @property
    def took(self) -> tuple[timedelta | None, ...]:
        """From the call to each arrival, in the order of ``ARRIVALS``."""
        arrived = (getattr(self, name) for name in ARRIVALS)
        return tuple(moment - self.called_at if moment else None for moment in arrived)
