"""Tables of the green channel."""

from green_channel.models.application import (
    Application,
    Correction,
    Decision,
    Mode,
    Outcome,
    Paper,
    Supply,
)
from green_channel.models.item import (
    Audience,
    DayCount,
    Handover,
    Item,
    LocalTerm,
    PaperForm,
    Requirement,
)

__all__ = [
    "Application",
    "Audience",
    "Correction",
    "DayCount",
    "Decision",
    "Handover",
    "Item",
    "LocalTerm",
    "Mode",
    "Outcome",
    "Paper",
    "PaperForm",
    "Requirement",
    "Supply",
]
