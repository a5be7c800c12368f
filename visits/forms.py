"""Writing down visits and inspections."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.forms import formset_factory
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.models import Contact, Enterprise
from issues.forms import EvidenceForm
from issues.models import IssueKind, Level
from liaison.accounts.filters import UnitLedgerFilter, under
from liaison.accounts.models import User
from liaison.core.due import start_of
from liaison.core.forms import ChipCheckboxes, ChipRadios, DateInput, DateTimeInput, Picker
from visits.actions import MOST_FILES, Found, Promised
from visits.models import Channel, Front, OfficerRole, Visit

# htmx: choosing an enterprise fetches what is known of it beside the form.
SHOWS_THE_ENTERPRISE = {
    "hx-get": reverse_lazy("visit_new"),
    "hx-trigger": "change",
    "hx-target": "#about-enterprise",
    "hx-select": "#about-enterprise",
    "hx-swap": "outerHTML",
    "hx-select-oob": "#who-was-met",
}


# Of EvidenceForm.
FILE_FIELDS = ("kept", "file_")


class EntryForm(forms.Form):
    """What a visit and an inspection have in common."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(),
        label=pgettext_lazy("kind", "Enterprise"),
        empty_label=_("Choose an enterprise"),
        widget=Picker,
    )
    happened_at = forms.DateTimeField(label=_("When"), widget=DateTimeInput)

    def __init__(self, *args: Any, user: User, enterprise: Enterprise | None, **kwargs: Any):
        kwargs["initial"] = {
            "client_id": uuid4(),
            "happened_at": timezone.localtime(),
            "enterprise": enterprise,
            "channel": Channel.ON_SITE,
            **(kwargs.get("initial") or {}),
        }
        super().__init__(*args, **kwargs)
        self.user = user
        seen = Enterprise.objects.visible_to(user).live().order_by("name", "pk")
        self.fields["enterprise"].queryset = seen  # type: ignore[attr-defined]
        if not self.is_bound:
            # Another enterprise has other contacts; what was typed meanwhile stays.
            self.fields["enterprise"].widget.attrs |= SHOWS_THE_ENTERPRISE


class VisitForm(EvidenceForm, EntryForm):
    for_a_visit = True
    channel = forms.ChoiceField(label=_("How"), choices=Channel.choices, widget=ChipRadios)
    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=_("Who was met"), required=False, widget=ChipRadios
    )
    met = forms.CharField(label=_("or somebody else"), max_length=100, required=False)
    roles = forms.MultipleChoiceField(
        label=_("What was done (six roles)"),
        choices=OfficerRole.choices,
        required=False,
        widget=ChipCheckboxes,
    )
    fronts = forms.MultipleChoiceField(
        label=_("Five fronts"), choices=Front.choices, required=False, widget=ChipCheckboxes
    )
    summary = forms.CharField(
        label=_("What was seen and said"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, user: User, enterprise: Enterprise | None, **kwargs: Any):
        super().__init__(*args, user=user, enterprise=enterprise, **kwargs)
        contact: Any = self.fields["contact"]
        if enterprise is None:
            del self.fields["contact"]
        else:
            contact.queryset = enterprise.contacts.present().order_by("-is_primary", "name")
            contact.empty_label = None
        self.add_files(())
        self.fields["file_"].label = _("Photos and voice notes of the visit")
        self.fields["file_"].help_text = _(
            "Of the place and the visit. What shows something that was found goes with it, below."
        )

    def clean(self) -> dict[str, Any]:
        """What was written down once is not a second visit: the page, unlike a phone, has no id
        that would say so."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and self._is_there(cleaned):
            said = _("You have written down a visit to this enterprise at this time already.")
            self.add_error("happened_at", said)
        chosen = [*cleaned.get("kept", "").split(), *(cleaned.get("file_") or [])]
        if len(chosen) > MOST_FILES:
            self.add_error("file_", _("At most %(n)d photos and voice notes.") % {"n": MOST_FILES})
        return cleaned

    def keep_own(self, by: User) -> list[UUID]:
        """The visit's own files, kept: also where the form is refused, see ``found``."""
        if not self.is_bound:
            return []
        self.full_clean()
        return [file.evidence for file in self.keep_files(by)]

    def told(self) -> dict[str, Any]:
        """What was filled in, without the files."""
        return {name: value for name, value in self.cleaned_data.items() if name not in FILE_FIELDS}

    def _is_there(self, cleaned: dict[str, Any]) -> bool:
        """Going back in the browser and saving again is no second visit, under whatever id."""
        minute = cleaned["happened_at"].replace(second=0, microsecond=0)
        same = Visit.objects.filter(
            officer=self.user, enterprise=cleaned["enterprise"], happened_at__gte=minute
        ).exclude(client_id=cleaned["client_id"])
        return same.filter(happened_at__lt=minute + timedelta(minutes=1)).exists()


class InspectionForm(EntryForm):
    officers = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("Police officers (at least two)"),
        widget=ChipCheckboxes,
        required=False,
    )
    platform_reference = forms.CharField(
        label=_("Platform reference"), max_length=60, required=False
    )
    summary = forms.CharField(
        label=_("What was inspected and found"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    early_because = forms.CharField(
        label=_("Why so soon again"),
        help_text=_("Only when the enterprise was entered within the last 7 days."),
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, user: User, enterprise: Enterprise | None, **kwargs: Any):
        super().__init__(*args, user=user, enterprise=enterprise, **kwargs)
        police = User.objects.visible_to(user).sworn().order_by("name", "pk")
        self.fields["officers"].queryset = police  # type: ignore[attr-defined]


class FindingForm(EvidenceForm):
    """What was found, and files that show it as it was."""

    title = forms.CharField(label=_("In a few words"), max_length=120)
    kind = forms.ModelChoiceField(
        IssueKind.objects.all(), label=_("Kind"), to_field_name="code", empty_label=None
    )
    level = forms.ChoiceField(label=_("Level"), choices=Level.choices, initial=Level.ORDINARY)
    text = forms.CharField(
        label=_("What it is about"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_files(())


class PromiseForm(forms.Form):
    text = forms.CharField(label=_("Promised"), max_length=200)
    due_on = forms.DateField(label=_("By when"), required=False, widget=DateInput)


# Rows that were added and left untouched are no findings.
Findings = formset_factory(FindingForm, extra=0, max_num=20, validate_max=True)
Promises = formset_factory(PromiseForm, extra=0, max_num=20, validate_max=True)


def found(rows: Any, *, by: User) -> list[Found]:
    """The findings that were filled in, their files kept.

    Call it before looking at ``is_valid`` of anything else: a photo that has arrived is not to be
    chosen again because some other field was wrong. A file that cannot be taken in is told beside
    its field, see ``complaints``.
    """
    return [
        Found(
            kind=row.cleaned_data["kind"],
            title=row.cleaned_data["title"],
            text=row.cleaned_data["text"],
            level=row.cleaned_data["level"],
            files=tuple(row.keep_files(by)),
        )
        for row in rows
        if row.is_valid() and row.cleaned_data.get("title")
    ]


def complaints(rows: Any) -> bool:
    """Whether any row has something wrong, files included."""
    return not rows.is_valid() or any(row.errors for row in rows)


def promised(rows: Any) -> list[Promised]:
    """The promises that were filled in."""
    return [
        Promised(row.cleaned_data["text"], row.cleaned_data.get("due_on"))
        for row in rows
        if row.cleaned_data.get("text")
    ]


# What the enterprise says of a visit.
SAID = (
    ("unanswered", _("Disputed, not answered")),
    ("disputed", _("Disputed")),
    ("confirmed", pgettext_lazy("visit", "Confirmed")),
)


class VisitFilter(UnitLedgerFilter):
    orders = {"when": ("happened_at", "id")}
    default_order = "-when"
    officer = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Officer"), required=False
    )
    channel = forms.MultipleChoiceField(label=_("How"), choices=Channel.choices, required=False)
    said = forms.MultipleChoiceField(label=_("The enterprise says"), choices=SAID, required=False)
    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(), label=_("Enterprise"), required=False
    )
    since = forms.DateField(label=_("Since"), required=False, widget=DateInput)
    until = forms.DateField(label=_("Until"), required=False, widget=DateInput)

    def narrow(self) -> None:
        super().narrow()
        self.offer("officer", self.people())
        if "enterprise" in self.asked:
            seen = Enterprise.objects.visible_to(self.user)
            self.fields["enterprise"].queryset = seen  # type: ignore[attr-defined]

    def apply(self, visits: Any) -> Any:
        if officers := self.chosen("officer"):
            visits = visits.filter(officer__in=officers)
        if units := self.chosen("unit"):
            visits = visits.filter(under(units))
        if channels := self.chosen("channel"):
            visits = visits.filter(channel__in=channels)
        if said := self.chosen("said"):
            visits = visits.said(said)
        if enterprise := self.chosen("enterprise"):
            visits = visits.filter(enterprise=enterprise)
        if since := self.chosen("since"):
            visits = visits.filter(happened_at__gte=start_of(since))
        if until := self.chosen("until"):
            visits = visits.filter(happened_at__lt=start_of(until + timedelta(days=1)))
        return visits
