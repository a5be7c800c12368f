from visits.actions.inspect import log_inspection
from visits.actions.planning import plan_day
from visits.actions.visit import Found, Promised, entry_soon_again, keep_promise, log_visit

__all__ = [
    "Found",
    "Promised",
    "entry_soon_again",
    "keep_promise",
    "log_inspection",
    "log_visit",
    "plan_day",
]
