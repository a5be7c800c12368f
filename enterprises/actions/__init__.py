from enterprises.actions.assignment import (
    assign,
    cancel_cover,
    cover,
    end_deputy,
    hand_over,
    set_deputy,
)
from enterprises.actions.cadence import note_contact, recompute_cadence
from enterprises.actions.enterprise import (
    change_stage,
    edit_enterprise,
    list_enterprise,
)

__all__ = [
    "assign",
    "cancel_cover",
    "change_stage",
    "cover",
    "edit_enterprise",
    "end_deputy",
    "hand_over",
    "list_enterprise",
    "note_contact",
    "recompute_cadence",
    "set_deputy",
]
