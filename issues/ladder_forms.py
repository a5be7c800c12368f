"""The form of a ladder: some steps, each with its moment and who is told."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from enterprises.models import Due, Recipient
from enterprises.steps import MOST_STEPS, Step, Way, step
from issues.ladder_rows import Place, recipients
from liaison.core.forms import ChipCheckboxes, show_refusal
from liaison.core.refused import Refused

# code, words, what is counted, before the end (-1), at it (0) or after it (1).
HOWS = (
    ("percent", _("of the time gone (percent)"), Way.PERCENT, 1),
    ("days_before", _("working days before the deadline"), Way.DAYS, -1),
    ("hours_before", _("hours before the deadline"), Way.HOURS, -1),
    ("at", _("at the deadline"), Way.HOURS, 0),
    ("hours_after", _("hours overdue"), Way.HOURS, 1),
    ("days_after", _("working days overdue"), Way.DAYS, 1),
)
BY_CALENDAR = (
    ("days_before", _("days before"), Way.DAYS, -1),
    ("at", _("on the day"), Way.DAYS, 0),
    ("days_after", _("days overdue"), Way.DAYS, 1),
)
OF_OFFICER = (
    ("at", _("at the deadline"), Way.DAYS, 0),
    ("days_after", _("working days overdue"), Way.DAYS, 1),
)


def hows(place: Place) -> tuple[tuple[str, Any, Way, int], ...]:
    if place.clock == Due.OFFICER:
        return OF_OFFICER
    return BY_CALENDAR if place.by_calendar else HOWS


class StepForm(forms.Form):
    """One step; without a moment it is none."""

    how = forms.ChoiceField(label=_("When"), required=False)
    number = forms.IntegerField(
        label=_("How many"), required=False, min_value=1, help_text=_("None at the deadline.")
    )
    recipients = forms.MultipleChoiceField(
        label=_("Who is told"), required=False, widget=ChipCheckboxes
    )

    def __init__(self, *args: Any, place: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ways = {code: (way, sign) for code, _words, way, sign in hows(place)}
        choices = [("", _("no step"))]
        choices += [(code, words) for code, words, _way, _sign in hows(place)]
        self.fields["how"].choices = choices  # type: ignore[attr-defined]
        of_enterprises = recipients(of_enterprises=place.of_enterprises)
        self.fields["recipients"].choices = of_enterprises  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        how = cleaned.get("how")
        if not how:
            return cleaned
        _way, sign = self.ways[how]
        if sign and "number" in cleaned and cleaned["number"] is None:
            self.add_error("number", _("Say how many."))
        return cleaned

    @property
    def wanted(self) -> Step | None:
        how = self.cleaned_data.get("how")
        if not how:
            return None
        way, sign = self.ways[how]
        number = sign * self.cleaned_data["number"] if sign else 0
        return step(way, number, self.cleaned_data["recipients"])


class StepFormSet(forms.BaseFormSet):
    """Steps in any order; a step added below is put where it belongs."""

    def steps(self) -> list[Step]:
        return [one for _form, one in self._in_order()]

    def show_refusal(self, refused: Refused) -> None:
        """Beside the step it is about, or above them all."""
        place = refused.details.get("step")
        if place is None or refused.conflict:
            self.non_form_errors().append(str(refused.message))
        else:
            show_refusal(self._in_order()[place][0], refused)

    def _in_order(self) -> list[tuple[StepForm, Step]]:
        found = [(form, form.wanted) for form in self.forms]
        steps = [(form, one) for form, one in found if one is not None]
        return sorted(steps, key=lambda pair: pair[1].place)


LadderForm: type[StepFormSet] = formset_factory(  # type: ignore[assignment]
    StepForm, formset=StepFormSet, extra=1, max_num=MOST_STEPS, validate_max=True
)


class SeenForm(forms.Form):
    """The ids of the rows that were seen."""

    rows = forms.RegexField(r"^[0-9,]*$", required=False, max_length=200, widget=forms.HiddenInput)

    def ids(self) -> list[int]:
        return [int(one) for one in self.cleaned_data["rows"].split(",") if one]


def initial(steps: Iterable[Step], place: Place) -> list[dict[str, Any]]:
    """What the form shows of a ladder."""
    return [_initial(one, place) for one in steps]


def _initial(one: Step, place: Place) -> dict[str, Any]:
    sign = (one.number > 0) - (one.number < 0)
    how = next(
        code
        for code, _words, way, its_sign in hows(place)
        if its_sign == sign and (way == one.way or not sign)
    )
    return {
        "how": how,
        "number": abs(one.number) or None,
        "recipients": [who for who in Recipient.values if who in one.recipients],
    }
