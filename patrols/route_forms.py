"""Forms of routes, posts and the station's own patrol."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from issues.models import Issue
from liaison.accounts.models import User
from liaison.core.coordinates import CoordinateSystem, Point, to_wgs84
from liaison.core.forms import ChipCheckboxes, DateTimeInput
from patrols.actions.posts import ASKS
from patrols.models import PatrolTeam
from patrols.models.route import MOST_ROUNDS

DAYS = (
    (0, pgettext_lazy("evening", "Mon")),
    (1, pgettext_lazy("evening", "Tue")),
    (2, pgettext_lazy("evening", "Wed")),
    (3, pgettext_lazy("evening", "Thu")),
    (4, pgettext_lazy("evening", "Fri")),
    (5, pgettext_lazy("evening", "Sat")),
    (6, pgettext_lazy("evening", "Sun")),
)


class PointFields(forms.Form):
    """Two numbers and where they were read; ``cleaned_data["point"]`` is WGS-84 or None."""

    needs_point = True
    longitude = forms.FloatField(label=_("Longitude"), required=False)
    latitude = forms.FloatField(label=_("Latitude"), required=False)
    system = forms.ChoiceField(
        label=_("Coordinate system"),
        choices=CoordinateSystem.choices,
        initial=CoordinateSystem.GCJ02,
        help_text=_("Where the two numbers were read: Amap and Tencent give GCJ-02."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        longitude, latitude = given.get("longitude"), given.get("latitude")
        given["point"] = None
        if longitude is None or latitude is None:
            if self.needs_point or longitude is not latitude:
                self.add_error("longitude", _("Both numbers are needed."))
            return given
        try:
            given["point"] = to_wgs84(Point(longitude, latitude), given.get("system", ""))
        except ValueError:
            self.add_error("longitude", _("This is nowhere on the globe."))
        return given


class RouteForm(forms.Form):
    team = forms.ModelChoiceField(PatrolTeam.objects.none(), label=_("Patrol team"))
    name = forms.CharField(label=pgettext_lazy("thing", "Name"), max_length=60)
    rounds = forms.IntegerField(
        label=_("Rounds a night"), min_value=1, max_value=MOST_ROUNDS, initial=2
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = PatrolTeam.objects.visible_to(user).filter(ended_on__isnull=True)
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]


class CheckpointForm(PointFields):
    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("Checkpoint"), max_length=60)
    outside = forms.BooleanField(label=_("Outside the premises"), required=False, initial=True)
    field_order = ("version", "name", "longitude", "latitude", "system", "outside")


class VersionForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)


class ShiftForm(VersionForm):
    later = forms.BooleanField(required=False)


class RenewForm(forms.Form):
    replaces = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=200)


class PostForm(PointFields):
    needs_point = False
    place = forms.CharField(label=_("Place"), max_length=100)
    from_at = forms.DateTimeField(label=pgettext_lazy("post", "From"), widget=DateTimeInput())
    until_at = forms.DateTimeField(label=pgettext_lazy("post", "Until"), widget=DateTimeInput())
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea({"rows": 2}))
    issue = forms.ModelChoiceField(
        Issue.objects.none(), label=_("Asked for on the bill"), required=False
    )
    field_order = ("place", "from_at", "until_at", "reason", "issue", "longitude", "latitude")

    def __init__(self, *args: Any, user: User, asked: str = "", **kwargs: Any) -> None:
        """``asked`` is the number of the line that is chosen to begin with, if it may be."""
        super().__init__(*args, **kwargs)
        lines = Issue.objects.visible_to(user).open().filter(kind__code=ASKS, unit=user.unit)
        field: Any = self.fields["issue"]
        field.queryset = lines.order_by("-raised_at", "-pk")
        field.label_from_instance = lambda line: f"{line.number} {line.title}"
        chosen = lines.filter(number=asked).select_related("enterprise").first() if asked else None
        if chosen is not None:
            self.initial = {"issue": chosen.pk, "reason": chosen.title, **self.initial}


class WindowForm(PointFields):
    name = forms.CharField(label=pgettext_lazy("thing", "Name"), max_length=60)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Evenings"), choices=DAYS, coerce=int, widget=ChipCheckboxes
    )
    from_time = forms.TimeField(
        label=pgettext_lazy("patrol", "From"), widget=forms.TimeInput({"type": "time"})
    )
    to_time = forms.TimeField(
        label=pgettext_lazy("patrol", "To"), widget=forms.TimeInput({"type": "time"})
    )
    radius = forms.IntegerField(label=_("Radius in metres"), min_value=1, initial=500)
    field_order = ("name", "weekdays", "from_time", "to_time", "longitude", "latitude", "radius")
