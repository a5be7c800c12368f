from enterprises.models.assignment import Assignment, Cover
from enterprises.models.cadence import Cadence, ContactPolicy
from enterprises.models.enterprise import Contact, Enterprise, Grade, Stage, StageChange, Tier
from enterprises.models.importing import ImportBatch, ImportRow

__all__ = [
    "Assignment",
    "Cadence",
    "Contact",
    "ContactPolicy",
    "Cover",
    "Enterprise",
    "Grade",
    "ImportBatch",
    "ImportRow",
    "Stage",
    "StageChange",
    "Tier",
]
