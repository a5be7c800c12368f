"""Forms of what comes after close-out: rating, callback, a link for whoever will not sign in."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from issues.actions.links import FOR_WHOM_MAX, LONGEST_DAYS
from issues.actions.rating import WHO_MAX, WORDS_MAX
from issues.models import Callback, Issue, Satisfaction
from liaison.core.forms import ChipRadios, DateTimeInput


def step_field(*, required: bool = True) -> forms.TypedChoiceField:
    """The five steps, each a chip."""
    return forms.TypedChoiceField(
        label=_("How content are you?"),
        choices=Satisfaction.choices,
        coerce=int,
        empty_value=None,
        widget=ChipRadios,
        required=required,
    )


def words_field(label: Any = "", help_text: Any = "", *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label or _("In your words"),
        max_length=WORDS_MAX,
        required=required,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=help_text,
    )


class VersionedForm(forms.Form):
    """What is sent is judged by the line as it was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, issue: Issue, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"version": issue.version})
        super().__init__(*args, **kwargs)

    def now_at(self, version: int) -> None:
        """Sent again, it applies to the line as it is now; what was typed stays."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data[self.add_prefix("version")] = str(version)
        self.data = data


class RatingForm(VersionedForm):
    step = step_field()
    words = words_field(
        help_text=_("Needed for the last two, which reopen the line with 5 working days.")
    )


class DisputeForm(VersionedForm):
    words = words_field(_("What is not solved yet?"), required=True)


class ConfirmForm(VersionedForm):
    """Nothing but the version."""


class CallbackForm(VersionedForm):
    reached = forms.TypedChoiceField(
        label=_("Was somebody reached?"),
        choices=(("1", _("Yes")), ("0", _("No, nobody"))),
        coerce=lambda said: said == "1",
        empty_value=None,
        widget=ChipRadios,
    )
    at = forms.DateTimeField(label=_("When"), widget=DateTimeInput)
    way = forms.ChoiceField(
        label=_("How"),
        choices=Callback.Way.choices,
        initial=Callback.Way.PHONE,
        widget=ChipRadios,
    )
    who = forms.CharField(
        label=_("Who was reached"),
        max_length=WHO_MAX,
        required=False,
        help_text=_("Name and position; only the station reads it."),
    )
    step = step_field(required=False)
    words = words_field(
        _("In their words"), _("What they said: with a rating, the enterprise reads it too.")
    )

    def __init__(self, *args: Any, issue: Issue, rated: bool, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "version": issue.version,
            "at": timezone.localtime().replace(second=0, microsecond=0),
            "way": Callback.Way.PHONE,
        }
        super().__init__(*args, issue=issue, **kwargs)
        self.fields["step"].label = _("How content are they?")
        if rated:
            del self.fields["step"]


class LinkForm(forms.Form):
    for_whom = forms.CharField(
        label=_("For whom"),
        max_length=FOR_WHOM_MAX,
        help_text=_("Name and position; only the station reads it."),
    )
    days = forms.IntegerField(label=_("Holds for (days)"), min_value=1, max_value=LONGEST_DAYS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"days": settings.ACCESS_LINK_DAYS})
        super().__init__(*args, **kwargs)
