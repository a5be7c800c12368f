"""What may be asked of the list of workers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from liaison.accounts.filters import UnitLedgerFilter, under
from workers.querysets import WorkerQuerySet
from workers.workflow import Status


class WorkerFilter(UnitLedgerFilter):
    orders = {"changed": ("changed_at", "id")}
    default_order = "-changed"
    status = forms.MultipleChoiceField(label=_("Status"), choices=Status.choices, required=False)
    juvenile = forms.BooleanField(label=_("Under 18"), required=False)
    no_photo = forms.BooleanField(label=_("Without a photo"), required=False)
    batch = forms.IntegerField(label=_("Batch"), min_value=1, required=False)
    q = forms.CharField(label=_("Name"), max_length=40, required=False)

    def apply(self, workers: WorkerQuerySet) -> WorkerQuerySet:
        """The workers that match everything that was asked."""
        if statuses := self.chosen("status"):
            workers = workers.filter(status__in=statuses)
        if units := self.chosen("unit"):
            workers = workers.filter(under(units))
        if self.chosen("juvenile"):
            workers = workers.filter(is_juvenile=True)
        if self.chosen("no_photo"):
            workers = workers.filter(photo=None)
        if batch := self.chosen("batch"):
            workers = workers.filter(batch=batch)
        return workers.named(self.chosen("q") or "")
