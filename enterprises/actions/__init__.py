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
from enterprises.actions.contacts import (
    add_contact,
    contact_left,
    edit_contact,
    may_keep_contacts,
    put_in_charge,
)
from enterprises.actions.enterprise import (
    change_stage,
    edit_enterprise,
    list_enterprise,
)
from enterprises.actions.gates import make_gate_codes, renew_gate_code
from enterprises.actions.inviting import (
    account_of,
    invitation_of,
    invite,
    join_account,
    make_account,
    revoke_invitation,
)

__all__ = [
    "account_of",
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
    "invitation_of",
    "invite",
    "join_account",
    "list_enterprise",
    "make_account",
    "make_gate_codes",
    "may_keep_contacts",
    "note_contact",
    "put_in_charge",
    "recompute_cadence",
    "renew_gate_code",
    "revoke_invitation",
    "set_deputy",
]
