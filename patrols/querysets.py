"""Questions about teams, guards and nights. Every answer starts at visible_to."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from liaison.accounts.models import Kind, Unit, User
from liaison.core.literals import literally
from patrols.certificates import KEEPS_INSIDE, SELF_RECRUITED, WARNS_BEFORE, State

if TYPE_CHECKING:
    # Named in the base classes as strings, which ruff does not read as use.
    from patrols.models.guard import Guard, GuardList  # noqa: F401
    from patrols.models.night import Duty, DutyNight, Wish  # noqa: F401
    from patrols.models.roster import Absence, Roster, SwapRequest  # noqa: F401
    from patrols.models.team import (  # noqa: F401
        Barrier,
        Draft,
        Membership,
        PatrolTeam,
        Pin,
    )


def seen_by(user: User, *, unit: str, enterprise: str = "") -> Q | None:
    """The station's people: the station's. A bureau: everything below it. A contact: what is of
    its own ``enterprise``, nothing where none is named. None is nobody's.
    """
    if not user.is_active:
        return None
    if user.is_contact:
        return Q(**{f"{enterprise}__in": own_enterprises(user)}) if enterprise else None
    if user.unit is None or user.unit.kind == Unit.Kind.SQUAD:
        return None
    if user.kind == Kind.BUREAU:
        return literally(Q(**{f"{unit}__path__startswith": user.unit.path}))
    return Q(**{unit: user.unit})


def own_enterprises(contact: User) -> QuerySet[Any, Any]:
    """The enterprises for which this contact speaks now."""
    return contact.contact_for.filter(left_on__isnull=True).values("enterprise")


class PatrolTeamQuerySet(QuerySet["PatrolTeam"]):
    def visible_to(self, user: User) -> "PatrolTeamQuerySet":
        """A contact sees the teams in which its enterprises stand."""
        if user.is_active and user.is_contact:
            own = own_enterprises(user)
            return self.filter(
                pk__in=self.model._default_manager.filter(
                    memberships__enterprise__in=own, memberships__ended_on__isnull=True
                ).values("pk")
            )
        seen = seen_by(user, unit="unit")
        return self.none() if seen is None else self.filter(seen)

    def on(self, evening: date) -> "PatrolTeamQuerySet":
        """Which are teams on that night."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=evening))


class MembershipQuerySet(QuerySet["Membership"]):
    def visible_to(self, user: User) -> "MembershipQuerySet":
        if user.is_active and user.is_contact:
            own = own_enterprises(user)
            return self.filter(enterprise__in=own)
        seen = seen_by(user, unit="team__unit")
        return self.none() if seen is None else self.filter(seen)

    def on(self, evening: date) -> "MembershipQuerySet":
        """Who belongs to a team on that night."""
        return self.filter(
            Q(ended_on__isnull=True) | Q(ended_on__gt=evening), began_on__lte=evening
        )


class PinQuerySet(QuerySet["Pin"]):
    def visible_to(self, user: User) -> "PinQuerySet":
        seen = seen_by(user, unit="unit")
        return self.none() if seen is None else self.filter(seen)


class BarrierQuerySet(QuerySet["Barrier"]):
    def visible_to(self, user: User) -> "BarrierQuerySet":
        seen = seen_by(user, unit="unit")
        return self.none() if seen is None else self.filter(seen)


class DraftQuerySet(QuerySet["Draft"]):
    def visible_to(self, user: User) -> "DraftQuerySet":
        seen = seen_by(user, unit="unit")
        return self.none() if seen is None else self.filter(seen)

    def open(self) -> "DraftQuerySet":
        return self.filter(state="open")


class GuardQuerySet(QuerySet["Guard"]):
    def visible_to(self, user: User) -> "GuardQuerySet":
        """A contact sees the guards of its own enterprises."""
        seen = seen_by(user, unit="unit", enterprise="enterprise")
        return self.none() if seen is None else self.filter(seen)

    def here(self, today: date) -> "GuardQuerySet":
        """Who has not left."""
        return self.filter(Q(left_on__isnull=True) | Q(left_on__gt=today))

    def valid_on(self, evening: date) -> "GuardQuerySet":
        """Who may patrol on that night: ``certificates.is_valid`` as a condition."""
        return self.filter(
            ~Q(certificate=""),
            ~Q(outside__in=KEEPS_INSIDE),
            certificate_until__gt=evening,
            joined_on__lte=evening,
        ).here(evening)

    def ending_soon(self, today: date) -> "GuardQuerySet":
        """Whose certificate is valid today and not for thirty days more."""
        return self.valid_on(today).filter(certificate_until__lte=today + WARNS_BEFORE)

    def unanswered(self) -> "GuardQuerySet":
        """Of whom an officer has still to say whether they may patrol outside."""
        return self.filter(employer=SELF_RECRUITED, outside="")

    def for_list(self) -> "GuardQuerySet":
        return self.select_related("enterprise", "unit", "legal_basis")

    def next_duty(self) -> "GuardQuerySet":
        """With ``duty_on``, the next night that they are on the roster for."""
        ahead = Q(duties__night_on__gte=timezone.localdate())
        return self.annotate(duty_on=Min("duties__night_on", filter=ahead))

    def in_state(self, states: Iterable[str], today: date) -> "GuardQuerySet":
        """``certificates.certificate_state`` as a condition."""
        none = Q(certificate="") | Q(certificate_until__isnull=True)
        soon = today + WARNS_BEFORE
        of = {
            State.NONE: none,
            State.EXPIRED: ~Q(certificate="") & Q(certificate_until__lte=today),
            State.ENDING: ~Q(certificate="")
            & Q(certificate_until__gt=today, certificate_until__lte=soon),
            State.VALID: ~Q(certificate="") & Q(certificate_until__gt=soon),
        }
        wanted = Q(pk__in=())
        for state in states:
            wanted |= of[State(state)]
        return self.filter(wanted)

    def gone(self, today: date) -> "GuardQuerySet":
        return self.filter(left_on__lte=today)

    def matching(self, words: str) -> "GuardQuerySet":
        """Part of the name, the certificate number or the enterprise's name."""
        words = words.strip()
        if not words:
            return self
        return self.filter(
            Q(name__icontains=words)
            | Q(certificate__icontains=words)
            | Q(enterprise__name__icontains=words)
        )

    def of(self, enterprises: Iterable[int]) -> "GuardQuerySet":
        return self.filter(enterprise__in=list(enterprises))


class GuardListQuerySet(QuerySet["GuardList"]):
    def visible_to(self, user: User) -> "GuardListQuerySet":
        """The station's; of what was discarded nothing is left to see."""
        if user.is_contact or user.kind == Kind.BUREAU:
            return self.none()
        seen = seen_by(user, unit="unit")
        return self.none() if seen is None else self.filter(seen).exclude(state="discarded")


class RosterQuerySet(QuerySet["Roster"]):
    def visible_to(self, user: User) -> "RosterQuerySet":
        """Contacts see what is published of their own teams."""
        if user.is_active and user.is_contact:
            own = own_enterprises(user)
            of = self.model._default_manager.filter(nights__duties__enterprise__in=own)
            return self.filter(state="published", pk__in=of.values("pk"))
        seen = seen_by(user, unit="team__unit")
        return self.none() if seen is None else self.filter(seen)


class DutyNightQuerySet(QuerySet["DutyNight"]):
    def visible_to(self, user: User) -> "DutyNightQuerySet":
        """Contacts see the published nights on which their enterprises are on duty."""
        if user.is_active and user.is_contact:
            out = self.model._default_manager.filter(duties__enterprise__in=own_enterprises(user))
            return self.filter(roster__state="published", pk__in=out.values("pk"))
        seen = seen_by(user, unit="team__unit")
        return self.none() if seen is None else self.filter(seen)

    def tonight(self, evening: date) -> "DutyNightQuerySet":
        return self.filter(night_on=evening)


class DutyQuerySet(QuerySet["Duty"]):
    def visible_to(self, user: User) -> "DutyQuerySet":
        """Contacts see their own enterprises' published duties."""
        if user.is_active and user.is_contact:
            own = own_enterprises(user)
            return self.filter(night__roster__state="published", enterprise__in=own)
        seen = seen_by(user, unit="night__team__unit")
        return self.none() if seen is None else self.filter(seen)


class WishQuerySet(QuerySet["Wish"]):
    def visible_to(self, user: User) -> "WishQuerySet":
        seen = seen_by(user, unit="enterprise__unit", enterprise="enterprise")
        return self.none() if seen is None else self.filter(seen)


class SwapRequestQuerySet(QuerySet["SwapRequest"]):
    def visible_to(self, user: User) -> "SwapRequestQuerySet":
        """Contacts see those that their enterprises ask for or are asked."""
        if user.is_active and user.is_contact:
            own = own_enterprises(user)
            return self.filter(Q(asking__in=own) | Q(asked__in=own))
        seen = seen_by(user, unit="team__unit")
        return self.none() if seen is None else self.filter(seen)

    def open(self) -> "SwapRequestQuerySet":
        return self.filter(state__in=("asked", "accepted"))


class AbsenceQuerySet(QuerySet["Absence"]):
    def visible_to(self, user: User) -> "AbsenceQuerySet":
        seen = seen_by(user, unit="enterprise__unit", enterprise="enterprise")
        return self.none() if seen is None else self.filter(seen)
