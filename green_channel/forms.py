"""Forms of applications."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.models import Enterprise
from green_channel.models import Application, Item, Mode, Outcome, Paper, Requirement
from issues.forms import FILES
from liaison.accounts.models import User
from liaison.core.forms import ChipRadios, DateInput, FilesField, FilesInput, Picker
from liaison.core.refused import Refused
from liaison.evidence.actions import keep
from liaison.evidence.models import Evidence

APPEAL = _(
    "Within 60 days of receiving this decision you may apply for administrative reconsideration, "
    "or within 6 months bring an action before the people's court."
)


class PapersForm(forms.Form):
    """A field of files for each line of a checklist. A file is kept as soon as it arrives; ``kept``
    carries the ids through a refused form."""

    kept = forms.CharField(widget=forms.HiddenInput, required=False, max_length=8000)

    def add_papers(self, papers: Iterable[Requirement | Paper], *, required: bool = False) -> None:
        for paper in papers:
            self.fields[f"paper_{paper.pk}"] = FilesField(
                label=paper.name,
                required=False,
                help_text=how_many(paper),
                widget=FilesInput(attrs={"accept": FILES}),
            )

    def keep_files(self, by: User) -> dict[int, list[UUID]]:
        """Store what was uploaded, remember it in the form, and return all there is by paper."""
        found = self._kept_before(by)
        for name in [name for name in self.fields if name.startswith("paper_")]:
            for upload in self.cleaned_data.get(name) or []:
                try:
                    evidence = keep(upload, by=by)
                except Refused as refused:
                    self.add_error(name, str(refused.message))
                    continue
                found.setdefault(int(name.removeprefix("paper_")), []).append(evidence.pk)
        kept = " ".join(f"{pk}:{paper}" for paper, ids in found.items() for pk in ids)
        data = QueryDict(mutable=True)
        data.update(self.data)
        data[self.add_prefix("kept")] = kept
        self.data = data
        return found

    def kept_files(self) -> list[dict[str, Any]]:
        """What has arrived and is kept while the form is mended."""
        pairs = self._pairs(str(self.data.get(self.add_prefix("kept"), "")))
        rows = Evidence.objects.filter(pk__in=[pk for pk, _paper in pairs]).in_bulk()
        return [
            {"evidence": rows[pk], "label": self.fields[f"paper_{paper}"].label}
            for pk, paper in pairs
            if pk in rows
        ]

    def _kept_before(self, by: User) -> dict[int, list[UUID]]:
        pairs = self._pairs(self.cleaned_data.get("kept", ""))
        wanted = [pk for pk, _paper in pairs]
        mine = set(
            Evidence.objects.visible_to(by).filter(pk__in=wanted).values_list("pk", flat=True)
        )
        found: dict[int, list[UUID]] = {}
        for pk, paper in pairs:
            if pk in mine:
                found.setdefault(paper, []).append(pk)
        return found

    def _pairs(self, told: str) -> list[tuple[UUID, int]]:
        found = []
        for pair in told.split():
            text, _sep, paper = pair.partition(":")
            try:
                pk = UUID(text)
            except ValueError:
                continue
            if f"paper_{paper}" in self.fields:
                found.append((pk, int(paper)))
        return found


class ApplyForm(PapersForm):
    """An application. A contact applies for one of their enterprises, staff for any of theirs."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(),
        label=pgettext_lazy("kind", "Enterprise"),
        empty_label=_("Choose an enterprise"),
    )
    mode = forms.ChoiceField(label=_("Who does it"), choices=Mode.choices, widget=ChipRadios)
    agent = forms.ModelChoiceField(
        User.objects.none(), label=_("Officer who helps"), required=False
    )
    text = forms.CharField(
        label=_("What it is about"),
        max_length=4000,
        required=False,
        help_text=_("For whom, by when it is needed, what the officer should know."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = ("client_id", "kept", "enterprise", "mode", "agent", "text")

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        user: User,
        item: Item,
        enterprise: str | None = None,
    ) -> None:
        initial = {"client_id": uuid4(), "mode": Mode.SELF, "enterprise": enterprise}
        super().__init__(data, files, initial=initial)
        seen = Enterprise.objects.visible_to(user).live().order_by("name", "pk")
        if item.unit_id:
            seen = seen.filter(unit=item.unit_id)
        field: Any = self.fields["enterprise"]
        field.queryset = seen
        if user.is_contact:
            del self.fields["agent"]
            only = list(seen[:2])
            if len(only) == 1:
                self.initial["enterprise"] = only[0].pk
                field.widget = forms.HiddenInput()
        else:
            field.widget = Picker()
            field.widget.choices = field.choices
            officers = User.objects.all().may_answer_for_enterprises()
            agents: Any = self.fields["agent"]
            agents.queryset = (
                officers.at(user.unit).order_by("name", "pk") if user.unit else officers.none()
            )
            agents.help_text = _("Empty: whoever answers for the enterprise.")
        self.add_papers(item.requirements.all())


class BringForm(PapersForm):
    """What is still missing; staff also tick what they have seen on paper."""

    words = forms.CharField(label=_("Remark"), max_length=1000, required=False)
    seen = forms.MultipleChoiceField(
        label=_("Seen on paper"), required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("kept", "seen")

    def __init__(self, *args: Any, papers: list[Paper], by_staff: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_papers(papers)
        self.order_fields([*(f"paper_{one.pk}" for one in papers), "seen", "words"])
        if by_staff:
            seen: Any = self.fields["seen"]
            seen.choices = [(one.pk, one.name) for one in papers]
        else:
            del self.fields["seen"]


class VersionForm(forms.Form):
    """A step with nothing to fill in."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class CorrectionForm(VersionForm):
    """Everything that is missing or not in order, once."""

    wrong = forms.MultipleChoiceField(
        label=_("Not in order"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What was never supplied is named by itself."),
    )
    more = forms.CharField(
        label=_("Missing besides"),
        required=False,
        max_length=2000,
        help_text=_("One to a line."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    words = forms.CharField(
        label=_("What is to be put right"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    until = forms.DateField(label=_("Until when"), widget=DateInput)

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["wrong"]
        field.choices = [(one.pk, one.name) for one in application.papers.all() if not one.is_open]
        if not field.choices:
            del self.fields["wrong"]


class DecideForm(VersionForm):
    """Granted or refused, and how it comes to the enterprise."""

    outcome = forms.ChoiceField(label=_("Decision"), choices=Outcome.choices, widget=ChipRadios)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        required=False,
        help_text=_("Needed for a refusal; the enterprise reads it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    appeal = forms.CharField(
        label=_("How to appeal"),
        max_length=1000,
        required=False,
        initial=APPEAL,
        help_text=_("Goes with a refusal."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    document = FilesField(
        label=_("The document"), required=False, widget=FilesInput(attrs={"accept": FILES})
    )
    pickup_place = forms.CharField(label=_("Where to pick it up"), max_length=160, required=False)
    pickup_when = forms.CharField(label=_("When to pick it up"), max_length=120, required=False)
    kept = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)

    def keep_document(self, by: User) -> list[UUID]:
        """The document's files, kept through a refused form."""
        told = [text for text in self.cleaned_data.get("kept", "").split() if _is_uuid(text)]
        mine = Evidence.objects.visible_to(by).filter(pk__in=told)
        found = list(mine.values_list("pk", flat=True))
        for upload in self.cleaned_data.get("document") or []:
            try:
                found.append(keep(upload, by=by).pk)
            except Refused as refused:
                self.add_error("document", str(refused.message))
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["kept"] = " ".join(str(pk) for pk in found)
        self.data = data
        return found

    def kept_files(self) -> list[dict[str, Any]]:
        told = [text for text in str(self.data.get("kept", "")).split() if _is_uuid(text)]
        rows = Evidence.objects.filter(pk__in=told).order_by("made_at")
        return [{"evidence": row, "label": ""} for row in rows]


class ReceivedForm(VersionForm):
    """The enterprise has its result, as the counter saw it."""

    confirmed_by = forms.CharField(label=_("Who took it, or confirmed it and how"), max_length=200)


def how_many(paper: Requirement | Paper) -> str:
    """ "Original, 2 copies"; empty where nothing is said."""
    said = [str(paper.get_form_display())] if paper.form else []
    if paper.copies > 1:
        said.append(_("%(n)d copies") % {"n": paper.copies})
    if not paper.required:
        said.append(str(_("if there is one")))
    return " · ".join(said)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
