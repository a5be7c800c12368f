"""Forms of documents and orders, for the station and for its enterprises."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from documents.actions.publishing import Draft
from documents.audience import Audience, reachable_by
from documents.models import Addressed, Document, Order
from enterprises.models import Enterprise, Grade, Stage, Tier
from issues.forms import EvidenceForm
from issues.models import Issue
from liaison.accounts.models import User
from liaison.core.forms import ChipCheckboxes, ChipRadios, DateInput
from liaison.core.ledgers import LedgerFilter
from liaison.law.models import LegalBasis

HOW = (
    ("all", pgettext_lazy("audience", "All")),
    ("by", pgettext_lazy("audience", "By what they are")),
    ("picked", pgettext_lazy("audience", "Picked ones")),
)


class PaperForm(EvidenceForm):
    """Takes Word and Excel besides what evidence is."""

    papers = True

    def file_ids(self, by: User) -> list[UUID]:
        """Keep what arrived, also for the next showing of the form; the ids of all there is."""
        return [one.evidence for one in self.keep_files(by)]


class DocumentForm(PaperForm):
    """A document and for whom it is. ``agreed`` is the number that the preview showed."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Document.Kind.choices, widget=ChipRadios)
    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(
        label=_("Text"), max_length=8000, required=False, widget=forms.Textarea(attrs={"rows": 8})
    )
    acknowledge_by = forms.DateField(
        label=_("Acknowledge by"),
        required=False,
        widget=DateInput,
        help_text=_("Asks each enterprise to say that it knows, and reminds those who do not."),
    )
    how = forms.ChoiceField(label=_("For whom"), choices=HOW, initial="all", widget=ChipRadios)
    tiers = forms.MultipleChoiceField(
        label=_("Tier"), choices=Tier.choices, required=False, widget=ChipCheckboxes
    )
    grades = forms.MultipleChoiceField(
        label=_("Risk grade"), choices=Grade.choices, required=False, widget=ChipCheckboxes
    )
    stages = forms.MultipleChoiceField(
        label=_("Stage"),
        choices=[one for one in Stage.choices if one[0] != Stage.CLOSED],
        required=False,
        widget=ChipCheckboxes,
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kind of enterprise"),
        choices=Enterprise.Kind.choices,
        required=False,
        widget=ChipCheckboxes,
    )
    industry = forms.CharField(label=_("Industry"), max_length=60, required=False)
    picked = forms.ModelMultipleChoiceField(
        Enterprise.objects.none(),
        label=_("Picked ones"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )
    agreed = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["picked"].queryset = reachable_by(user).order_by("name", "pk")  # type: ignore[attr-defined]
        self.add_files(())
        self.order_fields(
            ["kept", "kind", "title", "text", "file_", "acknowledge_by", "how", "tiers"]
        )

    def audience(self) -> Audience:
        given = self.cleaned_data
        return Audience(
            how=given["how"],
            industry=given["industry"].strip(),
            picked=tuple(one.pk for one in given["picked"]),
            **{name: tuple(given[name]) for name in ("kinds", "tiers", "grades", "stages")},
        )

    def draft(self, *, agreed: int | None) -> Draft:
        given = self.cleaned_data
        return Draft(
            kind=given["kind"],
            title=given["title"],
            text=given["text"],
            audience=self.audience(),
            acknowledge_by=given["acknowledge_by"],
            agreed=agreed,
        )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class ReplyForm(PaperForm):
    """Words and papers back to the station, in the name of one of the contact's enterprises."""

    addressed = forms.ModelChoiceField(
        Addressed.objects.none(), label=_("For"), empty_label=None, widget=forms.HiddenInput
    )
    text = forms.CharField(
        label=_("What you want to say"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, addressed: Sequence[Addressed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["addressed"]
        field.queryset = Addressed.objects.filter(pk__in=[one.pk for one in addressed])
        if len(addressed) == 1:
            field.initial = addressed[0].pk
        else:
            field.widget = forms.Select()
            field.choices = [(one.pk, one.enterprise.name) for one in addressed]
        self.add_files(())


class OrderForm(forms.Form):
    """An order on a hazard of the bill; each line of ``items`` is one thing to be put right."""

    facts = forms.CharField(
        label=_("What was found"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    items = forms.CharField(
        label=_("What is to be put right"),
        max_length=9000,
        help_text=_("One item a line."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    due_on = forms.DateField(label=_("Put right by"), widget=DateInput)
    first_officer = forms.ModelChoiceField(User.objects.none(), label=_("民警"))
    second_officer = forms.ModelChoiceField(User.objects.none(), label=_("Second 民警"))
    basis = forms.ModelChoiceField(
        LegalBasis.objects.none(), label=_("Legal basis"), empty_label=None
    )
    mark = forms.CharField(
        label=_("Word before the number"),
        max_length=30,
        help_text=_("The number follows by itself: 〔2026〕1号."),
    )

    def __init__(self, *args: Any, issue: Issue, user: User, **kwargs: Any) -> None:
        last = Order.objects.filter(unit=issue.unit).order_by("-pk").first()
        today = timezone.localdate()
        kwargs["initial"] = {
            "facts": issue.text or issue.title,
            "first_officer": user.pk,
            "mark": last.number.partition("〔")[0] if last else guessed_mark(issue.unit.name),
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)
        sworn = User.objects.all().sworn().at(issue.unit).order_by("name", "pk")
        for name in ("first_officer", "second_officer"):
            self.fields[name].queryset = sworn  # type: ignore[attr-defined]
        in_force = LegalBasis.objects.for_orders().in_force(today)
        self.fields["basis"].queryset = in_force.order_by("-effective_on", "pk")  # type: ignore[attr-defined]

    def item_lines(self) -> list[str]:
        return [one.strip() for one in self.cleaned_data["items"].splitlines() if one.strip()]


class AnswerForm(EvidenceForm):
    """What was done about one item, with photos of how it is now."""

    text = forms.CharField(
        label=_("What was done"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_files(())
        self.fields["file_"].label = _("Photos of how it is now")


class OrderFilter(LedgerFilter):
    """What is open comes first asked for; everything otherwise."""

    orders = {"issued": ("-issued_at", "-id")}
    default_order = "issued"
    state = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=(
            ("all", pgettext_lazy("orders", "All")),
            ("open", pgettext_lazy("orders", "Open")),
            ("late", pgettext_lazy("orders", "Overdue")),
        ),
    )
    mine = forms.BooleanField(label=_("Mine"), required=False)


def guessed_mark(unit: str) -> str:
    """龙所责改字 of 某某市龙山派出所: the first letter after the town's, to be mended by whoever
    issues the station's first order; later ones go on from that."""
    place = unit.partition("市")[2] or unit
    return f"{place[:1]}所责改字"
