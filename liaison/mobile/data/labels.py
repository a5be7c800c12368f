"""What people call a value."""

from typing import Any

from django.db import models
from rest_framework import serializers


class LabelField(serializers.CharField):
    """The label of a column with choices. Of hundreds of rows ``get_…_display`` would hash all of
    its translated choices for each."""

    def __init__(self, column: str, choices: type[models.TextChoices]) -> None:
        super().__init__(read_only=True)
        self.column = column
        self.labels = dict(choices.choices)

    def get_attribute(self, instance: Any) -> str:
        value = getattr(instance, self.column)
        return str(self.labels.get(value, value))
