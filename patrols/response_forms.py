"""What is asked about a response: when somebody called, and after how long help was there."""

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Enterprise
from liaison.accounts.models import User
from liaison.core.forms import DateTimeInput, Picker
from patrols.models import Response
from patrols.models.response import ARRIVALS
from patrols.paces import in_time

# "1:20", "1分20秒", "1'20", "3"; full-width digits and colons too, which int() and \d read.
TOOK = re.compile(r"(\d{1,3})(?:\s*[:：'′分]\s*(?:(\d{1,2})\s*[\"″秒]?)?)?")
NAMES = tuple(name.removesuffix("_at") for name in ARRIVALS)
LABELS: tuple[Promise, ...] = (
    gettext_lazy("Own guards there after"),
    gettext_lazy("Neighbours there after"),
    gettext_lazy("Police there after"),
)


class TookField(forms.CharField):
    """Minutes and seconds as one writes them; cleans to a timedelta, None for nothing."""

    def __init__(self, **more: Any) -> None:
        super().__init__(required=False, max_length=20, **more)

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value)).strip()
        if not text:
            return None
        found = TOOK.fullmatch(text)
        seconds = int(found[2] or 0) if found else 60
        if found is None or seconds > 59:
            raise forms.ValidationError(_("Minutes and seconds, as in 1:20."))
        return timedelta(minutes=int(found[1]), seconds=seconds)

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, timedelta) else value


def written(took: timedelta) -> str:
    """As it is typed: 1:20."""
    minutes, seconds = divmod(int(took.total_seconds()), 60)
    return f"{minutes}:{seconds:02}"


def steps_of(response: Response) -> list[tuple[str, bool]]:
    """Each arrival as it is written, empty where nobody came, and whether it was in time."""
    return [
        (written(took) if took is not None else "", in_time(took, most))
        for took, most in zip(response.took, settings.PATROL_RESPONSE_MINUTES, strict=True)
    ]


class ResponseForm(forms.Form):
    """``enterprise`` is asked for a drill only: an incident has its own."""

    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(), label=gettext_lazy("Enterprise"), widget=Picker
    )
    called_at = forms.DateTimeField(label=gettext_lazy("Called at"), widget=DateTimeInput())
    self_rescue = TookField(label=LABELS[0])
    mutual_aid = TookField(label=LABELS[1])
    reinforcement = TookField(label=LABELS[2])
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, user: User, asks_where: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks_where:
            own = Enterprise.objects.visible_to(user).live().select_related("unit")
            field: Any = self.fields["enterprise"]
            field.queryset = own.filter(patrol_memberships__isnull=False).distinct()
        else:
            del self.fields["enterprise"]
        self.fields["self_rescue"].help_text = _(
            "Minutes and seconds, as in 1:20. Leave empty where nobody came."
        )

    @property
    def took(self) -> list[timedelta | None]:
        return [self.cleaned_data[name] for name in NAMES]


def as_initial(response: Response) -> dict[str, Any]:
    """What a correction begins with."""
    return {
        "called_at": response.called_at,
        "note": response.note,
        **dict(zip(NAMES, response.took, strict=True)),
    }
