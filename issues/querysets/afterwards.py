"""Questions about lines that were closed out: who has been heard, and what they said."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from liaison.accounts.models import User

if TYPE_CHECKING:
    # Named in the base classes as strings, which ruff does not read as use.
    from issues.models.afterwards import AccessLink, Rating  # noqa: F401
    from issues.models.issue import Issue  # noqa: F401


class ClosedOutQuerySet(QuerySet["Issue"]):
    """What is asked of lines after close-out; part of ``IssueQuerySet``."""

    def rated(self) -> Self:
        """Closed out, and the enterprise has said how content it is with that."""
        ratings = apps.get_model("issues", "Rating")._default_manager
        return self.filter(
            Exists(ratings.filter(issue=OuterRef("pk"), generation=OuterRef("generation"))),
            closed_at__isnull=False,
        )

    def unheard(self) -> Self:
        """Closed out, and nobody at the enterprise has been reached or has rated since."""
        return self.filter(callback_due_on__isnull=False)

    def callback_late(self, today: date) -> Self:
        """The same, and the last day for it has gone by."""
        return self.filter(callback_due_on__lt=today)

    def for_callbacks(self) -> Self:
        """What a row of the list of callbacks shows; ``tries`` is how often nobody was reached."""
        callbacks = apps.get_model("issues", "Callback")._default_manager
        tried = callbacks.filter(
            issue=OuterRef("pk"), generation=OuterRef("generation"), reached=False
        )
        of_one = tried.order_by().values("issue").annotate(n=Count("pk")).values("n")
        return (
            self.select_related("enterprise", "kind", "handler", "unit")
            .only(
                "number",
                "title",
                "callback_due_on",
                "closed_at",
                "unit__name",
                "enterprise__name",
                "enterprise__grade",
                "kind__name",
                "kind__name_en",
                "handler__name",
                "handler__username",
            )
            .annotate(tries=Coalesce(Subquery(of_one), 0))
        )


class RatingQuerySet(QuerySet["Rating"]):
    def visible_to(self, user: User) -> Self:
        """Of visible lines."""
        lines = apps.get_model("issues", "Issue")._default_manager.all()
        return self.filter(issue__in=lines.visible_to(user))

    def in_force(self) -> Self:
        """Of the close-out that stands: a line that was brought back since is to be rated anew."""
        return self.filter(generation=F("issue__generation"))

    def between(self, start: datetime, end: datetime) -> Self:
        """Given from ``start`` on, before ``end``."""
        return self.filter(at__gte=start, at__lt=end)

    def numbers(self) -> dict[str, float | None]:
        """``step_5`` to ``step_1``, ``all`` and the ``mean`` (None of none), in one query."""
        steps = {f"step_{step}": Count("pk", Q(step=step)) for step in (5, 4, 3, 2, 1)}
        return self.order_by().aggregate(all=Count("pk"), mean=Avg("step"), **steps)


class AccessLinkQuerySet(QuerySet["AccessLink"]):
    def open(self) -> Self:
        """Not ended by anybody; it may have run out."""
        return self.filter(ended_at__isnull=True)

    def holding(self, now: datetime) -> Self:
        """Opens its line now. A sensitive line is opened by none, nor does a link hold after the
        account of who made it was closed."""
        return self.open().filter(
            expires_at__gt=now, issue__sensitive=False, made_by__is_active=True
        )
