"""What the ledgers of everything that belongs to a station have in common."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from liaison.accounts.models import Kind, Unit, User, UserQuerySet
from liaison.core.api.filters import CodeFilter
from liaison.core.ledgers import LedgerFilter


class UnitLedgerFilter(LedgerFilter):
    """A ledger that a bureau narrows down by unit; a bureau chosen means everything below it.

    However many units there are, it offers those below the one that is chosen, and people only once
    that is a station.
    """

    unit = forms.ModelMultipleChoiceField(
        Unit.objects.none(), label=_("Unit"), to_field_name="code", required=False
    )

    def __init__(self, data: QueryDict, *, user: User) -> None:
        self.user = user
        super().__init__(data)

    def narrow(self) -> None:
        field = self.fields["unit"]
        if "unit" in self.asked:
            seen = Unit.objects.visible_to(self.user).counted()
            field.queryset = seen  # type: ignore[attr-defined]
        # Choices of its own: any code below is understood, but not offered.
        field.choices = [(one.code, one.name) for one in self._units()]  # type: ignore[attr-defined]

    def people(self) -> UserQuerySet:
        """Whom a filter offers to choose from: colleagues, a bureau's once a station is chosen."""
        people = User.objects.visible_to(self.user).order_by("name", "pk")
        if self.user.kind != Kind.BUREAU:
            return people
        codes = self.asked.getlist("unit")
        if len(codes) != 1:
            return people.none()
        return people.filter(unit__code=codes[0], unit__kind=Unit.Kind.STATION)

    def offer(self, name: str, people: UserQuerySet) -> None:
        """Have the filter of this name take any of these people, and offer them."""
        field: Any = self.fields[name]
        field.queryset = people
        field.choices = people.as_choices()

    @property
    def one_unit(self) -> Unit | None:
        """The unit whose rows are asked for: the one chosen, a bureau's own when none is; None when
        several are."""
        chosen = list(self.chosen("unit") or ())
        return self.user.unit if not chosen else chosen[0] if len(chosen) == 1 else None

    @property
    def offers_people(self) -> bool:
        if self.user.kind != Kind.BUREAU:
            return True
        return self.one_unit is not None and self.one_unit.kind == Unit.Kind.STATION

    def _units(self) -> list[Unit]:
        """Those below the one bureau that is chosen, else beside what is; and what is chosen."""
        if self.user.kind != Kind.BUREAU or self.user.unit is None:
            return []
        seen = Unit.objects.visible_to(self.user).counted()
        chosen = list(seen.filter(code__in=self.asked.getlist("unit")))
        around: int | None = self.user.unit_id
        if chosen:
            first = chosen[0]
            deeper = len(chosen) == 1 and first.kind == Unit.Kind.BUREAU
            around = first.pk if deeper else first.parent_id
        return list(seen.filter(Q(parent=around) | Q(pk__in=[one.pk for one in chosen])))


def under(units: Iterable[Unit], path: str = "unit") -> Q:
    """Rows of these units and of everything below them; ``path`` leads from a row to its unit."""
    units = list(units)
    if all(one.kind == Unit.Kind.STATION for one in units):
        return Q(**{f"{path}__in": units})
    return Q(**{f"{path}__in": Unit.objects.all().within(units)})


class UnitFilter(CodeFilter):
    """Of the unit with this code and of everything below it."""

    def filter(self, rows: QuerySet, value: str) -> QuerySet:
        if not value:
            return rows
        seen = Unit.objects.visible_to(self.parent.request.user)
        return rows.filter(under(seen.filter(code=value), str(self.field_name)))
