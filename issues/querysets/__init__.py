"""Questions about lines and about the rules by which they run."""

from issues.querysets.afterwards import AccessLinkQuerySet, RatingQuerySet
from issues.querysets.bill import (
    AttachmentQuerySet,
    EventQuerySet,
    ExtensionQuerySet,
    IssueQuerySet,
    line_numbers,
)
from issues.querysets.held import HeldRequestQuerySet
from issues.querysets.rules import EscalationRuleQuerySet, SlaPolicyQuerySet

__all__ = [
    "AccessLinkQuerySet",
    "AttachmentQuerySet",
    "EscalationRuleQuerySet",
    "EventQuerySet",
    "ExtensionQuerySet",
    "HeldRequestQuerySet",
    "IssueQuerySet",
    "RatingQuerySet",
    "SlaPolicyQuerySet",
    "line_numbers",
]
