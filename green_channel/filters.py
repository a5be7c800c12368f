"""What a person may ask of the applications."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from green_channel.models import Item, Mode
from green_channel.querysets import ApplicationQuerySet
from issues.workflow import Stage
from liaison.accounts.filters import UnitLedgerFilter
from liaison.accounts.models import Unit, User

STATES = (
    ("open", _("Open")),
    ("late", _("Overdue lines")),
    ("new", _("To be checked")),
    ("correcting", _("Correction asked for")),
    ("ready", _("Decided, not picked up")),
    ("all", _("All")),
)


class ApplicationFilter(UnitLedgerFilter):
    orders = {
        "due": ("issue__next_due_at", "id"),
        "new": ("id",),
    }
    default_order = "due"
    state = forms.ChoiceField(label=_("Status"), choices=STATES, required=False)
    item = forms.ModelMultipleChoiceField(
        Item.objects.none(), label=_("What"), to_field_name="code", required=False
    )
    mode = forms.MultipleChoiceField(label=_("Who does it"), choices=Mode.choices, required=False)
    handler = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Handler"), required=False
    )
    mine = forms.BooleanField(label=_("Mine"), required=False)

    def narrow(self) -> None:
        super().narrow()
        self.offer("handler", self.people().may_answer_for_enterprises())
        field = self.fields["item"]
        seen = Item.objects.visible_to(self.user)
        field.queryset = seen  # type: ignore[attr-defined]
        field.choices = [(one.code, str(one)) for one in seen]  # type: ignore[attr-defined]

    def apply(self, applications: ApplicationQuerySet) -> ApplicationQuerySet:
        """Those that match everything that was asked; what has ended only where asked for."""
        match self.chosen("state"):
            case "late":
                late = applications.filter(issue__next_due_at__lt=timezone.now())
                # What is decided waits for the enterprise.
                applications = late.exclude(issue__stage=Stage.PROPOSED)
            case "new":
                applications = applications.filter(issue__stage=Stage.RAISED)
            case "correcting":
                applications = applications.filter(
                    issue__stage=Stage.WAITING, correction__isnull=False
                )
            case "ready":
                applications = applications.filter(issue__stage=Stage.PROPOSED)
            case "all":
                pass
            case _:
                applications = applications.open()
        if units := self.chosen("unit"):
            applications = applications.filter(
                issue__unit__in=Unit.objects.all().within(list(units))
            )
        if items := self.chosen("item"):
            applications = applications.filter(item__in=items)
        if modes := self.chosen("mode"):
            applications = applications.filter(mode__in=modes)
        if handlers := self.chosen("handler"):
            applications = applications.filter(issue__handler__in=handlers)
        if self.chosen("mine"):
            applications = applications.of(self.user)
        return applications
