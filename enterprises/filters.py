"""What a person may ask of the enterprise ledger."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.models import Assignment, Enterprise, Grade, Stage, Tier
from enterprises.querysets import EnterpriseQuerySet, answered
from liaison.accounts.filters import UnitLedgerFilter, under
from liaison.core.forms import DateInput

UNASSIGNED = "unassigned"


class EnterpriseFilter(UnitLedgerFilter):
    orders = {
        "name": ("name", "id"),
        "contact": ("cadence__next_contact_due_on", "id"),
        "visit": ("cadence__next_visit_due_on", "id"),
        "last": ("cadence__last_contact_at", "id"),
    }
    default_order = "name"
    officer = forms.MultipleChoiceField(label=_("Responsible officer"), required=False)
    tier = forms.MultipleChoiceField(label=_("Tier"), choices=Tier.choices, required=False)
    stage = forms.MultipleChoiceField(label=_("Stage"), choices=Stage.choices, required=False)
    grade = forms.MultipleChoiceField(label=_("Risk grade"), choices=Grade.choices, required=False)
    kind = forms.MultipleChoiceField(
        label=_("Kind"), choices=Enterprise.Kind.choices, required=False
    )
    industry = forms.CharField(label=_("Industry"), max_length=60, required=False)
    overdue = forms.BooleanField(label=_("Overdue for contact"), required=False)
    due_on = forms.DateField(label=_("Due on"), required=False, widget=DateInput)
    mine = forms.BooleanField(label=_("Mine"), required=False)
    live = forms.BooleanField(label=_("Not closed down"), required=False)
    q = forms.CharField(label=_("Search"), max_length=100, required=False)

    def narrow(self) -> None:
        super().narrow()
        people = self.people().may_answer_for_enterprises()
        self.officers = people.as_choices()
        choices: Any = [(UNASSIGNED, _("Without an officer")), *self.officers]
        self.fields["officer"].choices = choices  # type: ignore[attr-defined]

    def apply(self, enterprises: EnterpriseQuerySet) -> EnterpriseQuerySet:
        """The enterprises that match everything that was asked."""
        if officers := self.chosen("officer"):
            enterprises = enterprises.filter(_answered(officers))
        for name in ("tier", "stage", "grade", "kind"):
            if chosen := self.chosen(name):
                enterprises = enterprises.filter(**{f"{name}__in": chosen})
        if units := self.chosen("unit"):
            enterprises = enterprises.filter(under(units))
        if industry := self.chosen("industry"):
            enterprises = enterprises.filter(industry__icontains=industry)
        if self.chosen("overdue"):
            enterprises = enterprises.live().contact_overdue(timezone.localdate())
        if day := self.chosen("due_on"):
            enterprises = enterprises.live().due_on(day)
        if self.chosen("live"):
            enterprises = enterprises.live()
        if self.chosen("mine"):
            enterprises = enterprises.mine(self.user)
        return enterprises.matching(self.chosen("q") or "", self.user)


class CardFilter(EnterpriseFilter):
    """What the ledger may be asked, or one enterprise; and on which paper."""

    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(), label=_("Enterprise"), required=False
    )
    paper = forms.ChoiceField(
        label=_("Paper"),
        choices=[("a4", _("A4, four on a sheet")), ("a6", _("A6, one on a sheet"))],
        required=False,
    )

    def narrow(self) -> None:
        super().narrow()
        if "enterprise" in self.asked:
            seen = Enterprise.objects.visible_to(self.user).select_related("unit")
            self.fields["enterprise"].queryset = seen  # type: ignore[attr-defined]

    def apply(self, enterprises: EnterpriseQuerySet) -> EnterpriseQuerySet:
        if one := self.chosen("enterprise"):
            enterprises = enterprises.filter(pk=one.pk)
        elif "enterprise" in self.asked:
            # One that is not there is not all of them.
            enterprises = enterprises.none()
        return super().apply(enterprises).live()


def _answered(officers: list[str]) -> Q:
    """One of these officers answers for it, or nobody does when that was asked too."""
    open_ = Assignment.objects.all().open().responsible().filter(enterprise=OuterRef("pk"))
    people = [int(one) for one in officers if one != UNASSIGNED]
    wanted = Q(Exists(open_.filter(officer__in=people))) if people else Q(pk__in=[])
    if UNASSIGNED in officers:
        wanted |= ~Q(stage=Stage.CLOSED) & ~Q(answered())
    return wanted
