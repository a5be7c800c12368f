from issues.models.escalation import Escalation, EscalationRule
from issues.models.event import Attachment, CloseOut, Event, Pause
from issues.models.extension import Extension
from issues.models.issue import Issue, Numbering
from issues.models.kind import IssueKind, Level, SlaPolicy

__all__ = [
    "Attachment",
    "CloseOut",
    "Escalation",
    "EscalationRule",
    "Event",
    "Extension",
    "Issue",
    "IssueKind",
    "Level",
    "Numbering",
    "Pause",
    "SlaPolicy",
]
