"""What a person may say on the page of their own position."""

from collections.abc import Callable

from django import forms

from liaison.accounts.models import User
from liaison.whereabouts.actions import begin_shift, end_shift, give_consent, withdraw_consent

DEEDS: dict[str, Callable[..., object]] = {
    "agree": give_consent,
    "withdraw": withdraw_consent,
    "begin": begin_shift,
    "end": end_shift,
}


class DeedForm(forms.Form):
    """One of the page's buttons."""

    deed = forms.ChoiceField(choices=[(name, name) for name in DEEDS])

    def do(self, by: User) -> None:
        DEEDS[self.cleaned_data["deed"]](by=by)
