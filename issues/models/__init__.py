from issues.models.afterwards import LOW, AccessLink, Callback, Rating, Satisfaction
from issues.models.asking import HeldFile, HeldRequest, Posting, Submission
from issues.models.escalation import Escalation, EscalationRule
from issues.models.event import Attachment, CloseOut, Event, Pause
from issues.models.extension import Extension
from issues.models.issue import Issue, Numbering
from issues.models.kind import IssueKind, Level, SlaPolicy

__all__ = [
    "LOW",
    "AccessLink",
    "Attachment",
    "Callback",
    "CloseOut",
    "Escalation",
    "EscalationRule",
    "Event",
    "Extension",
    "HeldFile",
    "HeldRequest",
    "Issue",
    "IssueKind",
    "Level",
    "Numbering",
    "Pause",
    "Posting",
    "Rating",
    "Satisfaction",
    "SlaPolicy",
    "Submission",
]
