"""Input that says what is wrong with it, by name."""

from datetime import date, datetime
from typing import Any

from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

LARGEST_ID = 2**63 - 1
# Outside these years it is a slip, and arithmetic at the calendar's ends overflows.
YEARS = range(1900, 3000)


class KnownFieldsOnly(serializers.Serializer[Any]):
    """Input with a field we do not know is refused, naming it: a typo must not pass in silence."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            complaints = {
                str(name): [_("There is no such field.")]
                for name in sorted(set(data) - set(self.fields))
            }
            if isinstance(data, QueryDict):
                complaints |= {
                    name: [_("Give it once.")]
                    for name, given in data.lists()
                    if len(given) > 1 and not _takes_many(self.fields.get(name))
                }
            if complaints:
                raise serializers.ValidationError(complaints)
        return super().to_internal_value(data)


def _takes_many(field: Any) -> bool:
    # A name that is not known has been complained of already.
    return field is None or isinstance(field, serializers.ListField | serializers.ListSerializer)


class IdField(serializers.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST_ID, **kwargs)


class YesOrNo(serializers.BooleanField):
    """One that must be given. A box of a form that is not ticked is not sent at all, which REST
    framework takes for a no; so would be a body that could not be read."""

    default_empty_html = serializers.empty


class RowField(serializers.PrimaryKeyRelatedField[Model]):
    """A row by its id, which is a whole number and nothing that could be rounded to one; of the
    queryset's those that ``user`` of the serializer's context may see."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(pk_field=IdField(), **kwargs)

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return rows.visible_to(self.context["user"])


class DayField(serializers.DateField):
    def to_internal_value(self, value: Any) -> date:
        day = super().to_internal_value(value)
        if day.year not in YEARS:
            raise serializers.ValidationError(_("This date cannot be right."))
        return day


class MomentField(serializers.DateTimeField):
    """An instant; without a time zone it is China's."""

    def to_internal_value(self, value: Any) -> datetime:
        try:
            moment = super().to_internal_value(value)
        except OverflowError as error:
            # At the calendar's first hours in China, UTC has no date yet.
            raise serializers.ValidationError(_("This date cannot be right.")) from error
        if moment.year not in YEARS:
            raise serializers.ValidationError(_("This date cannot be right."))
        return moment
