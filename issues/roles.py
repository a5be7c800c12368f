"""What a person is to a line."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone

from issues.deadlines import ran_out
from issues.models import CloseOut, Extension, Issue
from issues.workflow import CloseRule, Move, Role, Stage, Standing, moves_for, obstacle
from liaison.accounts.models import MAY_ANSWER, OFFICERS, Kind, User


@dataclass(frozen=True)
class Known:
    """What a person's roles are judged by besides the lines: read once, it does for many.

    Both are ids of lines: those that the person handles or acts for whose handler, and those whose
    pending close-out the person has proposed.
    """

    handled: frozenset[int]
    proposed: frozenset[int]


def known_of(issues: Collection[Issue]) -> Known:
    """For these lines, of the person for whom they were read ``for_moves``."""
    return Known(
        handled=frozenset(one.pk for one in issues if one.handled_by_asker),  # type: ignore[attr-defined]
        proposed=frozenset(one.pk for one in issues if one.proposed_by_asker),  # type: ignore[attr-defined]
    )


def roles_of(user: User, issue: Issue, known: Known | None = None) -> set[Role]:
    """The roles of a person on one line; empty for a bureau user, who only reads.

    The approver is never the handler, the officer acting for him, or whoever proposed the
    close-out. Whoever may not see a sensitive line is nothing to it, the desk too; this agrees
    with ``IssueQuerySet.visible_to``. Costs at most two queries; of a member of staff about whom
    enough is ``known`` none.
    """
    if not user.is_active:
        return set()
    if user.is_contact:
        if not user.contact_for.filter(
            enterprise=issue.enterprise_id, left_on__isnull=True
        ).exists():
            return set()
        roles = {Role.CONTACT}
        if issue.close_rule == CloseRule.CONTACT:
            roles.add(Role.APPROVER)
    elif user.unit_id != issue.unit_id or not user.is_station_staff:
        return set()
    else:
        roles = _roles_at_station(user, issue, known)
    if issue.raised_by_id == user.pk:
        roles.add(Role.RAISER)
    if issue.sensitive and not roles & {Role.RAISER, Role.HANDLER, Role.CHIEF}:
        return set()
    return roles


def _roles_at_station(user: User, issue: Issue, known: Known | None) -> set[Role]:
    roles: set[Role] = set()
    if _handles(user, issue, known):
        roles.add(Role.HANDLER)
    if user.kind == Kind.CHIEF:
        roles.add(Role.CHIEF)
        if Role.HANDLER not in roles:
            roles.add(Role.DECIDER)
    if user.kind == Kind.DESK:
        roles.add(Role.DESK)
    fits = Role.HANDLER not in roles and _fits(user, issue.close_rule)
    if fits and not _proposed(user, issue, known):
        roles |= {Role.APPROVER, Role.REVIEWER}
    return roles


def _fits(user: User, rule: str) -> bool:
    match rule:
        case CloseRule.CHIEF:
            return user.kind == Kind.CHIEF
        case CloseRule.SECOND_OFFICER:
            return user.kind in (*OFFICERS, Kind.CHIEF)
        case CloseRule.CONTACT:
            # The enterprise's word closes it; desk or chief may enter it after a call back.
            return user.kind in (Kind.CHIEF, Kind.DESK)
    return False


def _handles(user: User, issue: Issue, known: Known | None) -> bool:
    if known is not None:
        return issue.pk in known.handled
    if issue.handler_id is None:
        return False
    if issue.handler_id == user.pk:
        return True
    if user.kind not in MAY_ANSWER:
        return False
    return user.covers.active(timezone.localdate()).filter(officer=issue.handler_id).exists()


def _proposed(user: User, issue: Issue, known: Known | None) -> bool:
    if known is not None:
        return issue.pk in known.proposed
    # In no other stage is one pending.
    return (
        issue.stage == Stage.PROPOSED
        and issue.close_outs.filter(outcome=CloseOut.Outcome.PENDING, proposed_by=user).exists()
    )


def available_moves(user: User, issue: Issue, known: Known | None = None) -> list[Move]:
    """What this person may do to the line now: buttons, the API and phones read this."""
    moves = moves_for(issue.stage, roles_of(user, issue, known))
    if not any(move.need for move in moves):
        return moves
    standing = standing_of(user, issue)
    return [move for move in moves if obstacle(move, standing) is None]


def standing_of(user: User, issue: Issue) -> Standing:
    """What decides whether moves with a need fit the line. Asks nothing more of a line that was
    read ``for_detail`` or ``for_moves``."""
    pending = next((one for one in issue.extensions.all() if one.is_pending), None)
    return Standing(
        # What a law says of a limit of its own is not for a policy to forbid.
        may_pause=issue.policy.may_pause or issue.own_limit is not None,
        extension_days=issue.most_extension_days,
        # A limit of its own is extended once.
        extended=issue.own_limit is not None
        and issue.generation == 1
        and any(one.outcome == Extension.Outcome.GRANTED for one in issue.extensions.all()),
        ran_out=issue.resolve_due_at is not None
        and ran_out(issue.resolve_due_at, issue.pauses.all(), timezone.now()),
        asked=pending is not None,
        asked_myself=pending is not None and pending.asked_by_id == user.pk,
    )
