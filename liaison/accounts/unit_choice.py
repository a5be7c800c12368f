"""Choosing a unit in a form: from a list of a few, by typing its name or code among many."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.forms.renderers import BaseRenderer
from django.urls import reverse_lazy
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaison.accounts.models import Unit, UnitQuerySet, User

# Nobody looks through more, and Django takes 0.2 ms to draw each.
FEW = 50
# Name, a space and code.
LONGEST = 80
# Of those that may be meant so many are said.
SAID = 5


def unit_field(user: User, **more: Any) -> forms.Field:
    """A field that takes any unit from this person's own down. Its initial value is a Unit; of a
    list what is sent is the code."""
    units = Unit.objects.visible_to(user)
    if len(units.values_list("pk")[: FEW + 1]) > FEW:
        nearest = units.filter(Q(pk=user.unit_id) | Q(parent=user.unit_id))[:FEW]
        return UnitByName(units, nearest, **more)
    return forms.ModelChoiceField(units, to_field_name="code", empty_label=None, **more)


def called(unit: Unit) -> str:
    """What is typed for a unit: two of a province may share a name, none a code."""
    return f"{unit.name} {unit.code}"


def like(units: UnitQuerySet, words: str) -> UnitQuerySet:
    """Those with this in their name or code, as many as are offered."""
    return units.filter(Q(name__icontains=words) | Q(code__icontains=words))[:FEW]


def as_options(units: Iterable[Unit]) -> SafeString:
    return format_html_join("", '<option value="{}">', ((called(one),) for one in units))


class UnitBox(forms.TextInput):
    """A box with a list of what may be meant, which the server searches while one types."""

    def __init__(self, offered: Iterable[Unit]) -> None:
        super().__init__(
            {
                "autocomplete": "off",
                "hx-get": reverse_lazy("unit_options"),
                "hx-trigger": "input changed delay:200ms",
                "hx-target": "next datalist",
            }
        )
        self.offered = offered

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        list_id = f"{name}_offered"
        box = super().render(name, value, {**(attrs or {}), "list": list_id}, renderer)
        options = as_options(self.offered)
        return format_html('{}<datalist id="{}">{}</datalist>', box, list_id, options)


class UnitByName(forms.CharField):
    """One of these units, by its name, its code or both; what is not quite one of them is refused
    with those that may be meant. ``nearest`` are offered before anything is typed."""

    def __init__(self, units: UnitQuerySet, nearest: UnitQuerySet, **more: Any) -> None:
        more.setdefault("help_text", gettext_lazy("Part of the name finds it, or type the code."))
        super().__init__(max_length=LONGEST, widget=UnitBox(nearest), **more)
        self.units = units

    def prepare_value(self, value: Any) -> Any:
        return called(value) if isinstance(value, Unit) else value

    def clean(self, value: Any) -> Unit | None:
        typed = super().clean(value)
        if not typed:
            return None
        named = Q(code=typed) | Q(code=typed.split()[-1]) | Q(name=typed)
        exactly = [one for one in self.units.filter(named) if typed in _ways_to_name(one)]
        if len(exactly) == 1:
            return exactly[0]
        meant = exactly or list(like(self.units, typed))
        if not meant:
            raise forms.ValidationError(_("There is no such unit below yours."), code="unknown")
        self.widget.offered = meant
        said = _("Which unit is meant? Type the code: %(units)s")
        some = "; ".join(called(one) for one in meant[:SAID])
        raise forms.ValidationError(said % {"units": some}, code="unclear")


def _ways_to_name(unit: Unit) -> tuple[str, ...]:
    return (unit.code, unit.name, called(unit))
