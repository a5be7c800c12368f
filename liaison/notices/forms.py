from django import forms
from django.utils.translation import gettext_lazy as _


class ChannelsForm(forms.Form):
    """What one wants sent besides the inbox."""

    address = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    by_email = forms.BooleanField(label=_("Send me notices by e-mail"), required=False)
