from visits.models.arrival import CheckIn
from visits.models.inspection import Inspection
from visits.models.position import VisitPosition
from visits.models.visit import Channel, Finding, Front, OfficerRole, Promise, Visit

__all__ = [
    "Channel",
    "CheckIn",
    "Finding",
    "Front",
    "Inspection",
    "OfficerRole",
    "Promise",
    "Visit",
    "VisitPosition",
]
