"""Kinds of bill line and the time each is given: rows a station can read, not constants."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from issues.querysets import SlaPolicyQuerySet
from issues.workflow import CloseRule
from liaison.accounts.models import Unit


class Level(models.TextChoices):
    SIMPLE = "simple", pgettext_lazy("level", "Simple")
    ORDINARY = "ordinary", pgettext_lazy("level", "Ordinary")
    COMPLEX = "complex", pgettext_lazy("level", "Complex")


class IssueKind(models.Model):
    """What a line is about, what closes it, and who may see it."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=40)
    close_rule = models.CharField(_("close rule"), max_length=16, choices=CloseRule)
    # Proofs wanted before close-out, by code (issues.workflow.Proof).
    proofs = models.JSONField(_("evidence wanted"), default=list, blank=True)
    asks_loss = models.BooleanField(_("asks for the loss recovered"), default=False)
    sensitive = models.BooleanField(
        _("sensitive"), default=False, help_text=_("Seen by the handler and chiefs only.")
    )
    round_the_clock = models.BooleanField(
        _("round the clock"), default=False, help_text=_("Weekends, holidays and nights count.")
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("kind of issue")
        verbose_name_plural = _("kinds of issue")
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.name if (get_language() or "").startswith("zh") else self.name_en


class SlaPolicy(models.Model):
    """Time to respond and to resolve; an issue keeps the row it was opened under.

    Empty ``unit`` and ``kind`` match any; the row that names more wins. A row is a version and is
    never edited: a change retires it and makes another, so that what an open line was promised can
    still be read. ``extension_days`` is how many days one extension may add; 0 for none.
    """

    TERMS = ("respond_hours", "resolve_days", "may_pause", "extension_days")

    unit = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True)
    kind = models.ForeignKey(IssueKind, models.CASCADE, null=True, blank=True)
    level = models.CharField(_("level"), max_length=10, choices=Level)
    respond_hours = models.PositiveSmallIntegerField(_("respond within (hours)"), default=24)
    resolve_days = models.PositiveSmallIntegerField(_("resolve within (working days)"))
    may_pause = models.BooleanField(_("the clock may be paused"), default=True)
    extension_days = models.PositiveSmallIntegerField(_("one extension at most (days)"), default=0)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    retired_at = models.DateTimeField(null=True)

    objects = SlaPolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("time limit")
        verbose_name_plural = _("time limits")
        constraints = (
            # Any unit and any kind are places too, of which NULL would allow many.
            models.UniqueConstraint(
                Coalesce("unit", 0, output_field=models.BigIntegerField()),
                Coalesce("kind", 0, output_field=models.BigIntegerField()),
                "level",
                condition=Q(retired_at__isnull=True),
                name="sla_policy_one_in_force",
            ),
        )

    def __str__(self) -> str:
        return f"{self.level}: {self.respond_hours} h / {self.resolve_days} wd"

    @property
    def terms(self) -> dict[str, Any]:
        """What it grants, by field."""
        return {name: getattr(self, name) for name in self.TERMS}
