"""Verbs on the bill. ``VERBS`` is keyed by the names in ``issues.workflow.MOVES``."""

from issues.actions.moves import (
    VERBS,
    accept_issue,
    close_issue,
    decline_issue,
    make_move,
    note_on_issue,
    propose_close_out,
    reopen_issue,
    resume_issue,
    return_issue,
    start_issue,
    transfer_issue,
    wait_on_issue,
    withdraw_issue,
)
from issues.actions.raising import follow_officer, raise_issue

__all__ = [
    "VERBS",
    "accept_issue",
    "close_issue",
    "decline_issue",
    "follow_officer",
    "make_move",
    "note_on_issue",
    "propose_close_out",
    "raise_issue",
    "reopen_issue",
    "resume_issue",
    "return_issue",
    "start_issue",
    "transfer_issue",
    "wait_on_issue",
    "withdraw_issue",
]
