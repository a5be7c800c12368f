from visits.models.inspection import Inspection
from visits.models.visit import Channel, Finding, Front, OfficerRole, Promise, Visit

__all__ = ["Channel", "Finding", "Front", "Inspection", "OfficerRole", "Promise", "Visit"]
