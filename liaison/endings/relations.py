"""What points at an enterprise, and what becomes of it when its entry goes: the whole list.

A relation that is not listed here is no oversight that passes unseen: where it holds something of
the entry that is to go, merging is refused (:func:`unlisted`), and a test demands that every
relation of the project is listed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.models import Enterprise


class Way(Enum):
    """MOVES: to the entry that stays. STAYS: it is what was, under the name of then. FOLLOWS: a
    verb of its own sees to it (`enterprises.actions.merging`)."""

    MOVES = auto()
    STAYS = auto()
    FOLLOWS = auto()


@dataclass(frozen=True)
class Relation:
    """``alike`` names a column that may hold a value once an enterprise (among ``once``): of what
    both entries have, the row of the entry that goes stays where it is. Of what ``held_once``, an
    enterprise has one, and keeps its own."""

    model: str
    column: str
    way: Way
    label: str | Promise
    alike: str = ""
    once: Q = field(default_factory=Q)
    held_once: Q | None = None

    def of(self, enterprise: Enterprise) -> QuerySet[Any]:
        """What it holds of this enterprise."""
        rows: QuerySet[Any] = apps.get_model(self.model)._base_manager.all()
        return rows.filter(**{self.column: enterprise})

    def following(self, absorbed: Enterprise, survivor: Enterprise) -> QuerySet[Any]:
        """What of it the verb that sees to it gives to the entry that stays."""
        rows = self.of(absorbed)
        if self.held_once is None:
            return rows
        if self.of(survivor).filter(self.held_once).exists():
            return rows.none()
        return rows.filter(self.held_once)

    def moving(self, absorbed: Enterprise, survivor: Enterprise) -> QuerySet[Any]:
        """What of it goes over to the entry that stays."""
        rows = self.of(absorbed)
        if self.way is not Way.MOVES:
            return rows.none()
        if not self.alike:
            return rows
        there = self.of(survivor).filter(self.once).values(self.alike)
        return rows.exclude(self.once & Q(**{f"{self.alike}__in": there}))


RELATIONS = (
    Relation("enterprises.Contact", "enterprise", Way.FOLLOWS, _("contacts")),
    Relation(
        "enterprises.GateCode",
        "enterprise",
        Way.FOLLOWS,
        _("gate cards"),
        held_once=Q(ended_at__isnull=True),
    ),
    Relation("enterprises.Enterprise", "merged_into", Way.FOLLOWS, _("entries merged earlier")),
    Relation("issues.Issue", "enterprise", Way.MOVES, _("lines of the bill")),
    Relation("issues.HeldRequest", "enterprise", Way.MOVES, _("held requests")),
    Relation("visits.Visit", "enterprise", Way.MOVES, pgettext_lazy("rows", "visits")),
    Relation("visits.Inspection", "enterprise", Way.MOVES, pgettext_lazy("rows", "inspections")),
    Relation("visits.CheckIn", "enterprise", Way.MOVES, _("arrivals")),
    Relation("documents.Addressed", "enterprise", Way.MOVES, _("documents sent"), "document"),
    Relation("documents.Order", "enterprise", Way.MOVES, _("rectification orders")),
    Relation("workers.Batch", "enterprise", Way.MOVES, _("batches of workers")),
    Relation(
        "workers.Worker", "enterprise", Way.MOVES, _("workers"), "id_index", ~Q(status="left")
    ),
    Relation("patrols.Guard", "enterprise", Way.MOVES, pgettext_lazy("rows", "guards")),
    # What was, under the name that it had.
    Relation("enterprises.Assignment", "enterprise", Way.STAYS, _("officers so far")),
    Relation("enterprises.StageChange", "enterprise", Way.STAYS, _("stages so far")),
    Relation("enterprises.Cadence", "enterprise", Way.STAYS, _("contact clock")),
    Relation("enterprises.Reminder", "enterprise", Way.STAYS, _("reminders so far")),
    Relation("enterprises.ImportRow", "enterprise", Way.STAYS, _("rows of imported lists")),
    Relation("patrols.Membership", "enterprise", Way.STAYS, _("patrol teams so far")),
    Relation("patrols.Pin", "enterprise", Way.STAYS, _("wishes for the teams")),
    Relation("patrols.Pin", "other", Way.STAYS, _("wishes for the teams with others")),
    Relation("patrols.Duty", "enterprise", Way.STAYS, _("nights served")),
    Relation("patrols.Wish", "enterprise", Way.STAYS, _("wishes for nights")),
    Relation("patrols.Absence", "enterprise", Way.STAYS, _("absences")),
    Relation("patrols.Absence", "substitute", Way.STAYS, _("nights stood in for")),
    Relation("patrols.SwapRequest", "asking", Way.STAYS, _("swaps asked for")),
    Relation("patrols.SwapRequest", "asked", Way.STAYS, _("swaps asked of it")),
    Relation("patrols.Response", "enterprise", Way.STAYS, _("response times")),
)


def pointing() -> Iterator[tuple[str, str]]:
    """Every relation of the project that points at an enterprise: model and field."""
    for relation in Enterprise._meta.related_objects:
        yield relation.related_model._meta.label, relation.field.name


def unlisted(absorbed: Enterprise) -> list[str]:
    """What holds something of this enterprise and is not in the list, by model and field."""
    listed = {(one.model, one.column) for one in RELATIONS}
    return [
        f"{model}.{field}"
        for model, field in pointing()
        if (model, field) not in listed
        and apps.get_model(model)._base_manager.filter(**{field: absorbed}).exists()
    ]
