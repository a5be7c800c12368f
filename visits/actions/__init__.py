from liaison.whereabouts.position import Position
from visits.actions.arriving import check_in
from visits.actions.inspect import log_inspection
from visits.actions.placing import look_where
from visits.actions.planning import plan_day
from visits.actions.visit import (
    MOST_FILES,
    Found,
    Promised,
    entry_soon_again,
    keep_promise,
    log_visit,
)
from visits.actions.word import answer_word, say_of_visit

__all__ = [
    "MOST_FILES",
    "Found",
    "Position",
    "Promised",
    "answer_word",
    "check_in",
    "entry_soon_again",
    "keep_promise",
    "log_inspection",
    "log_visit",
    "look_where",
    "plan_day",
    "say_of_visit",
]
