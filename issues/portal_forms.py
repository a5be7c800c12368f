"""Forms of an enterprise's contact: to ask, and to answer on a line."""

import hashlib
import uuid
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.models import Enterprise
from issues.actions import Sent
from issues.forms import EvidenceForm, MoveForm
from issues.models import IssueKind
from issues.wording import first_words
from liaison.accounts.models import User
from liaison.core.forms import ChipRadios, FilesField, FilesInput

# What a phone offers to choose from; what a file is, is found out from its content.
ANYTHING = "image/*,audio/*,application/pdf"
FILES_AT_ONCE = 12
# What says nothing about what is sent.
_BESIDES = frozenset({"csrfmiddlewaretoken", "client_id", "version", "draft_id"})


class PhoneFilesInput(FilesInput):
    """Files of all sorts, beside it the camera, and a recorder where the browser has one."""

    template_name = "forms/widgets/phone_files.html"


class SentForm(forms.Form):
    """A form with an id of its own, by which it is known when it comes again."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def sent(self, address: object) -> Sent:
        """How this came in; for a form that is valid."""
        said = hashlib.sha256()
        for name in sorted(set(self.data) - _BESIDES):
            said.update(repr((name, self.data.getlist(name))).encode())  # type: ignore[attr-defined]
        for name in sorted(self.files):
            for one in self.files.getlist(name):
                said.update(repr((name, one.name, one.size)).encode())
        return Sent(
            self.cleaned_data["client_id"], said.hexdigest(), str(address) if address else None
        )

    def how_many_files(self) -> int:
        uploads: list[UploadedFile] = [
            one for name in self.files for one in self.files.getlist(name)
        ]
        return len(uploads)

    def take_files(self) -> None:
        """A field for files of all sorts, as a phone gives them."""
        self.fields["file_"] = FilesField(
            label=_("Photos, voice, papers"),
            required=False,
            widget=PhoneFilesInput(attrs={"accept": ANYTHING}),
        )

    def clean_file_(self) -> list[UploadedFile]:
        files: list[UploadedFile] = self.cleaned_data.get("file_") or []
        if len(files) > FILES_AT_ONCE:
            raise forms.ValidationError(
                _("At most %(n)d files at once.") % {"n": FILES_AT_ONCE}, code="too_many"
            )
        return files


class AskForm(SentForm, EvidenceForm):
    """Something an enterprise asks for, in its own words."""

    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(),
        label=pgettext_lazy("kind", "Enterprise"),
        widget=ChipRadios,
        empty_label=None,
    )
    kind = forms.ModelChoiceField(
        IssueKind.objects.none(),
        label=_("What it is about"),
        to_field_name="code",
        widget=ChipRadios,
        empty_label=None,
    )
    text = forms.CharField(
        label=_("In your own words"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    title = forms.CharField(
        label=_("Heading"),
        max_length=120,
        required=False,
        help_text=_("May stay empty: the first words will do."),
    )

    def __init__(self, *args: Any, user: User, kinds: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Enterprise.objects.visible_to(user).live().order_by("name", "pk")
        offered = IssueKind.objects.filter(code__in=kinds)
        self.fields["enterprise"].queryset = mine  # type: ignore[attr-defined]
        self.fields["kind"].queryset = offered  # type: ignore[attr-defined]
        # The first named is what most mean by it.
        self.fields["kind"].initial = kinds[0]
        for name, rows in (("enterprise", mine), ("kind", offered)):
            self._only(name, list(rows[:2]))
        self.take_files()
        self.order_fields(("enterprise", "kind", "text", "file_", "title"))

    def _only(self, name: str, rows: list[Any]) -> None:
        """Where there is one thing to choose, nobody is asked to."""
        if len(rows) == 1:
            field = self.fields[name]
            field.widget = forms.HiddenInput()
            to_field = getattr(field, "to_field_name", None) or "pk"
            field.initial = getattr(rows[0], to_field)

    def clean(self) -> dict[str, Any]:
        """Something must be said, in writing or by a file; without a heading the first words do."""
        cleaned: dict[str, Any] = super().clean() or {}
        text, files = cleaned.get("text", ""), cleaned.get("file_") or []
        has_files = bool(files) or bool(cleaned.get("kept"))
        if not (text or cleaned.get("title") or has_files) and "text" not in self.errors:
            self.add_error("text", _("Say in a few words what it is about, or speak it."))
        if not cleaned.get("title") and "title" not in self.errors:
            cleaned["title"] = first_words(text) or self._of_files(cleaned.get("kind"), files)
        return cleaned

    def _of_files(self, kind: IssueKind | None, files: list[UploadedFile]) -> str:
        spoken = any((one.content_type or "").startswith("audio/") for one in files)
        said = _("%(kind)s: see the voice note") if spoken else _("%(kind)s: see the pictures")
        return str(said) % {"kind": kind or ""}


# What a move asks of the station's people and not of a contact: whatever a contact writes is read
# by both sides, and it is they who confirm.
NOT_OF_A_CONTACT = frozenset({"internal", "confirmed_by"})


class ReplyForm(SentForm, MoveForm):
    """One move as a contact makes it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in NOT_OF_A_CONTACT & self.fields.keys():
            del self.fields[name]
        if self.move.files:
            for name in [name for name in self.fields if name.startswith("file_")]:
                del self.fields[name]
            self.take_files()
