from enterprises.models.assignment import Assignment, Cover
from enterprises.models.cadence import Cadence, ContactPolicy
from enterprises.models.enterprise import Contact, Enterprise, Grade, Stage, StageChange, Tier
from enterprises.models.gate import GateCode
from enterprises.models.importing import ImportBatch, ImportRow
from enterprises.models.invitation import Invitation
from enterprises.models.reminder import Due, Recipient, Reminder, ReminderRule

__all__ = [
    "Assignment",
    "Cadence",
    "Contact",
    "ContactPolicy",
    "Cover",
    "Due",
    "Enterprise",
    "GateCode",
    "Grade",
    "ImportBatch",
    "ImportRow",
    "Invitation",
    "Recipient",
    "Reminder",
    "ReminderRule",
    "Stage",
    "StageChange",
    "Tier",
]
