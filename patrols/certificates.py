"""Whether a guard may patrol on a night, and what stands against it; the one place that says so.

《保安服务管理条例》 Art. 15: guards whom an enterprise recruits for itself do not serve outside its
premises; whoever is to patrol there all the same is warned of, and an officer answers. Art. 16: a
guard holds a guard certificate (保安员证).
"""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

# A warning goes out so long before a certificate ends.
WARNS_BEFORE = timedelta(days=30)
SELF_RECRUITED = "self_recruited"
# Answers by which a guard has no duty of a team: those are all outside the premises.
KEEPS_INSIDE = ("inside", "not")


class Certified(Protocol):
    """What the rule has to know of a guard. ``outside`` is the officer's answer in force."""

    employer: str
    certificate: str
    certificate_until: date | None
    joined_on: date
    left_on: date | None
    outside: str


class Standing(StrEnum):
    """What the rules say of a guard and a night of the team."""

    MAY = "may"
    # May be put on duty; an officer has still to answer.
    WARNED = "warned"
    NOT = "not"


class State(StrEnum):
    """How a certificate stands on a day."""

    NONE = "none"
    EXPIRED = "expired"
    ENDING = "ending"
    VALID = "valid"


class Bar(StrEnum):
    """What stands against a night."""

    NO_CERTIFICATE = "no_certificate"
    CERTIFICATE_ENDS = "certificate_ends"
    NOT_YET = "not_yet"
    LEFT = "left"
    INSIDE = "inside"


def bar(guard: Certified, evening: date) -> Bar | None:
    """What keeps them from patrolling in the night of this evening; None: nothing.

    A night ends on the morning after; a certificate that ends on the evening itself ends at
    midnight, in the middle of it, and does not do.
    """
    if guard.left_on is not None and guard.left_on <= evening:
        return Bar.LEFT
    if guard.joined_on > evening:
        return Bar.NOT_YET
    if not guard.certificate or guard.certificate_until is None:
        return Bar.NO_CERTIFICATE
    if guard.certificate_until <= evening:
        return Bar.CERTIFICATE_ENDS
    return Bar.INSIDE if guard.outside in KEEPS_INSIDE else None


def is_valid(guard: Certified, evening: date) -> bool:
    """Whether they may be put on duty: they serve, the certificate holds through the night of this
    evening, and no officer has said that they stay inside."""
    return bar(guard, evening) is None


def standing(guard: Certified, evening: date, answer: str | None = None) -> Standing:
    """May serve, may serve and is warned of, or may not; ``answer`` instead of the one in force."""
    said = guard.outside if answer is None else answer
    against = bar(guard, evening)
    if (against and against != Bar.INSIDE) or said in KEEPS_INSIDE:
        return Standing.NOT
    return Standing.WARNED if guard.employer == SELF_RECRUITED and not said else Standing.MAY


def certificate_state(guard: Certified, today: date) -> State:
    """How the certificate itself stands, whoever else may stand in the way of a night."""
    until = guard.certificate_until
    if not guard.certificate or until is None:
        return State.NONE
    if until <= today:
        return State.EXPIRED
    return State.ENDING if until <= today + WARNS_BEFORE else State.VALID


def first_telling(certificate: str, until: date | None, today: date) -> date | None:
    """The day on which somebody is first told that the certificate ends: thirty days before, or
    at once where those have begun."""
    if not certificate or until is None:
        return None
    return max(until - WARNS_BEFORE, today)


def ends_soon(guard: Certified, today: date) -> bool:
    """Valid now, and the certificate is not for the next thirty days."""
    until = guard.certificate_until
    return is_valid(guard, today) and until is not None and until <= today + WARNS_BEFORE


def invalid_among(guards: Sequence[Certified], evening: date) -> list[Certified]:
    """Those of them who may not patrol on that night."""
    return [one for one in guards if not is_valid(one, evening)]
