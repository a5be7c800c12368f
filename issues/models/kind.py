"""Kinds of bill line and the time each is given: rows a station can read, not constants."""

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

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

    Empty ``unit`` and ``kind`` match any; the row that names more wins.
    """

    unit = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True)
    kind = models.ForeignKey(IssueKind, models.CASCADE, null=True, blank=True)
    level = models.CharField(_("level"), max_length=10, choices=Level)
    respond_hours = models.PositiveSmallIntegerField(_("respond within (hours)"), default=24)
    resolve_days = models.PositiveSmallIntegerField(_("resolve within (working days)"))

    class Meta:
        verbose_name = _("time limit")
        verbose_name_plural = _("time limits")

    def __str__(self) -> str:
        return f"{self.level}: {self.respond_hours} h / {self.resolve_days} wd"
