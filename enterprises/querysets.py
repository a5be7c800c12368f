"""Questions about enterprises and who answers for them. Every answer starts at visible_to."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from liaison.accounts.models import MAY_ANSWER, Kind, Unit, User, may_answer
from liaison.core.literals import literally
from liaison.core.sheets import normalise_text
from liaison.core.text_search import found_in, holds

if TYPE_CHECKING:
    # Named in the base classes as strings, which ruff does not read as use.
    from enterprises.models.assignment import Assignment, Cover  # noqa: F401
    from enterprises.models.cadence import Cadence, ContactPolicy  # noqa: F401
    from enterprises.models.enterprise import Contact, Enterprise, StageChange  # noqa: F401
    from enterprises.models.gate import GateCode  # noqa: F401
    from enterprises.models.importing import ImportBatch  # noqa: F401
    from enterprises.models.invitation import Invitation  # noqa: F401
    from enterprises.models.reminder import ReminderRule  # noqa: F401

# The columns of a row, of the orders it can have, and of whoever answers for it.
ROW = (
    "name",
    "kind",
    "tier",
    "stage",
    "grade",
    "industry",
    "address",
    "unit__name",
    "cadence__last_contact_at",
    "cadence__next_contact_due_on",
    "cadence__next_visit_due_on",
)
ANSWERING = ("enterprise", "role", "officer__name", "officer__username")


def reaches_far(by: User | None) -> bool:
    """Whether a search by this person, or by somebody unknown, is among many stations."""
    return by is None or not (by.is_station_staff or by.is_contact)


class EnterpriseQuerySet(QuerySet["Enterprise"]):
    def visible_to(self, user: User) -> "EnterpriseQuerySet":
        """Contacts: their own. Station staff: the station's. Bureau: everything below.

        Squads see single bill lines, never the enterprise list.
        """
        if not user.is_active:
            return self.none()
        if user.is_contact:
            return self.filter(
                pk__in=user.contact_for.filter(left_on__isnull=True).values("enterprise")
            )
        if user.unit is None or user.unit.kind == Unit.Kind.SQUAD:
            return self.none()
        if user.kind == Kind.BUREAU:
            return self.filter(literally(Q(unit__path__startswith=user.unit.path)))
        return self.filter(unit=user.unit)

    def live(self) -> "EnterpriseQuerySet":
        """Not closed down: those that must have an officer."""
        return self.filter(~literally(Q(stage="closed")))

    def unassigned(self) -> "EnterpriseQuerySet":
        """Live, and nobody answers for it now.

        An officer who has left or serves at another station answers no more, whatever the row says.
        """
        return self.live().filter(~answered())

    def answered_by(self, officers: Iterable[User | int]) -> "EnterpriseQuerySet":
        """Whose responsible officer is one of these, covers not counted."""
        return self.filter(Exists(_open_assignments().filter(officer__in=list(officers))))

    def mine(self, officer: User, on: date | None = None) -> "EnterpriseQuerySet":
        """What this officer must look after on that day: own ones and those covered for others."""
        covered = officer.covers.active(on or timezone.localdate()).values("officer")
        # Found by the officer: what is found by the enterprise is looked up for each of a station.
        answers = _assignments().open().responsible()
        return self.filter(
            Q(pk__in=answers.filter(officer=officer).values("enterprise"))
            | Q(pk__in=answers.filter(officer__in=covered).values("enterprise"))
        )

    def contact_overdue(self, today: date) -> "EnterpriseQuerySet":
        """A contact or an on-site visit should have been made before today."""
        return self.filter(
            Q(cadence__next_contact_due_on__lt=today) | Q(cadence__next_visit_due_on__lt=today)
        )

    def contact_due(self, today: date) -> "EnterpriseQuerySet":
        """Due today or before."""
        return self.filter(
            Q(cadence__next_contact_due_on__lte=today) | Q(cadence__next_visit_due_on__lte=today)
        )

    def due_on(self, day: date) -> "EnterpriseQuerySet":
        """A contact or an on-site visit is due on that very day."""
        return self.filter(Q(cadence__next_contact_due_on=day) | Q(cadence__next_visit_due_on=day))

    def matching(self, words: str, by: User | None = None) -> "EnterpriseQuerySet":
        """Search by part of the name, its initials, the credit code, a contact's name or phone.

        Costs what ``found_in`` says, less where it is known ``by`` whom: how far the rows reach.
        """
        # Names are kept in this spelling; people type ， （） and full-width digits.
        words = normalise_text(words)
        if not words:
            return self
        of_many = reaches_far(by)
        own = holds("name", words, of_many=of_many)
        if words.isascii():
            own |= Q(initials__icontains=words)
            own |= Q(credit_code__istartswith=words)
        ways = [own]
        digits = "".join(filter(str.isdigit, words))
        if len(digits) >= 4 and not words.strip("0123456789 +-"):
            ways.append(Q(Exists(_contacts().filter(phone__icontains=digits))))
        elif not words.isascii():
            ways.append(Q(Exists(_contacts().filter(holds("name", words, of_many=of_many)))))
        return found_in(self, *ways, of_many=of_many)

    def with_officer(self) -> "EnterpriseQuerySet":
        """With ``officer_id``, who is responsible now, in the same query."""
        return self.annotate(officer_id=Subquery(_open_assignments().values("officer")[:1]))

    def for_ledger(self) -> "EnterpriseQuerySet":
        """With what a ledger row shows, in a constant number of queries."""
        return self.select_related("unit", "cadence").prefetch_related(
            Prefetch(
                "assignments",
                _assignments().open().select_related("officer"),
                to_attr="open_assignments",
            )
        )

    def for_cards(self) -> "EnterpriseQuerySet":
        """What the card at the gate shows, and the code on it (``held_codes``)."""
        codes: GateCodeQuerySet = _model("GateCode")._default_manager.all()  # type: ignore[assignment]
        held = Prefetch("gate_codes", codes.holding(), to_attr="held_codes")
        return self.for_rows().prefetch_related(held)

    def for_rows(self) -> "EnterpriseQuerySet":
        """What a row of a list shows, and nothing else of the tables it is put together from."""
        answering = _assignments().open().select_related("officer").only(*ANSWERING)
        return (
            self.select_related("unit", "cadence")
            .only(*ROW)
            .prefetch_related(Prefetch("assignments", answering, to_attr="open_assignments"))
        )


class AssignmentQuerySet(QuerySet["Assignment"]):
    def visible_to(self, user: User) -> "AssignmentQuerySet":
        return self.filter(enterprise__in=_enterprises().visible_to(user))

    def open(self) -> "AssignmentQuerySet":
        return self.filter(ended_at__isnull=True)

    def responsible(self) -> "AssignmentQuerySet":
        return self.filter(literally(Q(role="responsible")))

    def deputies(self) -> "AssignmentQuerySet":
        return self.filter(literally(Q(role="deputy")))


class CoverQuerySet(QuerySet["Cover"]):
    def visible_to(self, user: User) -> "CoverQuerySet":
        if not user.is_active or user.unit is None or user.is_contact:
            return self.none()
        if user.kind == Kind.BUREAU:
            return self.filter(literally(Q(officer__unit__path__startswith=user.unit.path)))
        return self.filter(officer__unit__in=Unit.objects.station(user.unit_id))

    def active(self, on: date) -> "CoverQuerySet":
        return self.between(on, on)

    def between(self, first: date, last: date) -> "CoverQuerySet":
        """Not cancelled, and some day of these is covered."""
        return self.filter(cancelled_at__isnull=True, starts_on__lte=last, ends_on__gte=first)

    def of(self, person: User) -> "CoverQuerySet":
        """Those in which the person acts for another, or another for the person."""
        return self.filter(Q(acting=person) | Q(officer=person))


class ContactQuerySet(QuerySet["Contact"]):
    def visible_to(self, user: User) -> "ContactQuerySet":
        return self.filter(enterprise__in=_enterprises().visible_to(user))

    def present(self) -> "ContactQuerySet":
        return self.filter(left_on__isnull=True)

    def for_people(self) -> "ContactQuerySet":
        """With account and invitations (``sent``, the newest first): two queries, however many."""
        sent = _model("Invitation")._default_manager.order_by("-made_at", "-pk")
        return self.select_related("user").prefetch_related(
            Prefetch("invitations", sent, to_attr="sent")
        )


class InvitationQuerySet(QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        """Neither used nor taken back; it may have run out."""
        return self.filter(used_at__isnull=True, revoked_at__isnull=True)

    def valid(self, now: datetime) -> "InvitationQuerySet":
        """Those that still open the door: of a contact and an enterprise that are there."""
        there = self.filter(contact__left_on__isnull=True)
        return there.open().filter(expires_at__gt=now).exclude(contact__enterprise__stage="closed")


class StageChangeQuerySet(QuerySet["StageChange"]):
    def visible_to(self, user: User) -> "StageChangeQuerySet":
        return self.filter(enterprise__in=_enterprises().visible_to(user))


class CadenceQuerySet(QuerySet["Cadence"]):
    def visible_to(self, user: User) -> "CadenceQuerySet":
        return self.filter(enterprise__in=_enterprises().visible_to(user))

    def to_remind(self, now: datetime) -> "CadenceQuerySet":
        """A step of a ladder may be due."""
        return self.filter(next_reminder_at__lte=now)


class ContactPolicyQuerySet(QuerySet["ContactPolicy"]):
    def visible_to(self, user: User) -> "ContactPolicyQuerySet":
        """The defaults and one's own unit's rows."""
        if not user.is_active or user.unit is None or user.is_contact:
            return self.none()
        return self.filter(Q(unit__isnull=True) | Q(unit__path__startswith=user.unit.path))

    def holding_at(self, unit: Unit) -> "ContactPolicyQuerySet":
        """The station's own rows where it has any, else the defaults."""
        own = self.filter(unit=unit)
        return own if own.exists() else self.filter(unit__isnull=True)


class ReminderRuleQuerySet(QuerySet["ReminderRule"]):
    def visible_to(self, user: User) -> "ReminderRuleQuerySet":
        """Staff read the general rows, those of their unit and of what is below it."""
        if not user.is_active or user.is_contact or user.unit is None:
            return self.none()
        return self.filter(Q(unit__isnull=True) | Q(unit__path__startswith=user.unit.path))

    def fitting(self, unit: Unit | None) -> "ReminderRuleQuerySet":
        """Those that may hold at the unit: its own and the general ones."""
        return self.filter(Q(unit__isnull=True) | Q(unit=unit))

    def exactly(self, unit: Unit | None, kind: str) -> "ReminderRuleQuerySet":
        """The unit's own rows of the kind; None is any unit, not all."""
        rows = self.filter(unit=unit) if unit else self.filter(unit__isnull=True)
        return rows.filter(kind=kind)


class GateCodeQuerySet(QuerySet["GateCode"]):
    def visible_to(self, user: User) -> "GateCodeQuerySet":
        return self.filter(enterprise__in=_enterprises().visible_to(user))

    def holding(self) -> "GateCodeQuerySet":
        """Those on the card printed last."""
        return self.filter(ended_at__isnull=True)


class ImportBatchQuerySet(QuerySet["ImportBatch"]):
    def visible_to(self, user: User) -> "ImportBatchQuerySet":
        """Lists are loaded by the desk and chiefs of the station, and seen by them only."""
        if not user.is_active or user.kind not in (Kind.DESK, Kind.CHIEF):
            return self.none()
        return self.filter(unit=user.unit)


def acts_as(path: str, person: User, on: date | None = None) -> Q:
    """Rows that lead by ``path`` to this person, or to one for whom the person acts on that day;
    today if none is given. Only whoever can answer for an enterprise can act for another: nobody
    becomes anything else while a cover lasts (`nobody_leaves_a_cover_behind`).
    """
    own = Q(**{path: person})
    if person.kind not in MAY_ANSWER:
        return own
    covered = person.covers.active(on or timezone.localdate()).values("officer")
    return own | Q(**{f"{path}__in": covered})


def answered() -> Q:
    """Of an enterprise: somebody answers for it who serves at its station and is fit to."""
    fit = _open_assignments().filter(may_answer("officer__"), officer__unit=OuterRef("unit"))
    return Q(Exists(fit))


def answered_at(unit: Unit) -> Q:
    """The same of one station's enterprises: found once by its officers, not looked up for each."""
    answers = _assignments().open().responsible()
    fit = answers.filter(may_answer("officer__"), officer__unit=unit)
    return Q(pk__in=fit.values("enterprise"))


# The models' module imports this one; these reach them through Django's registry, which is
# complete by the time a question is asked.
def _model(name: str) -> type[models.Model]:
    return apps.get_model("enterprises", name)


def _enterprises() -> EnterpriseQuerySet:
    return _model("Enterprise")._default_manager.all()  # type: ignore[return-value]


def _assignments() -> AssignmentQuerySet:
    return _model("Assignment")._default_manager.all()  # type: ignore[return-value]


def _contacts() -> QuerySet["Contact"]:
    return _model("Contact")._default_manager.filter(  # type: ignore[return-value]
        enterprise=OuterRef("pk"), left_on__isnull=True
    )


def _open_assignments() -> AssignmentQuerySet:
    return _assignments().open().responsible().filter(enterprise=OuterRef("pk"))
