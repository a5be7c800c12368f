"""What people fill in about nights: who goes, wishes, swaps, absences."""

from collections.abc import Sequence
from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from enterprises.models import Enterprise
from liaison.core.forms import ChipCheckboxes, ChipRadios, DateInput
from patrols.actions.duty_guards import BARS
from patrols.certificates import Bar, bar
from patrols.models import Duty, DutyNight, Guard, Night
from patrols.roster_dates import ONE
from patrols.roster_month import Month
from patrols.roster_words import day_of

REASON = 200
# So many nights at once are a wish; more is another matter, to be talked about.
WISHED_AT_MOST = 31


class NightForm(forms.Form):
    """Who goes on one night: of each enterprise of the team the guards who may."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: object, *, night: DutyNight, month: Month) -> None:
        sent = month.crews[night.night_on].sends
        initial: dict[str, object] = {"version": night.version, "lock": True}
        initial |= {f"of_{key}": list(keys) for key, keys in sent.items()}
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        self.month = month
        there = month.on(night.night_on) | set(sent)
        for key in (one for one in month.enterprises if one in there):
            guards = [one for one in month.guards.values() if one.enterprise_id == key]
            self.fields[f"of_{key}"] = _guards_field(
                month.enterprises[key].name, guards, night.night_on
            )
        self.fields["lock"] = forms.BooleanField(
            label=_("Leave it so when the roster is made again"), required=False
        )

    def sends(self) -> dict[int, list[int]]:
        """By enterprise; whoever sends nobody is not on duty."""
        return {
            key: self.cleaned_data[f"of_{key}"]
            for key in self.month.enterprises
            if self.cleaned_data.get(f"of_{key}")
        }


def _guards_field(
    label: str, guards: Sequence[Guard], evening: date
) -> forms.TypedMultipleChoiceField:
    """Those who may go; of those who may not it says why, of who has left nothing."""
    against = [(one, bar(one, evening)) for one in guards]
    barred = [
        _("%(who)s (%(why)s)") % {"who": one.name, "why": BARS[why]}
        for one, why in against
        if why and why != Bar.LEFT
    ]
    may = [(one.pk, one.name) for one, why in against if why is None]
    said = _("May not patrol: %(said)s.") % {"said": "、".join(barred)} if barred else ""
    return forms.TypedMultipleChoiceField(
        label=label,
        choices=may,
        coerce=int,
        required=False,
        widget=ChipCheckboxes,
        help_text=said if may or barred else _("No guards are entered."),
        error_messages={"invalid_choice": said or _("One of the guards is not there any more.")},
    )


class WishForm(forms.Form):
    """The same wish for one night or for several running."""

    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(), label=pgettext_lazy("kind", "Enterprise")
    )
    first = forms.DateField(label=gettext_lazy("Night of"), widget=DateInput)
    last = forms.DateField(
        label=gettext_lazy("to the night of"),
        widget=DateInput,
        required=False,
        help_text=gettext_lazy("Only where it is several nights."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("We"), choices=Night.choices, widget=ChipRadios, initial=Night.BLOCKED
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=REASON, required=False)

    def __init__(self, data: object, *, enterprises: Sequence[Enterprise]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        field = self.fields["enterprise"]
        field.queryset = Enterprise.objects.filter(  # type: ignore[attr-defined]
            pk__in=[one.pk for one in enterprises]
        )
        field.choices = [(one.pk, one.name) for one in enterprises]  # type: ignore[attr-defined]
        if len(enterprises) == 1:
            field.initial = enterprises[0].pk
            field.widget = forms.HiddenInput()

    def clean(self) -> dict[str, object]:
        given: dict[str, object] = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if isinstance(first, date) and isinstance(last, date):
            if last < first:
                self.add_error("last", _("Give a day not before the first."))
            elif (last - first).days >= WISHED_AT_MOST:
                self.add_error("last", _("At most %(n)d nights.") % {"n": WISHED_AT_MOST})
        return given

    def nights(self) -> list[date]:
        first = self.cleaned_data["first"]
        last = self.cleaned_data.get("last") or first
        return [first + n * ONE for n in range((last - first).days + 1)]


class SwapForm(forms.Form):
    """Whom to ask, and for which of its nights or for nothing, in one choice."""

    instead = forms.ChoiceField(label=gettext_lazy("Who goes instead"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=REASON, required=False)

    def __init__(
        self, data: object, *, duty: Duty, others: Sequence[tuple[Enterprise, Sequence[date]]]
    ) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.others = {one.pk: one for one, _nights in others}
        self.fields["instead"].choices = [  # type: ignore[attr-defined]
            (
                one.name,
                [
                    *(
                        (
                            f"{one.pk}:{night}",
                            _("%(who)s; we take %(night)s in return")
                            % {"who": one.name, "night": day_of(night)},
                        )
                        for night in nights
                    ),
                    (f"{one.pk}:", _("%(who)s; for nothing in return") % {"who": one.name}),
                ],
            )
            for one, nights in others
        ]

    def chosen(self) -> tuple[Enterprise, date | None]:
        key, _colon, night = self.cleaned_data["instead"].partition(":")
        return self.others[int(key)], date.fromisoformat(night) if night else None


class AbsenceForm(forms.Form):
    """Nobody at all, or one of those who stand on the roster."""

    who = forms.ChoiceField(label=gettext_lazy("Who cannot come"), widget=ChipRadios)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=REASON, required=False)

    def __init__(self, data: object, *, duty: Duty) -> None:
        super().__init__(data, auto_id="id_absent_%s")  # type: ignore[arg-type]
        self.guards = {one.guard_id: one.guard for one in duty.guards.all()}
        several = [(str(pk), one.name) for pk, one in self.guards.items()]
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            ("all", _("Nobody can come")),
            *(several if len(several) > 1 else ()),
        ]
