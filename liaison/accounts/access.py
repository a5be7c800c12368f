"""Who may reach a page at all.

Every view carries a rule: ``@open_to(*kinds)`` for pages, the same attribute on API classes.
:class:`~liaison.accounts.middleware.AccessMiddleware` refuses a view without one, so a new URL
cannot be forgotten. What a person sees *on* the page is a matter of ``visible_to``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from liaison.accounts.models import STAFF, Kind, Unit, User


@dataclass(frozen=True)
class Rule:
    """Kinds of people a view is for; ``anonymous`` also before signing in.

    With ``duty`` only those of them who are that administrator.
    """

    kinds: frozenset[str]
    anonymous: bool = False
    duty: str = ""

    def admits(self, user: User) -> bool:
        if self.duty and getattr(user, "admin_duty", "") != self.duty:
            return False
        return self.anonymous or getattr(user, "kind", None) in self.kinds


EVERYONE = Rule(frozenset(Kind.values), anonymous=True)
SIGNED_IN = Rule(frozenset(Kind.values))
STAFF_ONLY = Rule(frozenset(STAFF))
SYSTEM_ADMINISTRATORS = Rule(frozenset(STAFF), duty=User.AdminDuty.SYSTEM)


View = TypeVar("View", bound=Callable[..., Any])


def open_to(*who: "str | Rule") -> Callable[[View], View]:
    """Mark a view as being for these kinds, or give it a ready-made rule."""
    rule = (
        who[0] if who and isinstance(who[0], Rule) else Rule(frozenset(str(kind) for kind in who))
    )

    def mark(view: View) -> View:
        view.access = rule  # type: ignore[attr-defined]
        return view

    return mark


def may_set_rules(by: User, unit: Unit | None) -> bool:
    """Who sets what holds at a unit, time limits and ladders: a chief at the own station, and what
    holds everywhere (no unit) a system administrator of a unit at the top."""
    if unit is None:
        return (
            SYSTEM_ADMINISTRATORS.admits(by) and by.unit is not None and by.unit.parent_id is None
        )
    return by.is_active and by.kind == Kind.CHIEF and by.unit_id == unit.pk


def rule_of(view: Callable[..., Any]) -> Rule | None:
    """The rule a URL's view carries, on the function or on its class."""
    for holder in (view, getattr(view, "view_class", None), getattr(view, "cls", None)):
        rule = getattr(holder, "access", None)
        if isinstance(rule, Rule):
            return rule
    return None
