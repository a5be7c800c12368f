"""The whole machine of a bill line: stages, moves, who may make them and what they need.

Everything reads this table: the actions that carry a move out, the buttons on the page, the
API's ``available_moves``, and the test grid of every stage x move x role. It knows no database.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Stage(TextChoices):
    RAISED = "raised", pgettext_lazy("issue stage", "Raised")
    ACCEPTED = "accepted", pgettext_lazy("issue stage", "Accepted")
    WORKING = "working", pgettext_lazy("issue stage", "In progress")
    WAITING = "waiting", pgettext_lazy("issue stage", "Waiting")
    PROPOSED = "proposed", pgettext_lazy("issue stage", "Close-out proposed")
    CLOSED = "closed", pgettext_lazy("issue stage", "Closed out")
    DECLINED = "declined", pgettext_lazy("issue stage", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("issue stage", "Withdrawn")


STAGES = tuple(Stage)
OPEN = (Stage.RAISED, Stage.ACCEPTED, Stage.WORKING, Stage.WAITING, Stage.PROPOSED)
ENDED = (Stage.CLOSED, Stage.DECLINED, Stage.WITHDRAWN)
# Taken on and not ended: the resolve clock is there.
UNDER_WAY = (Stage.ACCEPTED, Stage.WORKING, Stage.WAITING, Stage.PROPOSED)
# Where the resolve clock may stand still: for others, for the enterprise's word.
STANDS_STILL = (Stage.WAITING, Stage.PROPOSED)
# The straight way through, as drawn above every line.
STEPS = (Stage.RAISED, Stage.ACCEPTED, Stage.WORKING, Stage.PROPOSED, Stage.CLOSED)


class Clock(TextChoices):
    """Which promise a line's deadline belongs to."""

    RESPOND = "respond", pgettext_lazy("clock", "To accept")
    RESOLVE = "resolve", pgettext_lazy("clock", "To resolve")
    WAIT = "wait", pgettext_lazy("clock", "Waiting until")


class Role(StrEnum):
    """What a person is to one line; see :func:`issues.roles.roles_of`."""

    HANDLER = "handler"  # the officer who answers for the line, or the one acting for him
    DESK = "desk"
    CHIEF = "chief"
    RAISER = "raiser"
    CONTACT = "contact"  # of the enterprise the line is about
    APPROVER = "approver"  # by the line's close rule; never the handler
    REVIEWER = "reviewer"  # an approver of the station; a contact who is not content disputes
    DECIDER = "decider"  # of an extension: a chief who does not handle the line


class CloseRule(TextChoices):
    """Who strikes a line of this kind off."""

    CHIEF = "chief", _("A chief approves")
    SECOND_OFFICER = "second_officer", _("A second officer approves")
    CONTACT = "contact", _("The enterprise confirms")


class Proof(TextChoices):
    """What a file proves; a kind lists those it wants before close-out."""

    BEFORE = "before", _("Photo before")
    AFTER = "after", _("Photo after")
    AGREEMENT = "agreement", _("Signed agreement")
    RECEIPT = "receipt", _("Receipt")
    OTHER = "other", pgettext_lazy("proof", "Other")


@dataclass(frozen=True)
class Field:
    """Something a move asks to be told. ``kind``: text, date, officer, money, flag, number."""

    name: str
    label: str | Promise
    kind: str = "text"
    required: bool = True
    max_length: int = 4000


NOTE = Field("note", _("Remark"), required=False)
REASON = Field("reason", _("Reason"))


class Need(StrEnum):
    """What must be so about a line besides its stage, for a move to fit it."""

    PAUSABLE = "pausable"
    EXTENDABLE = "extendable"
    ASKED_IN_TIME = "asked_in_time"
    ASKED = "asked"


@dataclass(frozen=True)
class Standing:
    """The facts about a line that needs are judged by, as one person finds them.

    ``asked``: an extension is waiting for a decision; ``asked_myself``: by this person;
    ``extended``: one was granted, and the line's own limit allows no second.
    """

    may_pause: bool = True
    extension_days: int = 0
    ran_out: bool = False
    extended: bool = False
    asked: bool = False
    asked_myself: bool = False


@dataclass(frozen=True)
class Move:
    """One way of changing a line.

    ``target`` None leaves the stage as it is. ``proofs`` asks for what the kind's close rule
    wants. ``public`` decides whether the enterprise reads the event. A move that does not
    ``claim`` takes no version: two remarks at once are no conflict. With a ``need`` it fits only
    some lines of these stages; :func:`obstacle` says why not.
    """

    name: str
    label: str | Promise
    sources: tuple[Stage, ...]
    target: Stage | None
    roles: frozenset[Role]
    fields: tuple[Field, ...] = (NOTE,)
    proofs: bool = False
    files: bool = False
    public: bool = True
    claims: bool = True
    tone: str = ""
    need: Need | None = None


def _move(
    name: str,
    label: str | Promise,
    sources: tuple[Stage, ...],
    target: Stage | None,
    roles: tuple[Role, ...],
    *fields: Field,
    **more: bool | str | Need,
) -> Move:
    return Move(name, label, sources, target, frozenset(roles), fields or (NOTE,), **more)  # type: ignore[arg-type]


H, D, C = Role.HANDLER, Role.DESK, Role.CHIEF

MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        _move("accept", pgettext_lazy("move", "Accept"), (Stage.RAISED,), Stage.ACCEPTED, (H, D)),
        _move(
            "decline",
            pgettext_lazy("move", "Decline"),
            (Stage.RAISED,),
            Stage.DECLINED,
            (C,),
            REASON,
            tone="danger",
        ),
        _move("start", pgettext_lazy("move", "Start work"), (Stage.ACCEPTED,), Stage.WORKING, (H,)),
        _move(
            "wait",
            pgettext_lazy("move", "Wait for others"),
            (Stage.WORKING,),
            Stage.WAITING,
            (H,),
            Field("awaited", _("What is awaited"), max_length=200),
            Field("awaited_from", _("From whom"), max_length=100),
            Field("until", _("Until when"), "date"),
            Field(
                "from_enterprise", _("The enterprise itself is to bring it"), "flag", required=False
            ),
            need=Need.PAUSABLE,
        ),
        _move(
            "resume",
            pgettext_lazy("move", "Resume"),
            (Stage.WAITING,),
            Stage.WORKING,
            (H, Role.CONTACT),
            files=True,
        ),
        _move(
            "propose",
            pgettext_lazy("move", "Propose close-out"),
            (Stage.WORKING,),
            Stage.PROPOSED,
            (H,),
            Field("summary", _("What was done")),
            Field("loss_recovered", _("Loss recovered (yuan)"), "money", required=False),
            proofs=True,
            files=True,
        ),
        _move(
            "return",
            pgettext_lazy("move", "Return"),
            (Stage.PROPOSED,),
            Stage.WORKING,
            (Role.REVIEWER,),
            REASON,
            # What the approver misses is between colleagues, and so is why a line changes hands.
            public=False,
            tone="danger",
        ),
        # Whatever the kind's rule: nothing is struck off over the head of whoever asked for it.
        _move(
            "dispute",
            pgettext_lazy("move", "Not resolved yet"),
            (Stage.PROPOSED,),
            Stage.WORKING,
            (Role.CONTACT,),
            REASON,
            files=True,
            tone="danger",
        ),
        _move(
            "close",
            pgettext_lazy("move", "Approve close-out"),
            (Stage.PROPOSED,),
            Stage.CLOSED,
            (Role.APPROVER,),
            Field(
                "confirmed_by",
                _("Who at the enterprise confirmed, and how"),
                required=False,
                max_length=200,
            ),
            NOTE,
        ),
        _move(
            "reopen",
            pgettext_lazy("move", "Reopen"),
            (Stage.CLOSED,),
            Stage.WORKING,
            (C, Role.CONTACT),
            REASON,
        ),
        _move(
            "withdraw",
            pgettext_lazy("move", "Withdraw"),
            (Stage.RAISED, Stage.ACCEPTED, Stage.WORKING, Stage.WAITING),
            Stage.WITHDRAWN,
            (Role.RAISER,),
            REASON,
            tone="danger",
        ),
        # An extension is between colleagues until it is granted: then the enterprise reads to when.
        _move(
            "ask_extension",
            pgettext_lazy("move", "Ask for an extension"),
            (Stage.ACCEPTED, Stage.WORKING),
            None,
            (H,),
            Field("days", _("Days more"), "number"),
            REASON,
            public=False,
            need=Need.EXTENDABLE,
        ),
        _move(
            "grant_extension",
            pgettext_lazy("move", "Grant the extension"),
            UNDER_WAY,
            None,
            (Role.DECIDER,),
            need=Need.ASKED_IN_TIME,
        ),
        _move(
            "refuse_extension",
            pgettext_lazy("move", "Refuse the extension"),
            UNDER_WAY,
            None,
            (Role.DECIDER,),
            REASON,
            public=False,
            tone="danger",
            need=Need.ASKED,
        ),
        _move(
            "transfer",
            pgettext_lazy("move", "Transfer"),
            OPEN,
            None,
            (D, C),
            Field("handler", _("New handler"), "officer"),
            REASON,
            public=False,
        ),
        _move(
            "note",
            pgettext_lazy("move", "Add a remark"),
            STAGES,
            None,
            (H, D, C, Role.RAISER, Role.CONTACT),
            Field("note", _("Remark")),
            Field("internal", _("Only for the station"), "flag", required=False),
            files=True,
            claims=False,
        ),
    )
}


def moves_for(stage: str, roles: frozenset[Role] | set[Role]) -> list[Move]:
    """The moves open to someone with these roles on a line in this stage, in the table's order.

    Those with a need may yet not fit this line.
    """
    return [move for move in MOVES.values() if stage in move.sources and move.roles & roles]


def obstacle(move: Move, at: Standing) -> tuple[str, Promise] | None:
    """Why the move does not fit a line that stands so: a code and words, or None where it fits."""
    ran_out = ("ran_out", _("The time has run out: an extension comes too late."))
    match move.need:
        case Need.PAUSABLE if not at.may_pause:
            return "no_pause", _("The time limit of this line allows no pause.")
        case Need.EXTENDABLE if not at.extension_days:
            return "no_extension", _("The time limit of this line allows no extension.")
        case Need.EXTENDABLE if at.extended:
            return "extended_once", _("This time limit may be extended once only.")
        case Need.EXTENDABLE if at.asked:
            return "asked_already", _("An extension has been asked for already.")
        case Need.EXTENDABLE if at.ran_out:
            return ran_out
        case Need.ASKED | Need.ASKED_IN_TIME if not at.asked:
            return "not_asked", _("Nobody has asked for an extension.")
        case Need.ASKED | Need.ASKED_IN_TIME if at.asked_myself:
            return "own_request", _("You asked for it yourself: another chief decides.")
        case Need.ASKED_IN_TIME if at.ran_out:
            return ran_out
    return None
