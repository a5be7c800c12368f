from visits.models.arrival import CheckIn
from visits.models.inspection import Inspection
from visits.models.plan import DayPlan, PlannedCall, SiteDistances, Urgency
from visits.models.position import VisitPosition
from visits.models.visit import (
    Channel,
    Finding,
    Front,
    OfficerRole,
    Promise,
    Visit,
    VisitFile,
)
from visits.models.word import VisitWord

__all__ = [
    "Channel",
    "CheckIn",
    "DayPlan",
    "Finding",
    "Front",
    "Inspection",
    "OfficerRole",
    "PlannedCall",
    "Promise",
    "SiteDistances",
    "Urgency",
    "Visit",
    "VisitFile",
    "VisitPosition",
    "VisitWord",
]
