"""Input that says what is wrong with it, by name."""

from datetime import date, datetime
from typing import Any

from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.fields import empty

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


class RowField(serializers.PrimaryKeyRelatedField[Model]):
    """A row by its id, which is a whole number and nothing that could be rounded to one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(pk_field=IdField(), **kwargs)


class SaidField(serializers.BooleanField):
    """Yes or no, as it was said: in a form too, where REST framework takes silence for a no."""

    default_empty_html = empty


class DayField(serializers.DateField):
    def to_internal_value(self, value: Any) -> date:
        day = super().to_internal_value(value)
        if day.year not in YEARS:
            raise serializers.ValidationError(_("This date cannot be right."))
        return day


class MomentField(serializers.DateTimeField):
    """An instant; without a time zone it is China's."""

    def to_internal_value(self, value: Any) -> datetime:
        moment = super().to_internal_value(value)
        if moment.year not in YEARS:
            raise serializers.ValidationError(_("This date cannot be right."))
        return moment
