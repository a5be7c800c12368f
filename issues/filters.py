"""What a person may ask of the bill."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from issues.models import IssueKind, Level
from issues.querysets import IssueQuerySet
from issues.workflow import Stage
from liaison.accounts.filters import UnitLedgerFilter, under
from liaison.accounts.models import User
from liaison.core.due import start_of
from liaison.core.forms import DateInput

STATES = (
    ("open", _("Open")),
    ("late", _("Overdue lines")),
    ("due_today", _("Due today")),
    ("awaiting_my_approval", _("Waiting for my approval")),
    ("extension_asked", _("Extension asked for")),
    ("due_uncertain", _("May move")),
    ("all", _("All")),
)


class IssueFilter(UnitLedgerFilter):
    orders = {
        "due": ("next_due_at", "id"),
        "raised": ("raised_at", "id"),
        "number": ("number", "id"),
    }
    default_order = "due"
    state = forms.ChoiceField(label=_("Status"), choices=STATES, required=False)
    stage = forms.MultipleChoiceField(label=_("Status"), choices=Stage.choices, required=False)
    kind = forms.ModelMultipleChoiceField(
        IssueKind.objects.all(), label=_("Kind"), to_field_name="code", required=False
    )
    level = forms.MultipleChoiceField(label=_("Level"), choices=Level.choices, required=False)
    handler = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Handler"), required=False
    )
    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(), label=_("Enterprise"), required=False
    )
    closed_since = forms.DateField(label=_("Closed since"), required=False, widget=DateInput)
    due_on = forms.DateField(label=_("Due on"), required=False, widget=DateInput)
    mine = forms.BooleanField(label=_("Mine"), required=False)
    loss = forms.BooleanField(label=_("With loss recovered"), required=False)
    q = forms.CharField(label=_("Search"), max_length=100, required=False)

    def narrow(self) -> None:
        super().narrow()
        self.offer("handler", self.people().may_answer_for_enterprises())
        kinds = [(kind.code, str(kind)) for kind in IssueKind.objects.all()]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        if "enterprise" in self.asked:
            seen = Enterprise.objects.visible_to(self.user)
            self.fields["enterprise"].queryset = seen  # type: ignore[attr-defined]

    def apply(self, lines: IssueQuerySet) -> IssueQuerySet:
        """The lines that match everything that was asked."""
        lines = self.in_state(lines)
        for name in ("stage", "kind", "level", "handler"):
            if chosen := self.chosen(name):
                lines = lines.filter(**{f"{name}__in": chosen})
        if units := self.chosen("unit"):
            lines = lines.filter(under(units))
        if enterprise := self.chosen("enterprise"):
            lines = lines.filter(enterprise=enterprise)
        if since := self.chosen("closed_since"):
            lines = lines.filter(stage=Stage.CLOSED, closed_at__gte=start_of(since))
        if day := self.chosen("due_on"):
            lines = lines.due_on(day)
        if self.chosen("loss"):
            lines = lines.filter(loss_recovered__gt=0)
        if self.chosen("mine"):
            lines = lines.handled_by(self.user)
        return lines.matching(self.chosen("q") or "", self.user)

    def in_state(self, lines: IssueQuerySet) -> IssueQuerySet:
        now = timezone.now()
        match self.chosen("state"):
            case "late":
                return lines.late(now)
            case "due_today":
                return lines.due_today(now)
            case "awaiting_my_approval":
                return lines.awaiting_approval_by(self.user)
            case "extension_asked":
                return lines.extension_asked()
            case "due_uncertain":
                return lines.uncertain()
            case "all":
                return lines
            case "open":
                return lines.open()
        # Asked for nothing: what is open. Asked for stages or a time: those, ended ones too.
        return lines if self.chosen("stage") or self.chosen("closed_since") else lines.open()


class CallbackFilter(UnitLedgerFilter):
    """Of the lines whose callback is due."""

    orders = {"due": ("callback_due_on", "id")}
    default_order = "due"
    late = forms.BooleanField(label=_("Late"), required=False)

    def apply(self, lines: IssueQuerySet) -> IssueQuerySet:
        if units := self.chosen("unit"):
            lines = lines.filter(under(units))
        return lines.callback_late(timezone.localdate()) if self.chosen("late") else lines
