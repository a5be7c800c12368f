"""Questions about visits and inspections."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from enterprises.models import Assignment
from liaison.accounts.models import MAY_ANSWER, Kind, Unit, User
from liaison.core.due import start_of
from liaison.core.literals import literally

if TYPE_CHECKING:
    # Named in the base classes as strings, which ruff does not read as use.
    from visits.models.arrival import CheckIn  # noqa: F401
    from visits.models.inspection import Inspection  # noqa: F401
    from visits.models.plan import DayPlan, PlannedCall  # noqa: F401
    from visits.models.position import VisitPosition  # noqa: F401
    from visits.models.visit import Finding, Promise, Visit, VisitFile  # noqa: F401
    from visits.models.word import VisitWord  # noqa: F401

# So long the enterprise is asked whether a visit was so.
ASKED_ABOUT = timedelta(days=90)
# The columns of a row of the list and of its orders.
ROW = (
    "happened_at",
    "channel",
    "summary",
    "unit__name",
    "enterprise__name",
    "officer__name",
    "officer__username",
    "word__came",
    "word__answered_at",
)


class VisitQuerySet(QuerySet["Visit"]):
    def visible_to(self, user: User) -> "VisitQuerySet":
        """Station staff: the station's. Bureau: everything below. Contacts read visits through
        the portal, which shows less than this; squads see none.
        """
        scope = _scope(user)
        return self.none() if scope is None else self.filter(scope)

    def for_contact(self, user: User) -> "VisitQuerySet":
        """What the portal shows to a contact: visits of the last 90 days to the enterprises that
        they speak for now. Of each it shows less than staff see."""
        if not user.is_active or not user.is_contact:
            return self.none()
        mine = user.contact_for.filter(left_on__isnull=True).values("enterprise")
        return self.filter(enterprise__in=mine, happened_at__gte=timezone.now() - ASKED_ABOUT)

    def said(self, what: Iterable[str]) -> "VisitQuerySet":
        """Of which the enterprise said one of these: codes of ``visits.forms.SAID``."""
        conditions = {
            "disputed": Q(word__came=False),
            "unanswered": Q(word__came=False, word__answered_at__isnull=True),
            "confirmed": Q(word__came=True),
        }
        asked = Q()
        for one in what:
            asked |= conditions[one]
        return self.filter(asked)

    def on_site(self) -> "VisitQuerySet":
        return self.filter(channel="on_site")

    def since(self, moment: datetime) -> "VisitQuerySet":
        return self.filter(happened_at__gte=moment)

    def for_ledger(self, user: User) -> "VisitQuerySet":
        """With what a row shows this person: a finding they may not see is not counted either."""
        return self.select_related("enterprise", "officer", "contact", "unit").prefetch_related(
            _findings_seen_by(user)
        )

    def for_rows(self, user: User) -> "VisitQuerySet":
        """What a row of the list shows, and nothing else of the tables it is put together from."""
        return (
            self.select_related("enterprise", "officer", "unit", "word")
            .only(*ROW)
            .with_file_count()
            .prefetch_related(
                Prefetch("findings", _findings().visible_to(user).only("visit"), to_attr="found")
            )
        )

    def with_file_count(self) -> "VisitQuerySet":
        """With ``file_count``: how many photos and voice notes of its own each has."""
        files = apps.get_model("visits", "VisitFile")._default_manager
        of_one = files.filter(visit=OuterRef("pk")).order_by().values("visit")
        counted = Subquery(of_one.annotate(n=Count("pk")).values("n"))
        return self.annotate(file_count=Coalesce(counted, 0))


class VisitFileQuerySet(QuerySet["VisitFile"]):
    def visible_to(self, user: User) -> "VisitFileQuerySet":
        """Of visible visits."""
        scope = _scope(user, "visit__")
        return self.none() if scope is None else self.filter(scope)


class VisitWordQuerySet(QuerySet["VisitWord"]):
    def visible_to(self, user: User) -> "VisitWordQuerySet":
        """Of visible visits; contacts read theirs with the visit."""
        scope = _scope(user, "visit__")
        return self.none() if scope is None else self.filter(scope)

    def unanswered(self) -> "VisitWordQuerySet":
        """Disputed, and no chief has answered."""
        return self.filter(came=False, answered_at__isnull=True)


class InspectionQuerySet(QuerySet["Inspection"]):
    def visible_to(self, user: User) -> "InspectionQuerySet":
        scope = _scope(user)
        return self.none() if scope is None else self.filter(scope)

    def for_ledger(self, user: User) -> "InspectionQuerySet":
        return self.select_related("enterprise").prefetch_related(
            "officers", _findings_seen_by(user)
        )


class CheckInQuerySet(QuerySet["CheckIn"]):
    def visible_to(self, user: User) -> "CheckInQuerySet":
        scope = _scope(user)
        return self.none() if scope is None else self.filter(scope)

    def before(self, visit: "Visit") -> "CheckInQuerySet":
        """The officer's arrivals at the enterprise on the day of the visit, the last one first."""
        day = start_of(timezone.localdate(visit.happened_at))
        return self.filter(
            officer=visit.officer_id,
            enterprise=visit.enterprise_id,
            happened_at__gte=day,
            happened_at__lte=visit.happened_at,
        ).order_by("-happened_at", "-pk")


class VisitPositionQuerySet(QuerySet["VisitPosition"]):
    def visible_to(self, user: User) -> "VisitPositionQuerySet":
        """Of visits and arrivals that the person sees. How far it was is for all of them; of whom
        the coordinates are for, ``nearness.may_see_where`` speaks."""
        visit, check_in = _scope(user, "visit__"), _scope(user, "check_in__")
        if visit is None or check_in is None:
            return self.none()
        return self.filter(visit | check_in)

    def of(self, person: User) -> "VisitPositionQuerySet":
        return self.filter(Q(visit__officer=person) | Q(check_in__officer=person))

    def with_coordinates(self) -> "VisitPositionQuerySet":
        return self.filter(taken_at__isnull=False)

    def taken_before(self, moment: datetime) -> "VisitPositionQuerySet":
        return self.with_coordinates().filter(taken_at__lte=moment)


class FindingQuerySet(QuerySet["Finding"]):
    def visible_to(self, user: User) -> "FindingQuerySet":
        """Findings whose bill line the person may see; a sensitive one hides its finding too."""
        issues = apps.get_model("issues", "Issue")._default_manager.all()
        return self.filter(issue__in=issues.visible_to(user))


class PromiseQuerySet(QuerySet["Promise"]):
    def visible_to(self, user: User) -> "PromiseQuerySet":
        scope = _scope(user)
        return self.none() if scope is None else self.filter(scope)

    def open(self) -> "PromiseQuerySet":
        return self.filter(kept_at__isnull=True)

    def to_be_kept_by(self, officers: Iterable[int]) -> "PromiseQuerySet":
        """Made to enterprises that one of these officers answers for, and what they promised
        elsewhere. Promises go along when an enterprise is handed over.
        """
        officers = list(officers)
        handed_over = Assignment.objects.filter(
            enterprise=OuterRef("visit__enterprise"),
            officer=OuterRef("visit__officer"),
            ended_at__gte=OuterRef("visit__happened_at"),
        )
        answers_for = (
            Assignment.objects.all()
            .open()
            .responsible()
            .filter(officer__in=officers, enterprise=OuterRef("visit__enterprise"))
        )
        made = Q(visit__officer__in=officers)
        return self.filter(Exists(answers_for) | (made & ~Exists(handed_over)))


class DayPlanQuerySet(QuerySet["DayPlan"]):
    def visible_to(self, user: User) -> "DayPlanQuerySet":
        """One's own; a chief also those of the station's people."""
        if not user.is_active or user.kind not in MAY_ANSWER or user.unit is None:
            return self.none()
        if user.kind == Kind.CHIEF:
            return self.filter(officer__unit=user.unit)
        return self.filter(officer=user)

    def of(self, officer: User, day: date) -> "DayPlanQuerySet":
        return self.filter(officer=officer, day=day)

    def with_urgency(self) -> "DayPlanQuerySet":
        """With ``urgent``: whether something has come in since it was made."""
        heard = apps.get_model("visits", "Urgency")._default_manager
        return self.annotate(urgent=Exists(heard.filter(officer=OuterRef("officer"))))

    def due(self, now: datetime) -> "DayPlanQuerySet":
        """To be made anew by now; a day that is over is planned no more."""
        return self.filter(due_at__lte=now, day__gte=timezone.localdate(now))


class PlannedCallQuerySet(QuerySet["PlannedCall"]):
    def visible_to(self, user: User) -> "PlannedCallQuerySet":
        """Of visible plans."""
        plans = apps.get_model("visits", "DayPlan")._default_manager.all()
        return self.filter(plan__in=plans.visible_to(user))


def _findings_seen_by(user: User) -> "Prefetch[Any]":
    return Prefetch("findings", _findings().visible_to(user).select_related("issue"))


def _findings() -> FindingQuerySet:
    # The models' module imports this one; the registry is complete when a question is asked.
    return apps.get_model("visits", "Finding")._default_manager.all()


def _scope(user: User, path: str = "") -> Q | None:
    """What the person sees of rows that have a unit, or lead to it by the path; None: nothing."""
    if not user.is_active or user.is_contact or user.unit is None:
        return None
    if user.unit.kind == Unit.Kind.SQUAD:
        return None
    if user.kind == Kind.BUREAU:
        return literally(Q(**{f"{path}unit__path__startswith": user.unit.path}))
    return Q(**{f"{path}unit": user.unit})
