"""保安员: who may patrol, for whom they work, and by what certificate."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.models import Enterprise
from liaison.accounts.models import Unit
from liaison.law.models import LegalBasis
from patrols.certificates import State, certificate_state, is_valid
from patrols.querysets import GuardListQuerySet, GuardQuerySet


class Employer(models.TextChoices):
    """Who employs a guard decides where they may serve (《保安服务管理条例》 Art. 13 to 15)."""

    SELF = "self_recruited", pgettext_lazy("guard", "Recruited by the enterprise itself")
    COMPANY = "guard_company", pgettext_lazy("guard", "Licensed guard company")


class Verdict(models.TextChoices):
    """What an officer says of a guard whom an enterprise recruited for itself and who is to patrol
    outside its premises (Art. 15)."""

    ADMITTED = "admitted", pgettext_lazy("compliance", "May patrol outside, for this reason")
    INSIDE = "inside", pgettext_lazy("compliance", "Patrols inside the premises only")
    NOT = "not", pgettext_lazy("compliance", "Does not patrol")


class Guard(models.Model):
    """One guard of one enterprise. The certificate (保安员证, Art. 16) is what makes a night
    lawful: without one that is valid on the evening nobody is put on a roster."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="guards")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="guards")
    name = models.CharField(_("name"), max_length=40)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    employer = models.CharField(_("employed by"), max_length=16, choices=Employer)
    company = models.CharField(_("guard company"), max_length=80, blank=True)
    certificate = models.CharField(_("guard certificate"), max_length=40, blank=True)
    certificate_until = models.DateField(_("certificate valid until"), null=True, blank=True)
    # On what they patrol outside their enterprise's premises.
    legal_basis = models.ForeignKey(
        LegalBasis, models.PROTECT, null=True, blank=True, related_name="guards"
    )
    # The officer's answer in force; empty while nobody has answered, or nothing is to be answered.
    outside = models.CharField(
        _("patrols outside"), max_length=10, choices=Verdict, blank=True, default=""
    )
    joined_on = models.DateField(_("guard since"), default=date.today)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    # The day on which somebody is next told that the certificate ends; None: nothing to tell.
    tell_on = models.DateField(null=True)

    objects = GuardQuerySet.as_manager()

    class Meta:
        verbose_name = _("guard")
        verbose_name_plural = _("guards")
        indexes = (
            models.Index(fields=("unit", "certificate_until"), name="guard_expiring"),
            models.Index(fields=("enterprise", "name"), name="guard_of_enterprise"),
            models.Index(fields=("unit", "name", "id"), name="guard_listed"),
            models.Index(
                fields=("tell_on", "id"), condition=Q(tell_on__isnull=False), name="guard_to_tell"
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "certificate"),
                condition=~Q(certificate="") & Q(left_on__isnull=True),
                name="guard_certificate_once",
            ),
            models.CheckConstraint(
                condition=Q(employer="self_recruited", company="")
                | Q(employer="guard_company") & ~Q(company=""),
                name="guard_company_named",
            ),
            models.CheckConstraint(
                condition=Q(outside="") | Q(employer="self_recruited"),
                name="guard_answered_only_where_asked",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def audit_label(self) -> str:
        return self.name

    @property
    def certificate_state(self) -> State:
        """How the certificate stands today."""
        return certificate_state(self, timezone.localdate())

    @property
    def is_warned_of(self) -> bool:
        """Whether an officer has still to answer."""
        gone = self.left_on is not None and self.left_on <= timezone.localdate()
        return self.employer == Employer.SELF and not self.outside and not gone

    def may_serve(self, evening: date) -> bool:
        """Whether the rules let them patrol in the night that begins on this evening."""
        return is_valid(self, evening)


class ComplianceAnswer(models.Model):
    """The answer of an officer to the warning that a guard whom an enterprise recruited for itself
    is to patrol outside its premises (Art. 15). It is kept; a new one follows a new warning."""

    guard = models.ForeignKey(Guard, models.PROTECT, related_name="compliance_answers")
    verdict = models.CharField(_("answer"), max_length=10, choices=Verdict)
    reason = models.CharField(_("reason"), max_length=300)
    legal_basis = models.ForeignKey(LegalBasis, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("compliance answer")
        ordering = ("-at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=~Q(verdict="admitted") | Q(legal_basis__isnull=False),
                name="guard_admitted_on_a_basis",
            ),
        )

    def __str__(self) -> str:
        return f"{self.guard_id} {self.verdict}"


class GuardList(models.Model):
    """One file of guards and what became of it. ``rows`` is the plan, row by row
    (:class:`patrols.importing.planning.Planned`); the preview is this row and nothing else."""

    class State(models.TextChoices):
        PREVIEW = "preview", _("Preview")
        APPLIED = "applied", _("Applied")
        DISCARDED = "discarded", _("Discarded")
        UNDONE = "undone", _("Undone")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="guard_lists")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    filename = models.CharField(_("file"), max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.PREVIEW)
    made_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    rows = models.JSONField(default=list)
    # What was noticed about the whole file: headings that are not known, ...
    notes = models.JSONField(default=list)

    objects = GuardListQuerySet.as_manager()

    class Meta:
        verbose_name = _("list of guards")
        indexes = (models.Index(fields=("unit", "-made_at", "-id"), name="guard_list_made"),)

    def __str__(self) -> str:
        return self.filename
