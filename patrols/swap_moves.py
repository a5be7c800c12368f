"""What becomes of a swap: the moves as data, read by the verbs, the buttons and the test grid."""

from dataclasses import dataclass
from enum import StrEnum

from liaison.accounts.models import User
from patrols.models import SwapRequest
from patrols.rights import keeps, speaks_for

State = SwapRequest.State


class Side(StrEnum):
    """Whose move it is. The station's people may speak for an enterprise that telephones."""

    ASKING = "asking"
    ASKED = "asked"
    STATION = "station"


@dataclass(frozen=True)
class Move:
    """``told`` is what the other side hears: patrols/roster_notices.py."""

    before: tuple[State, ...]
    side: Side
    after: State
    told: str


MOVES = {
    "accept": Move((State.ASKED,), Side.ASKED, State.ACCEPTED, "accepted"),
    "refuse": Move((State.ASKED,), Side.ASKED, State.REFUSED, "refused"),
    "withdraw": Move((State.ASKED, State.ACCEPTED), Side.ASKING, State.WITHDRAWN, "withdrawn"),
    "approve": Move((State.ACCEPTED,), Side.STATION, State.APPROVED, "approved"),
    "reject": Move((State.ASKED, State.ACCEPTED), Side.STATION, State.REFUSED, "refused"),
}


def may(by: User, swap: SwapRequest, move: Move) -> bool:
    """Whether it is this person's to make, whatever the swap's state."""
    match move.side:
        case Side.ASKING:
            return speaks_for(by, swap.asking)
        case Side.ASKED:
            return speaks_for(by, swap.asked)
        case Side.STATION:
            return keeps(by, swap.team.unit_id)
