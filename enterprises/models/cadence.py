"""How often an enterprise is to be seen, and when it is next due.

The due dates live beside the enterprise, below the visits that move them: the ledger, the
dossier and the officer's list filter and sort by them, and ``visits`` reports each contact
through :func:`enterprises.actions.cadence.note_contact`.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from enterprises.models.enterprise import Enterprise, Grade, Stage, Tier
from enterprises.querysets import CadenceQuerySet, ContactPolicyQuerySet
from liaison.accounts.models import Unit


class ContactPolicy(models.Model):
    """At most so many days between contacts; empty columns match anything.

    Of all rows that match an enterprise the shortest interval holds, so that a strict rule is
    never loosened by a general one. A row without ``unit`` is the default for every station;
    a station's own rows stand in its place.
    """

    unit = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True)
    tier = models.CharField(_("tier"), max_length=12, choices=Tier, blank=True)
    grade = models.CharField(_("risk grade"), max_length=6, choices=Grade, blank=True)
    stage = models.CharField(_("stage"), max_length=14, choices=Stage, blank=True)
    contact_days = models.PositiveSmallIntegerField(_("contact at least every (days)"))
    visit_days = models.PositiveSmallIntegerField(_("on site at least every (days)"))

    objects = ContactPolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact policy")
        verbose_name_plural = _("contact policies")

    def __str__(self) -> str:
        return f"{self.contact_days}/{self.visit_days}"

    def matches(self, enterprise: Enterprise) -> bool:
        return all(
            getattr(self, name) in ("", getattr(enterprise, name))
            for name in ("tier", "grade", "stage")
        )


class Cadence(models.Model):
    """When an enterprise was last reached and is next due; one row per enterprise.

    The basis is snapshotted as numbers and codes so that the reason can be said in words, in
    either language, without asking the policy again.
    """

    enterprise = models.OneToOneField(
        Enterprise, models.CASCADE, primary_key=True, related_name="cadence"
    )
    last_contact_at = models.DateTimeField(null=True)
    last_visit_at = models.DateTimeField(null=True)
    # Empty when the enterprise is closed: nothing is due there any more.
    next_contact_due_on = models.DateField(null=True)
    next_visit_due_on = models.DateField(null=True)
    contact_days = models.PositiveSmallIntegerField(null=True)
    visit_days = models.PositiveSmallIntegerField(null=True)
    # What made the policy apply: "tier:key", "grade:red", "stage:construction", or "".
    contact_because = models.CharField(max_length=60, blank=True)
    visit_because = models.CharField(max_length=60, blank=True)
    # The days on which the due dates were set: reminders of a date set too late for them count
    # from there, so that a stricter rule does not ring with the chiefs the same minute.
    contact_set_on = models.DateField(null=True)
    visit_set_on = models.DateField(null=True)
    # While nobody answers for it: by when somebody must.
    officer_due_at = models.DateTimeField(null=True)
    # When a sweep is next to look at it; never later than the next step of any ladder.
    next_reminder_at = models.DateTimeField(null=True)

    objects = CadenceQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=("next_contact_due_on",), name="cadence_contact_due"),
            models.Index(fields=("next_visit_due_on",), name="cadence_visit_due"),
            models.Index(
                fields=("next_reminder_at", "enterprise"),
                condition=Q(next_reminder_at__isnull=False),
                name="cadence_reminder_due",
            ),
        )

    def __str__(self) -> str:
        return f"{self.enterprise_id}: {self.next_contact_due_on}"
