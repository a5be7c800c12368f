"""Verbs on the bill. ``VERBS`` is keyed by the names in ``issues.workflow.MOVES``."""

from issues.actions.asking import Sent, ask, reject_held, release_held, send_in
from issues.actions.closing import (
    close_issue,
    decline_issue,
    dispute_issue,
    propose_close_out,
    reopen_issue,
    return_issue,
    withdraw_issue,
)
from issues.actions.extending import ask_extension, grant_extension, refuse_extension
from issues.actions.links import make_link, revoke_link
from issues.actions.moves import VERBS, make_move
from issues.actions.raising import follow_officer, raise_issue, take_over_lines
from issues.actions.rating import rate_issue, record_callback
from issues.actions.working import (
    accept_issue,
    note_on_issue,
    resume_issue,
    start_issue,
    transfer_issue,
    wait_on_issue,
)

__all__ = [
    "VERBS",
    "Sent",
    "accept_issue",
    "ask",
    "ask_extension",
    "close_issue",
    "decline_issue",
    "dispute_issue",
    "follow_officer",
    "grant_extension",
    "make_link",
    "make_move",
    "note_on_issue",
    "propose_close_out",
    "raise_issue",
    "rate_issue",
    "record_callback",
    "refuse_extension",
    "reject_held",
    "release_held",
    "reopen_issue",
    "resume_issue",
    "return_issue",
    "revoke_link",
    "send_in",
    "start_issue",
    "take_over_lines",
    "transfer_issue",
    "wait_on_issue",
    "withdraw_issue",
]
