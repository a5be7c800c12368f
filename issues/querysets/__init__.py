"""Questions about lines and about the rules by which they run."""

from issues.querysets.bill import (
    AttachmentQuerySet,
    EventQuerySet,
    ExtensionQuerySet,
    IssueQuerySet,
    line_numbers,
)
from issues.querysets.rules import EscalationRuleQuerySet, SlaPolicyQuerySet

__all__ = [
    "AttachmentQuerySet",
    "EscalationRuleQuerySet",
    "EventQuerySet",
    "ExtensionQuerySet",
    "IssueQuerySet",
    "SlaPolicyQuerySet",
    "line_numbers",
]
