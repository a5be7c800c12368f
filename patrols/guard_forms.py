"""What is asked when guards are kept and answered for."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from liaison.accounts.models import User
from liaison.core.forms import ChipRadios, DateInput, Picker
from liaison.core.sheets import MAX_BYTES
from liaison.law.models import LegalBasis
from patrols.models import Employer, Guard, Verdict


class OffDutyForm(forms.Form):
    """A change that may make nights unlawful: the box appears once it would."""

    version = forms.IntegerField(widget=forms.HiddenInput, initial=1)
    off_duty = forms.BooleanField(
        label=_("Take the guard off these nights"), required=False, widget=forms.HiddenInput
    )

    def ask_off_duty(self) -> None:
        """Show the box: the form as sent would cost nights of the roster."""
        self.fields["off_duty"].widget = forms.CheckboxInput()


class GuardForm(OffDutyForm):
    """A guard. ``enterprise`` is asked for a new one only, the legal basis of the station only."""

    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(), label=_("Enterprise"), widget=Picker
    )
    name = forms.CharField(label=_("Name"), max_length=40)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    employer = forms.ChoiceField(
        label=_("Employed by"), choices=Employer.choices, widget=ChipRadios
    )
    company = forms.CharField(
        label=_("Guard company"),
        max_length=80,
        required=False,
        help_text=_("For a guard of a licensed guard company: its name."),
    )
    certificate = forms.CharField(
        label=_("Guard certificate"),
        max_length=60,
        required=False,
        help_text=_("Without a valid certificate nobody is put on a roster."),
    )
    certificate_until = forms.DateField(
        label=_("Certificate valid until"), widget=DateInput, required=False
    )
    joined_on = forms.DateField(label=_("Guard since"), widget=DateInput, required=False)
    legal_basis = forms.ModelChoiceField(
        LegalBasis.objects.none(),
        label=_("Legal basis for patrolling outside"),
        required=False,
    )

    def __init__(self, *args: Any, user: User, guard: Guard | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        if guard is not None:
            del self.fields["enterprise"]
        else:
            own = Enterprise.objects.visible_to(user).live().select_related("unit")
            fields["enterprise"].queryset = own.order_by("name")
            if user.is_contact and len(only := list(own[:2])) == 1:
                fields["enterprise"].initial = only[0]
                fields["enterprise"].widget = forms.HiddenInput()
            fields["joined_on"].initial = timezone.localdate()
        if user.is_contact:
            del self.fields["legal_basis"]
        else:
            fields["legal_basis"].queryset = LegalBasis.objects.in_force(timezone.localdate())

    @classmethod
    def initial_of(cls, guard: Guard) -> dict[str, Any]:
        names = (*cls.base_fields, "version")
        return {name: getattr(guard, name) for name in names if name != "off_duty"}


class LeaveForm(OffDutyForm):
    left_on = forms.DateField(
        label=_("Left on"),
        widget=DateInput,
        help_text=_("The first evening on which the guard does not serve any more."),
    )


class AnswerForm(OffDutyForm):
    """An officer's answer to the warning."""

    verdict = forms.ChoiceField(label=_("Answer"), choices=Verdict.choices, widget=ChipRadios)
    legal_basis = forms.ModelChoiceField(
        LegalBasis.objects.none(),
        label=_("Legal basis"),
        required=False,
        help_text=_("Needed where the guard is to patrol outside the premises."),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["legal_basis"]
        field.queryset = LegalBasis.objects.in_force(timezone.localdate())


class GuardListForm(forms.Form):
    """A list of guards as it is kept."""

    file = forms.FileField(
        label=_("List of guards"),
        help_text=_(
            "XLSX, XLS or CSV as they are kept, at most 20 MB and 2,000 guards. Title rows and "
            "other words for the same column are understood."
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
