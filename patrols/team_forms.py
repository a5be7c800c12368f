"""What is asked when enterprises are divided into teams."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.models import Contact, Enterprise
from liaison.accounts.models import User
from liaison.core.coordinates import CoordinateSystem, Point, to_wgs84
from liaison.core.forms import ChipRadios, DateInput, Picker
from patrols.actions.settling import MOST_POINTS
from patrols.models import Barrier, Draft, PatrolTeam, Pin

NONE = "none"


def system_of_the_map() -> str:
    """In which what is clicked on the map is written down."""
    return settings.TILE_SYSTEM if settings.TILE_URL else CoordinateSystem.WGS84


class ProposeForm(forms.Form):
    """How many teams of which size. ``version`` is the draft's that is given up for it."""

    teams = forms.IntegerField(
        label=_("Number of teams"),
        min_value=1,
        max_value=99,
        help_text=_("With fewer teams than take everybody in, the farthest stay uncovered."),
    )
    smallest = forms.IntegerField(label=_("Smallest team"), min_value=1, max_value=100)
    largest = forms.IntegerField(label=_("Largest team"), min_value=1, max_value=100)
    seed = forms.IntegerField(
        label=_("Attempt"),
        min_value=0,
        max_value=9999,
        initial=0,
        help_text=_("The same attempt has the same outcome; another may find another one."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class MoveForm(forms.Form):
    """Where one enterprise goes."""

    team = forms.ChoiceField(label=pgettext_lazy("patrols", "Team"), widget=ChipRadios)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["team"]
        field.choices = [
            *((str(n), str(n)) for n in range(1, draft.teams + 1)),
            (NONE, _("in no team")),
        ]

    def clean_team(self) -> int | None:
        given = self.cleaned_data["team"]
        return None if given == NONE else int(given)


class PublishForm(forms.Form):
    begins_on = forms.DateField(
        label=_("Holds from the night of"), widget=DateInput, initial=timezone.localdate
    )
    any_size = forms.BooleanField(
        label=_("Also with teams that are too small or too large"), required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class PinForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What is settled"), choices=Pin.Kind.choices, widget=ChipRadios
    )
    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(), label=_("Enterprise"), widget=Picker
    )
    other = forms.ModelChoiceField(
        Enterprise.objects.none(),
        label=_("With which other, or from which"),
        required=False,
        widget=Picker,
    )
    team_number = forms.IntegerField(
        label=pgettext_lazy("patrols", "Team"), required=False, min_value=1, max_value=99
    )
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Enterprise.objects.visible_to(user).live().order_by("name")
        for name in ("enterprise", "other"):
            field: Any = self.fields[name]
            field.queryset = rows


class BarrierForm(forms.Form):
    """A line, a point a row: longitude and latitude as the map shows them."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Barrier.Kind.choices, widget=ChipRadios)
    name = forms.CharField(label=pgettext_lazy("barrier", "Name"), max_length=40)
    system = forms.ChoiceField(
        label=_("Coordinates read in"),
        choices=CoordinateSystem.choices,
        initial=system_of_the_map,
    )
    line = forms.CharField(
        label=_("Points"),
        max_length=MOST_POINTS * 40,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "One point a line: longitude, latitude. A click on the map adds one, in the system "
            "that is chosen at first."
        ),
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if "line" in given and "system" in given:
            rows = [row for row in given["line"].splitlines() if row.strip()]
            given["points"] = [self._point(row, given["system"]) for row in rows]
            if None in given["points"]:
                del given["points"]
        return given

    def _point(self, row: str, system: str) -> Point | None:
        parts = row.replace("，", ",").replace(",", " ").split()
        try:
            lon, lat = map(float, parts)
            return to_wgs84(Point(lon, lat), system)
        except ValueError:
            said = _now("“%(row)s” is no point: longitude and latitude are asked for.")
            self.add_error("line", ValidationError(said % {"row": row[:40]}))
            return None


class TeamForm(forms.Form):
    name = forms.CharField(
        label=pgettext_lazy("team", "Name"),
        max_length=40,
        required=False,
        help_text=_("Without one it is called by its number."),
    )
    leader = forms.ModelChoiceField(
        Contact.objects.none(),
        label=_("Team leader"),
        required=False,
        help_text=_("A contact of one of its enterprises."),
    )

    def __init__(self, *args: Any, team: PatrolTeam, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inside = team.memberships.filter(ended_on__isnull=True).values("enterprise")
        field: Any = self.fields["leader"]
        field.queryset = (
            Contact.objects.filter(enterprise__in=inside, left_on__isnull=True)
            .select_related("enterprise")
            .order_by("enterprise__name", "name")
        )
        field.label_from_instance = lambda one: f"{one.name} · {one.enterprise.name}"
