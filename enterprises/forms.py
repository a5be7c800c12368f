"""Forms of enterprises and of who answers for them."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.actions.enterprise import EDITABLE
from enterprises.models import Assignment, Enterprise, Stage
from liaison.accounts.models import Unit, User, may_answer
from liaison.accounts.throttle import try_to_sign_in
from liaison.core.coordinates import CoordinateSystem, Point, to_wgs84
from liaison.core.forms import ChipRadios, DateInput
from liaison.core.identifiers import check_credit_code, normalise_credit_code
from liaison.core.refused import Refused
from liaison.core.sheets import MAX_BYTES


class EnterpriseForm(forms.ModelForm):
    """Facts about an enterprise. A point is typed in any system and kept as WGS-84."""

    version = forms.IntegerField(widget=forms.HiddenInput, initial=1)
    coordinate_source = forms.ChoiceField(
        label=_("Coordinate system"),
        choices=CoordinateSystem.choices,
        initial=CoordinateSystem.GCJ02,
        required=False,
        help_text=_("Where the two numbers were read: Amap and Tencent give GCJ-02."),
    )

    # As one writes them down: what it is called and where it is, then what it is.
    field_order = ("name", "address", "credit_code", "industry", "kind", "tier", "grade")

    class Meta:
        model = Enterprise
        fields = EDITABLE
        widgets = {
            "kind": ChipRadios,
            "tier": ChipRadios,
            "grade": ChipRadios,
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["version"] = self.instance.version
            # What is kept is WGS-84; shown as such, or saving twice would shift it twice.
            self.initial["coordinate_source"] = CoordinateSystem.WGS84

    def clean_credit_code(self) -> str:
        code = normalise_credit_code(self.cleaned_data["credit_code"])
        fault = check_credit_code(code) if code else None
        if fault:
            raise forms.ValidationError(str(fault.message), code=fault.code)
        return code

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        lon, lat = cleaned.get("longitude"), cleaned.get("latitude")
        if (lon is None) != (lat is None):
            self.add_error("latitude", _("Longitude and latitude belong together."))
        elif lon is not None and lat is not None:
            self._convert(cleaned, lon, lat)
        else:
            cleaned["coordinate_source"] = ""
        return cleaned

    def _convert(self, cleaned: dict[str, Any], lon: float, lat: float) -> None:
        if "longitude" not in self.changed_data and "latitude" not in self.changed_data:
            # Untouched: keep the point and where it came from.
            cleaned["coordinate_source"] = self.instance.coordinate_source
            return
        try:
            point = to_wgs84(Point(lon, lat), cleaned["coordinate_source"] or "wgs84")
        except ValueError as error:
            self.add_error("longitude", str(error))
            return
        cleaned["longitude"], cleaned["latitude"] = point.lon, point.lat

    def _post_clean(self) -> None:
        """Nothing: the action builds, checks and saves the row, not the form."""


class StageForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    # Closing down has a page of its own, which shows first what is open.
    stage = forms.ChoiceField(
        label=_("Stage"),
        choices=[one for one in Stage.choices if one[0] != Stage.CLOSED],
        widget=ChipRadios,
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class ImportForm(forms.Form):
    """A list as the station keeps it."""

    file = forms.FileField(
        label=_("Enterprise list"),
        help_text=_(
            "XLSX, XLS or CSV as they are kept, at most 20 MB. Title rows, headings of two levels "
            "and other words for the same column are understood."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt"}),
    )

    def clean_file(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["file"]
        if (upload.size or 0) > MAX_BYTES:
            raise forms.ValidationError(
                _("The file is bigger than %(size)d MB.") % {"size": MAX_BYTES // 1024 // 1024}
            )
        return upload


class ContactForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60)
    position = forms.CharField(label=_("Position"), max_length=60, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    is_primary = forms.BooleanField(label=_("First to call"), required=False)


class JoinForm(forms.Form):
    """The password of the account that the invited number has. ``owner`` once it is valid."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, phone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.phone = request, phone
        self.owner: User

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        try:
            owner = try_to_sign_in(self.request, self.phone, password)
        except Refused as refused:
            raise forms.ValidationError(str(refused.message), code=refused.code) from refused
        if owner is None:
            raise forms.ValidationError(_("The password is wrong."), code="wrong_password")
        self.owner = owner
        return password


class NewAccountForm(forms.Form):
    """Name and password of whoever was invited."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        help_text=_("At least 8 characters of three kinds, or a sentence of 14."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("Password once more"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("again") is not None and cleaned.get("password") != cleaned["again"]:
            self.add_error("again", _("The two passwords differ."))
        return cleaned


class OfficerField(forms.ModelChoiceField):
    """An officer of one station who may answer for enterprises."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(User.objects.none(), **kwargs)

    def at(self, unit: Unit) -> None:
        officers = User.objects.all().may_answer_for_enterprises().at(unit)
        self.queryset = officers.order_by("name", "pk")


class AssignForm(forms.Form):
    officer = OfficerField(label=_("Responsible officer"))
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)
    # Whom the person saw as answering now; empty for nobody.
    replaces = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _limit(self, unit)


class HandOverForm(forms.Form):
    outgoing = OfficerField(label=_("Hands over"))
    incoming = OfficerField(label=_("Takes over"))
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _limit(self, unit)
        # Also whoever has left already, as long as something is still theirs.
        holding = Exists(Assignment.objects.all().open().filter(officer=OuterRef("pk")))
        outgoing = User.objects.filter(may_answer() | holding).at(unit)
        self.fields["outgoing"].queryset = outgoing.order_by("name", "pk")  # type: ignore[attr-defined]


class CoverForm(forms.Form):
    officer = OfficerField(label=_("Officer away"))
    acting = OfficerField(label=_("Acting officer"))
    starts_on = forms.DateField(label=_("From day"), initial=timezone.localdate, widget=DateInput)
    ends_on = forms.DateField(label=_("To day"), widget=DateInput)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _limit(self, unit)


class RenewGateCodeForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("Lost, torn down, copied elsewhere ..."),
    )
    # The card that the person saw to hold.
    replaces = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)


def _limit(form: forms.Form, unit: Unit) -> None:
    for field in form.fields.values():
        if isinstance(field, OfficerField):
            field.at(unit)
