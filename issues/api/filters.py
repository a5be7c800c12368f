"""What may be asked of the bill."""

from datetime import datetime

import django_filters
from django.utils import timezone

from issues.models import Issue, IssueKind, Level
from issues.querysets import IssueQuerySet
from issues.workflow import Stage
from liaison.accounts.filters import UnitFilter
from liaison.core.api.filters import IdFilter, MomentFilter, YesNoFilter, either


def kinds() -> list[tuple[str, str]]:
    return [(kind.code, str(kind)) for kind in IssueKind.objects.all()]


class IssueFilterSet(django_filters.FilterSet):
    stage = django_filters.MultipleChoiceFilter(choices=Stage.choices)
    kind = django_filters.MultipleChoiceFilter(field_name="kind__code", choices=kinds)
    level = django_filters.MultipleChoiceFilter(choices=Level.choices)
    unit = UnitFilter(label="Code of the station, or of a bureau above stations.")
    handler = IdFilter(field_name="handler_id", label="Id of the officer who handles it.")
    enterprise = IdFilter(field_name="enterprise_id", label="Id of the enterprise.")
    open = YesNoFilter(method="is_open")
    late = YesNoFilter(method="is_late", label="Open, and the clock that runs has run out.")
    due_before = MomentFilter(method="is_due_before")
    awaiting_my_approval = YesNoFilter(method="awaits_me")
    extension_asked = YesNoFilter(method="asks_extension")
    mine = YesNoFilter(method="is_mine", label="Handled by me, or by whom I act for.")
    q = django_filters.CharFilter(method="matches", label="Number, title or enterprise.")

    class Meta:
        model = Issue
        fields: tuple[str, ...] = ()

    def is_open(self, rows: IssueQuerySet, _n: str, value: bool) -> IssueQuerySet:
        return either(rows, rows.open(), value)

    def is_late(self, rows: IssueQuerySet, _n: str, value: bool) -> IssueQuerySet:
        return either(rows, rows.late(timezone.now()), value)

    def is_due_before(self, rows: IssueQuerySet, _n: str, value: datetime) -> IssueQuerySet:
        return rows.due_before(value)

    def awaits_me(self, rows: IssueQuerySet, _n: str, value: bool) -> IssueQuerySet:
        return either(rows, rows.awaiting_approval_by(self.request.user), value)

    def asks_extension(self, rows: IssueQuerySet, _n: str, value: bool) -> IssueQuerySet:
        return either(rows, rows.extension_asked(), value)

    def is_mine(self, rows: IssueQuerySet, _n: str, value: bool) -> IssueQuerySet:
        return either(rows, rows.handled_by(self.request.user), value)

    def matches(self, rows: IssueQuerySet, _n: str, value: str) -> IssueQuerySet:
        return rows.matching(value, self.request.user)
