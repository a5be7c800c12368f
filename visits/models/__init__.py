from visits.models.inspection import Inspection
from visits.models.plan import DayPlan, PlannedCall, SiteDistances, Urgency
from visits.models.visit import Channel, Finding, Front, OfficerRole, Promise, Visit

__all__ = [
    "Channel",
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
]
