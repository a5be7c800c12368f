from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liaison.accounts.models import User
from liaison.accounts.unit_choice import unit_field
from liaison.core.forms import ChipRadios
from liaison.notices.models import OF_PEOPLE, OF_UNITS, Channel, open_to


class ClockInput(forms.TimeInput):
    """The browser's own picker of a time of day, to the minute."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class ChoiceForm(forms.Form):
    """What one wants sent besides the inbox, and when.

    ``there`` are the channels that the person's unit has; the others say that they are missing.
    """

    address = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    by_email = forms.BooleanField(label=_("Send me notices by e-mail"), required=False)
    by_wecom = forms.BooleanField(
        label=_("Send them to my unit's WeCom group, with my name"), required=False
    )
    by_dingtalk = forms.BooleanField(
        label=_("Send them to my unit's DingTalk group, with my name"), required=False
    )
    by_sms = forms.BooleanField(label=_("Send me text messages"), required=False)
    quiet_from = forms.TimeField(label=_("Quiet from"), required=False, widget=ClockInput)
    quiet_until = forms.TimeField(
        label=_("Quiet until"),
        required=False,
        widget=ClockInput,
        help_text=_("Nothing is sent in this time, also over midnight; it comes when it is over."),
    )
    digest_at = forms.TimeField(
        label=_("Once a day at"),
        required=False,
        widget=ClockInput,
        help_text=_("All of a day in one message. Leave it empty to be told at once."),
    )

    def __init__(self, *args: Any, user: User, there: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for channel in OF_PEOPLE:
            if channel not in open_to(user):
                del self.fields[f"by_{channel}"]
            elif channel != Channel.EMAIL and channel not in there:
                missing = _("Not configured for your unit; its system administrator can do that.")
                self.fields[f"by_{channel}"].help_text = missing

    def wishes(self) -> dict[str, Any]:
        """As ``choose_channels`` takes them."""
        chosen = self.cleaned_data
        return {
            "address": chosen["address"],
            "by": {channel for channel in OF_PEOPLE if chosen.get(f"by_{channel}")},
            "quiet": (chosen["quiet_from"], chosen["quiet_until"]),
            "digest_at": chosen["digest_at"],
        }


class AddressForm(forms.Form):
    """Where a channel sends to. It holds keys, so it is never filled in again."""

    url = forms.CharField(
        label=_("Address"),
        max_length=1000,
        help_text=_("It holds keys: once saved it is not shown any more."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class AddChannelForm(AddressForm):
    """A channel for a unit."""

    channel = forms.ChoiceField(
        label=_("Channel"),
        choices=[(one.value, one.label) for one in OF_UNITS],
        widget=ChipRadios,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = unit_field(user, label=_("Unit"))
        self.order_fields(("unit", "channel", "url"))
