from enterprises.actions.assignment import (
    assign,
    cancel_cover,
    cover,
    end_deputy,
    hand_over,
    set_deputy,
)
from enterprises.actions.bulk import assign_many
from enterprises.actions.cadence import note_contact, recompute_cadence
from enterprises.actions.contacts import add_contact, contact_left, edit_contact
from enterprises.actions.enterprise import (
    change_stage,
    edit_enterprise,
    list_enterprise,
)
from enterprises.actions.gates import make_gate_codes, renew_gate_code

__all__ = [
    "add_contact",
    "assign",
    "assign_many",
    "cancel_cover",
    "change_stage",
    "contact_left",
    "cover",
    "edit_contact",
    "edit_enterprise",
    "end_deputy",
    "hand_over",
    "list_enterprise",
    "make_gate_codes",
    "note_contact",
    "recompute_cadence",
    "renew_gate_code",
    "set_deputy",
]
