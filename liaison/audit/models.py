"""The record of who did what. Rows are only ever added."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from liaison.accounts.models import Unit, User


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, user: User) -> "EntryQuerySet":
        """The audit administrator's own unit and below; nobody else reads the record."""
        if not user.is_active or user.unit is None or user.admin_duty != User.AdminDuty.AUDIT:
            return self.none()
        return self.filter(unit__path__startswith=user.unit.path)


class Entry(models.Model):
    """One change, export, sensitive view or sign-in.

    The database refuses UPDATE and DELETE by trigger (see the migrations). Names are
    snapshotted: a person renamed later does not rewrite history.
    """

    at = models.DateTimeField(default=timezone.now)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    actor_name = models.CharField(max_length=60)
    action = models.CharField(_("action"), max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    subject_label = models.CharField(max_length=200)
    changes = models.JSONField(default=dict)

    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=("unit", "-at", "-id"), name="audit_unit_at"),)

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.actor_name} {self.action} {self.subject_label}"
