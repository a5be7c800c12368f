"""Forms of the catalogue."""

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from green_channel.actions.catalogue import ITEM_FIELDS, LOCAL_FIELDS
from green_channel.models import Item, LocalTerm, PaperForm
from liaison.core.forms import ChipRadios, DateInput
from liaison.law.models import LegalBasis


class ItemForm(forms.ModelForm):
    """An item. What is wrong with times that do not fit together the action says."""

    version = forms.IntegerField(widget=forms.HiddenInput, initial=1)

    class Meta:
        model = Item
        fields = ("code", *ITEM_FIELDS)
        widgets = {
            "audience": ChipRadios,
            "counted": ChipRadios,
            "handover": ChipRadios,
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            # What it is called by in addresses and records stays.
            del self.fields["code"]
            self.initial["version"] = self.instance.version

    def _post_clean(self) -> None:
        """The action judges the whole and writes it; the row in hand stays as it was read."""

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ITEM_FIELDS}


class RequirementForm(forms.Form):
    name = forms.CharField(label=_("What is needed"), max_length=120)
    form = forms.ChoiceField(label=_("As"), choices=PaperForm.choices)
    copies = forms.IntegerField(label=_("Copies"), min_value=1, max_value=20, initial=1)
    required = forms.BooleanField(label=_("Always needed"), required=False, initial=True)


Requirements = formset_factory(
    RequirementForm, extra=1, can_delete=True, max_num=40, validate_max=True
)


def requirements_of(item: Item, data: Any = None) -> "BaseFormSet[Any]":
    fields = ("name", "form", "copies", "required")
    rows = list(item.requirements.values(*fields)) if not item._state.adding else []
    return Requirements(data, prefix="needs", initial=rows)


def listed(rows: "BaseFormSet[Any]") -> list[dict[str, Any]]:
    """The checklist as it is to be, without empty rows and those taken away."""
    return [
        {name: row.cleaned_data[name] for name in ("name", "form", "copies", "required")}
        for row in rows
        if row.cleaned_data.get("name") and not row.cleaned_data.get("DELETE")
    ]


class LocalTermForm(forms.ModelForm):
    """What a station says for itself."""

    class Meta:
        model = LocalTerm
        fields = LOCAL_FIELDS
        help_texts = {
            "promised": _("Never longer than the statutory time. Empty: as everywhere."),
            "place": _("Empty: as everywhere."),
        }

    def __init__(self, *args: Any, item: Item, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not item.referred:
            for name in ("office_name", "office_address", "office_phone", "office_way"):
                del self.fields[name]
        else:
            del self.fields["promised"]

    def _post_clean(self) -> None:
        """As with an item."""


class BasisForm(forms.ModelForm):
    class Meta:
        model = LegalBasis
        fields = ("title", "article", "version", "effective_on", "ended_on", "orders_rest_on_it")
        widgets = {"effective_on": DateInput, "ended_on": DateInput}

    def _post_clean(self) -> None:
        """As with an item."""
