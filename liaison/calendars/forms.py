"""A year's holidays and a unit's hours, as they are sent."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from liaison.core.sheets.grid import MAX_BYTES


class CalendarForm(forms.Form):
    file = forms.FileField(
        label=_("Calendar file"),
        help_text=_(
            "XLSX, XLS or CSV with the columns 日期, 类型 (节假日, 调休上班 or 正常) and 名称."
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


class HoursForm(forms.Form):
    windows = forms.CharField(
        label=_("Working hours"),
        max_length=200,
        required=False,
        help_text=_(
            "08:30-12:00, 13:30-17:30; 20:00-04:00 runs past midnight. Empty: as the unit above. "
            "They decide what a pause gives back."
        ),
    )
