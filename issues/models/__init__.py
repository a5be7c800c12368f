from issues.models.event import Attachment, CloseOut, Event, Pause
from issues.models.issue import Issue, Numbering
from issues.models.kind import IssueKind, Level, SlaPolicy

__all__ = [
    "Attachment",
    "CloseOut",
    "Event",
    "Issue",
    "IssueKind",
    "Level",
    "Numbering",
    "Pause",
    "SlaPolicy",
]
