"""What may be asked of the list of guards."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liaison.accounts.filters import UnitLedgerFilter, under
from liaison.core.ledgers import LedgerFilter
from patrols.certificates import State
from patrols.models import Employer
from patrols.querysets import GuardQuerySet

STATES = [
    (State.NONE.value, pgettext_lazy("certificate", "None")),
    (State.EXPIRED.value, pgettext_lazy("certificate", "Ended")),
    (State.ENDING.value, pgettext_lazy("certificate", "Ends within 30 days")),
    (State.VALID.value, pgettext_lazy("certificate", "Valid")),
]
GONE, ALL = "gone", "all"


class GuardFilter(UnitLedgerFilter):
    orders = {"until": ("certificate_until", "id"), "name": ("name", "id")}
    default_order = "until"
    certificate = forms.MultipleChoiceField(
        label=_("Guard certificate"), choices=STATES, required=False
    )
    employer = forms.MultipleChoiceField(
        label=_("Employed by"), choices=Employer.choices, required=False
    )
    warned = forms.BooleanField(label=_("Waits for an answer"), required=False)
    present = forms.ChoiceField(
        label=_("Present"),
        choices=[
            ("", pgettext_lazy("guards", "Serving")),
            (GONE, pgettext_lazy("guards", "Left")),
            (ALL, pgettext_lazy("guards", "All")),
        ],
        required=False,
    )
    enterprise = forms.IntegerField(label=_("Enterprise"), min_value=1, required=False)
    q = forms.CharField(label=_("Name, certificate, enterprise"), max_length=40, required=False)

    def apply(self, guards: GuardQuerySet) -> GuardQuerySet:
        """The guards that match everything that was asked."""
        today = timezone.localdate()
        if units := self.chosen("unit"):
            guards = guards.filter(under(units))
        if states := self.chosen("certificate"):
            guards = guards.in_state(states, today)
        if employers := self.chosen("employer"):
            guards = guards.filter(employer__in=employers)
        if self.chosen("warned"):
            guards = guards.unanswered()
        if enterprise := self.chosen("enterprise"):
            guards = guards.filter(enterprise=enterprise)
        present = self.chosen("present")
        if present == GONE:
            guards = guards.gone(today)
        elif present != ALL:
            guards = guards.here(today)
        return guards.matching(self.chosen("q") or "")


class ListRowFilter(LedgerFilter):
    """Which rows of a list on its way in are shown; ``start`` is how many come before."""

    orders = {"number": ("number",)}
    default_order = "number"
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[
            ("created", pgettext_lazy("import row", "New")),
            ("updated", pgettext_lazy("import row", "Changed")),
            ("unchanged", pgettext_lazy("import row", "Unchanged")),
            ("refused", pgettext_lazy("import row", "Refused")),
        ],
        required=False,
    )
    start = forms.IntegerField(label=_("From row"), min_value=0, max_value=100_000, required=False)
