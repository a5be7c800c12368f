"""Verbs of the green channel."""

from green_channel.actions.applying import apply_for, bring
from green_channel.actions.catalogue import save_basis, save_item, save_local_term
from green_channel.actions.checking import ask_correction, check_complete
from green_channel.actions.deciding import confirm_receipt, decide

__all__ = [
    "apply_for",
    "ask_correction",
    "bring",
    "check_complete",
    "confirm_receipt",
    "decide",
    "save_basis",
    "save_item",
    "save_local_term",
]
