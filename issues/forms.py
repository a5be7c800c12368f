"""Forms of the bill. The form of a move is made from the workflow's table."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.models import Enterprise
from issues.actions.engine import Proven, missing_proofs
from issues.actions.limiting import MOST_HOURS
from issues.deadlines import MOST_DAYS
from issues.models import Issue, IssueKind, Level, SlaPolicy
from issues.workflow import Field, Move, Proof, Stage
from liaison.accounts.models import User
from liaison.core.forms import ChipRadios, DateInput, FilesField, FilesInput, Picker
from liaison.core.joining import joined
from liaison.core.refused import Refused
from liaison.evidence.actions import keep, not_of_a_visit
from liaison.evidence.models import Evidence

# What a browser offers to choose; what a file is, is found out from its content.
OF_A_VISIT = "image/jpeg,image/png,image/webp,audio/mp4,audio/x-m4a,audio/webm,.m4a"
FILES = f"{OF_A_VISIT},application/pdf"
PAPERS = f"{FILES},.docx,.xlsx"


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


class EvidenceForm(forms.Form):
    """Files, each field for one thing they prove.

    A file is kept as soon as it arrives; ``kept`` carries the ids through a refused form, so that
    a photo is never lost because a sentence was missing.
    """

    # Whether only what a visit may keep is taken; whether Word and Excel are, too.
    for_a_visit = False
    papers = False
    kept = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)

    def add_files(self, wanted: Iterable[Proof]) -> None:
        """A field for each proof wanted, and one for the rest; where nothing is wanted by name,
        the action decides what a file shows."""
        named = list(wanted)
        for proof in (*named, Proof.OTHER if named else ""):
            self.fields[f"file_{proof}"] = FilesField(
                label=Proof(proof).label if proof in named else _("Photos and files"),
                required=False,
                widget=FilesInput(attrs={"accept": self.accepts()}),
            )

    def accepts(self) -> str:
        if self.for_a_visit:
            return OF_A_VISIT
        return PAPERS if self.papers else FILES

    def keep_files(self, by: User) -> list[Proven]:
        """Store what was uploaded, remember it in the form, and return all there is."""
        proven = list(self._kept_before(by))
        for name in [name for name in self.fields if name.startswith("file_")]:
            for upload in self.cleaned_data.get(name) or []:
                try:
                    evidence = keep(upload, by=by, papers=self.papers)
                    if self.for_a_visit and not evidence.shows_a_visit:
                        raise not_of_a_visit(evidence.name)
                except Refused as refused:
                    self.add_error(name, str(refused.message))
                    continue
                proven.append(Proven(evidence.pk, name.removeprefix("file_")))
        self.retype("kept", " ".join(f"{one.evidence}:{one.proof}" for one in proven))
        return proven

    def kept_files(self) -> list[dict[str, Any]]:
        """What has arrived and is kept while the form is mended: the file and what it proves."""
        told = str(self.data.get(self.add_prefix("kept"), ""))
        pairs = [pair.partition(":") for pair in told.split()]
        labels = {UUID(pk): proof for pk, _sep, proof in pairs if _is_uuid(pk)}
        rows = Evidence.objects.filter(pk__in=labels)
        return [
            {"evidence": row, "label": Proof(proof).label if proof else ""}
            for row in rows.order_by("made_at")
            if (proof := labels[row.pk]) in ("", *Proof.values)
        ]

    def retype(self, name: str, value: object) -> None:
        """Change what a field shows when the form is shown again."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data[self.add_prefix(name)] = str(value)
        self.data = data

    def _kept_before(self, by: User) -> Iterable[Proven]:
        pairs = [pair.partition(":") for pair in self.cleaned_data.get("kept", "").split()]
        mine = Evidence.objects.visible_to(by)
        for text, _sep, proof in pairs:
            if not _is_uuid(text) or proof not in ("", *Proof.values):
                continue
            if mine.filter(pk=text).exists():
                yield Proven(UUID(text), proof)


class MoveForm(EvidenceForm):
    """What one move asks for; ``wanted`` are the proofs that are missing for it."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, move: Move, issue: Issue, *args: Any, **kw: Any):
        kw.setdefault("auto_id", f"id_{move.name}_%s")
        kw.setdefault("initial", {"version": issue.version})
        super().__init__(*args, **kw)
        self.move = move
        self.wanted = [Proof(one) for one in missing_proofs(issue, ())] if move.proofs else []
        for field in move.fields:
            self.fields[field.name] = _form_field(field, issue)
        if move.files:
            self.add_files(self.wanted)

    def wanted_words(self) -> str:
        return joined(one.label for one in self.wanted)

    def typed(self) -> str:
        """The words that were typed in, for a form that can no longer be sent."""
        names = [field.name for field in self.move.fields if field.kind == "text"]
        return "\n".join(text for name in names if (text := self.data.get(name, "").strip()))

    def values(self) -> dict[str, Any]:
        """Cleaned values by the names of the workflow's table."""
        names = [field.name for field in self.move.fields]
        values: dict[str, Any] = {name: self.cleaned_data.get(name) for name in names}
        if handler := values.get("handler"):
            values["handler"] = handler.pk
        return values


def _form_field(field: Field, issue: Issue) -> forms.Field:
    common: dict[str, Any] = {"label": field.label, "required": field.required}
    match field.kind:
        case "date":
            return forms.DateField(widget=DateInput, **common)
        case "money":
            return forms.DecimalField(min_value=0, max_digits=14, decimal_places=2, **common)
        case "flag":
            return forms.BooleanField(**common)
        case "number":
            most = issue.most_extension_days
            said = (
                _("%(n)d at most; granted before the time has run out, or not at all.")
                if issue.round_the_clock
                else _(
                    "%(n)d working days at most; granted before the time runs out, or not at all."
                )
            )
            return forms.IntegerField(
                min_value=1, max_value=most or None, help_text=said % {"n": most}, **common
            )
        case "officer":
            officers = User.objects.all().may_answer_for_enterprises().at(issue.unit)
            return forms.ModelChoiceField(
                officers.exclude(pk=issue.handler_id or 0).order_by("name", "pk"), **common
            )
    return forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 3}), **common)


# The same words by the same person within this time are the same line.
AGAIN = timedelta(minutes=10)


class RaiseForm(EvidenceForm):
    """A new line of the bill."""

    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(),
        label=pgettext_lazy("kind", "Enterprise"),
        empty_label=_("Choose an enterprise"),
        widget=Picker,
    )
    kind = forms.ModelChoiceField(
        IssueKind.objects.all(),
        label=_("Kind"),
        to_field_name="code",
        widget=ChipRadios,
        empty_label=None,
    )
    title = forms.CharField(label=_("In a few words"), max_length=120)
    text = forms.CharField(
        label=_("What it is about"), max_length=4000, required=False, widget=forms.Textarea
    )
    level = forms.ChoiceField(
        label=_("Level"), choices=Level.choices, initial=Level.ORDINARY, widget=ChipRadios
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        seen = Enterprise.objects.visible_to(user).live().order_by("name", "pk")
        self.fields["enterprise"].queryset = seen  # type: ignore[attr-defined]
        self.add_files(())

    def clean(self) -> dict[str, Any]:
        """Going back in the browser and saving again is no second line."""
        cleaned: dict[str, Any] = super().clean() or {}
        same = Issue.objects.filter(
            raised_by=self.user,
            enterprise=cleaned.get("enterprise"),
            title=cleaned.get("title", "").strip(),
            stage=Stage.RAISED,
            raised_at__gt=timezone.now() - AGAIN,
        ).first()
        if same is not None:
            said = _("You have just entered this as %(number)s.") % {"number": same.number}
            self.add_error("title", said)
        return cleaned


class LimitForm(forms.Form):
    """What a time limit grants. ``row`` is the one in force that was seen, empty for none."""

    row = forms.IntegerField(widget=forms.HiddenInput, required=False)
    respond_hours = forms.IntegerField(
        label=_("Accept within (hours)"),
        min_value=1,
        max_value=MOST_HOURS,
        help_text=_("By the clock, nights and holidays included."),
    )
    resolve_days = forms.IntegerField(
        label=_("Resolve within (days)"),
        min_value=1,
        max_value=MOST_DAYS,
        help_text=_("Working days from acceptance; round the clock for case leads."),
    )
    may_pause = forms.BooleanField(
        label=_("May wait for others"),
        required=False,
        help_text=_("The clock stands still meanwhile."),
    )
    extension_days = forms.IntegerField(
        label=_("One extension at most (days)"),
        min_value=0,
        max_value=MOST_DAYS,
        help_text=_("0: none can be asked for."),
    )

    def terms(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in SlaPolicy.TERMS}
