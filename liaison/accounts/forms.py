"""Signing in."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from liaison.accounts.models import Kind, User
from liaison.accounts.throttle import try_to_sign_in
from liaison.accounts.unit_choice import unit_field
from liaison.core.forms import ChipRadios
from liaison.core.refused import Refused


class SignInForm(forms.Form):
    """Phone or username, and the password. ``user`` is set once the form is valid."""

    username = forms.CharField(
        label=_("Phone or username"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        username, password = cleaned.get("username"), cleaned.get("password")
        if not username or not password:
            return cleaned
        try:
            self.user = try_to_sign_in(self.request, username, password)
        except Refused as refused:
            raise forms.ValidationError(str(refused.message), code=refused.code) from refused
        if self.user is None:
            raise forms.ValidationError(
                _("The name or the password is wrong."), code="wrong_password"
            )
        return cleaned


class PersonForm(forms.Form):
    """A colleague, as the system administrator enters them."""

    name = forms.CharField(label=_("Name"), max_length=40)
    # Which there are depends on whose form it is.
    unit = forms.Field(label=_("Unit"))
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[choice for choice in Kind.choices if choice[0] != Kind.CONTACT],
        widget=ChipRadios,
    )
    username = forms.CharField(
        label=_("Username"),
        max_length=150,
        help_text=_("Letters, digits and @/./+/-/_. The phone number signs in as well."),
    )
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    police_number = forms.CharField(label=_("Police number"), max_length=20, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = unit_field(user, label=_("Unit"))
