from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from liaison.core.forms import Picker


class IntoForm(forms.Form):
    """Which entry is to stay: another live one of the same station."""

    into = forms.ModelChoiceField(
        Enterprise.objects.none(), label=_("The entry that stays"), widget=Picker
    )

    def __init__(self, *args: Any, absorbed: Enterprise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into: Any = self.fields["into"]
        others = Enterprise.objects.filter(unit=absorbed.unit_id).live().exclude(pk=absorbed.pk)
        into.queryset = others.order_by("name", "pk")


class CloseForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why it closes down"), max_length=200, help_text=_("It stays in its history.")
    )


class MergeForm(forms.Form):
    """``agreed`` is what was looked at."""

    agreed = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why these are one enterprise"), max_length=200, help_text=_("It stays on record.")
    )
