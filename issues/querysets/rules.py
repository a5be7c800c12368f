"""Questions about the rules of the bill: time limits and ladders."""

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from liaison.accounts.models import Unit, User

if TYPE_CHECKING:
    # Named in the base classes as strings, which ruff does not read as use.
    from issues.models.escalation import EscalationRule  # noqa: F401
    from issues.models.kind import IssueKind, SlaPolicy  # noqa: F401


class SlaPolicyQuerySet(QuerySet["SlaPolicy"]):
    def visible_to(self, user: User) -> "SlaPolicyQuerySet":
        """Staff read the general rows, those of their unit and of what is below it."""
        if not user.is_active or user.is_contact or user.unit is None:
            return self.none()
        return self.filter(Q(unit__isnull=True) | Q(unit__path__startswith=user.unit.path))

    def in_force(self) -> "SlaPolicyQuerySet":
        return self.filter(retired_at__isnull=True)

    def fitting(self, unit: Unit | None) -> "SlaPolicyQuerySet":
        """Those that may hold at the unit: its own and the general ones."""
        return self.filter(Q(unit__isnull=True) | Q(unit=unit))

    def exactly(
        self, unit: Unit | None, kind: "IssueKind | None", level: str
    ) -> "SlaPolicyQuerySet":
        """Made for this unit, kind and level; None is any, not all."""
        rows = self.filter(unit=unit) if unit else self.filter(unit__isnull=True)
        rows = rows.filter(kind=kind) if kind else rows.filter(kind__isnull=True)
        return rows.filter(level=level)


class EscalationRuleQuerySet(QuerySet["EscalationRule"]):
    def visible_to(self, user: User) -> "EscalationRuleQuerySet":
        """Staff read the general rows, those of their unit and of what is below it."""
        if not user.is_active or user.is_contact or user.unit is None:
            return self.none()
        return self.filter(Q(unit__isnull=True) | Q(unit__path__startswith=user.unit.path))

    def fitting(self, unit: Unit | None) -> "EscalationRuleQuerySet":
        """Those that may hold at the unit: its own and the general ones."""
        return self.filter(Q(unit__isnull=True) | Q(unit=unit))

    def exactly(
        self, unit: Unit | None, kind: "IssueKind | None", clock: str
    ) -> "EscalationRuleQuerySet":
        """The ladder of this unit, kind and clock; None is any, not all."""
        rows = self.filter(unit=unit) if unit else self.filter(unit__isnull=True)
        rows = rows.filter(kind=kind) if kind else rows.filter(kind__isnull=True)
        return rows.filter(clock=clock)
