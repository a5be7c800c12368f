"""What is asked when workers are handed in and decided on."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from liaison.accounts.models import User
from liaison.core.forms import ChipRadios, Picker
from liaison.core.sheets import MAX_BYTES

LATER, NOW = "later", "now"


class ListForm(forms.Form):
    """A list of workers, with photos or without."""

    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(), label=_("Enterprise"), widget=Picker
    )
    file = forms.FileField(
        label=_("List of workers"),
        help_text=_("XLSX, XLS or CSV, at most 20 MB and 5,000 workers. Use the empty list."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt"}),
    )
    photos = forms.ChoiceField(
        label=_("Photos"),
        choices=[(LATER, _("They follow later")), (NOW, _("All come with this list"))],
        initial=LATER,
        widget=ChipRadios,
        help_text=_("Certificates are made once the photo is there."),
    )
    archive = forms.FileField(
        label=_("Photos in a ZIP archive"),
        required=False,
        help_text=_(
            "Each picture named by ID number, or as the list says. At most 500 pictures and 60 MB "
            "an archive; further archives can be added afterwards."
        ),
        widget=forms.FileInput(attrs={"accept": ".zip"}),
    )

    def __init__(self, *args: Any, user: User, fixed: bool = False, **kwargs: Any) -> None:
        """``fixed``: the list is for a batch whose enterprise is known."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["enterprise"]
        field.queryset = Enterprise.objects.visible_to(user).live().order_by("name")
        if fixed:
            del self.fields["enterprise"]
        elif user.is_contact:
            own = list(field.queryset[:2])
            if len(own) == 1:
                field.initial = own[0]
                field.widget = forms.HiddenInput()

    def clean_file(self) -> UploadedFile:
        return _at_most(self.cleaned_data["file"], MAX_BYTES)

    def clean_archive(self) -> UploadedFile | None:
        upload = self.cleaned_data["archive"]
        return _at_most(upload, settings.WORKERS_ARCHIVE_BYTES) if upload else None


class PhotosForm(forms.Form):
    """More photos for a batch."""

    archive = forms.FileField(
        label=_("Photos in a ZIP archive"),
        help_text=_("Each picture named by ID number, or as the list says."),
        widget=forms.FileInput(attrs={"accept": ".zip"}),
    )

    def clean_archive(self) -> UploadedFile:
        return _at_most(self.cleaned_data["archive"], settings.WORKERS_ARCHIVE_BYTES)


class PhotoForm(forms.Form):
    """The photo of one worker."""

    photo = forms.FileField(
        label=_("Photo"), widget=forms.FileInput(attrs={"accept": "image/*", "data-preview": True})
    )

    def clean_photo(self) -> UploadedFile:
        return _at_most(self.cleaned_data["photo"], settings.EVIDENCE_MAX_BYTES)


class ReasonForm(forms.Form):
    """Why somebody needs whole ID numbers."""

    reason = forms.CharField(
        label=_("What for"),
        max_length=200,
        help_text=_("It goes to the record with your name."),
    )


class FindForm(forms.Form):
    """A worker by the whole ID number; sent in the body, so that it stands in no log."""

    id_number = forms.CharField(
        label=_("ID number"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
    )


class MarkForm(forms.Form):
    """What becomes of the workers that were shown."""

    reason = forms.CharField(
        label=_("What is to be corrected"),
        max_length=200,
        required=False,
        help_text=_("The enterprise reads it."),
    )


def _at_most(upload: UploadedFile, limit: int) -> UploadedFile:
    if (upload.size or 0) > limit:
        raise forms.ValidationError(
            _("The file is bigger than %(size)d MB.") % {"size": limit // 1_048_576}
        )
    return upload
