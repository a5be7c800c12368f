"""Carrying a plan out: what is there now, and the bulk writes. Inside the caller's transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.actions.cadence import CLOCK_FACTS, recompute_cadence, start_cadence
from enterprises.actions.enterprise import EDITABLE
from enterprises.importing.planning import Known, Outcome, Planned
from enterprises.models import Assignment, Contact, Enterprise, Stage, StageChange
from enterprises.signals import closed_down
from liaison.accounts.models import Unit, User
from liaison.core.refused import Conflict

# What a list can say about an enterprise: all that a person may set, and the stage.
FIELDS = (*EDITABLE, "stage")
DERIVED = ("identity_key", "initials")
CONTACT_FIELDS = ("name", "position", "phone")
# What a list may change of a contact whom it knows by name.
MOVING = ("position", "phone")
# Below the number of parameters that SQLite takes in one statement.
BATCH = 400

T = TypeVar("T")


def batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[at : at + BATCH] for at in range(0, len(items), BATCH))


def one_import_at_a_time(unit: Unit) -> None:
    """Whoever comes second waits here until we commit, and then plans against what we wrote."""
    Unit.objects.filter(pk=unit.pk).update(name=F("name"))


def known_at(unit: Unit) -> list[Known]:
    """The unit's enterprises with their contacts, as a plan needs them. Two queries.

    Those present come first; those who left are there so that an old list does not bring them back.
    So are entries that were merged into others.
    """
    contacts: dict[int, list[dict[str, Any]]] = {}
    people = Contact.objects.filter(enterprise__unit=unit)
    for row in people.order_by(F("left_on").asc(nulls_first=True), "pk").values(
        "enterprise_id", "id", "left_on", *CONTACT_FIELDS
    ):
        row["left"] = row.pop("left_on") is not None
        contacts.setdefault(row.pop("enterprise_id"), []).append(row)
    return [
        Known(
            row.pop("id"),
            row,
            contacts.get(pk, []),
            row.pop("version"),
            merged_into=row.pop("merged_into__name") or "",
        )
        for row in Enterprise.objects.filter(unit=unit)
        .order_by("pk")
        .values("id", "version", "merged_into__name", *FIELDS)
        for pk in (row["id"],)
    ]


def carry_out(unit: Unit, plan: Sequence[Planned], *, by: User | None) -> dict[int, int]:
    """Write what the plan says. Returns the enterprise's id by row number.

    For undo the plan is told the ids of contacts it added and of the places it ended. Raises
    Conflict when an enterprise was changed since the plan was made.
    """
    created = [one for one in plan if one.outcome == Outcome.CREATED]
    updated = [one for one in plan if one.outcome == Outcome.UPDATED]
    _create(unit, created, by=by)
    _update(updated, by=by)
    meant = {one.number: one.known.pk for one in plan if one.known and one.known.pk}
    moved = [meant[one.number] for one in updated if one.changes.keys() & set(CLOCK_FACTS)]
    clocks = Enterprise.objects.select_related("unit").filter(unit=unit)
    for some in batches(moved):
        recompute_cadence(clocks.filter(pk__in=some))
    return meant


def _create(unit: Unit, plan: Sequence[Planned], *, by: User | None) -> None:
    made = []
    # The list comes in at one moment.
    now = timezone.now()
    for one in plan:
        if one.known is None:
            raise ValueError("a row that creates an enterprise must describe it")
        enterprise = Enterprise(unit=unit, created_at=now, updated_at=now, **one.known.fields)
        enterprise.fill_derived()
        made.append(enterprise)
    try:
        with transaction.atomic():
            Enterprise.objects.bulk_create(made, batch_size=BATCH)
    except IntegrityError as error:
        raise changed_since() from error
    StageChange.objects.bulk_create(
        [StageChange(enterprise=one, to_stage=one.stage, by=by) for one in made], batch_size=BATCH
    )
    people: list[Contact] = []
    for one, enterprise in zip(plan, made, strict=True):
        if one.known is not None:
            one.known.pk = enterprise.pk
            people += _contacts(enterprise.pk, one.known.contacts, has_primary=False)
    Contact.objects.bulk_create(people, batch_size=BATCH)
    start_cadence(unit, made)


def _update(plan: Sequence[Planned], *, by: User | None) -> None:
    now = timezone.now()
    for some in batches(plan):
        seen = {one.known.pk: one for one in some if one.known is not None and one.known.pk}
        rows = Enterprise.objects.filter(pk__in=seen)
        # Written before it is read: from here on nobody else changes them.
        rows.update(version=F("version") + 1, updated_at=now)
        enterprises = list(rows.order_by("pk"))
        steps: list[StageChange] = []
        for enterprise in enterprises:
            one = seen[enterprise.pk]
            if one.known is None or enterprise.version != one.known.version + 1:
                raise changed_since()
            if "stage" in one.changes:
                before, after = one.changes["stage"]
                steps.append(
                    StageChange(enterprise=enterprise, from_stage=before, to_stage=after, by=by)
                )
            put(enterprise, {name: pair[1] for name, pair in _facts(one.changes).items()})
        write(enterprises, {name for one in some for name in _facts(one.changes)})
        StageChange.objects.bulk_create(steps)
        gone = {one.enterprise_id for one in steps if one.to_stage == Stage.CLOSED}
        _end_places({pk: seen[pk] for pk in gone})
        if closed := [one for one in enterprises if one.pk in gone]:
            closed_down.send(Enterprise, enterprises=closed, by=by)
        _update_contacts(
            {pk: one.changes["contacts"] for pk, one in seen.items() if "contacts" in one.changes}
        )


def _facts(changes: dict[str, Any]) -> dict[str, Any]:
    return {name: pair for name, pair in changes.items() if name != "contacts"}


def put(enterprise: Enterprise, values: dict[str, Any]) -> None:
    """Set columns and what follows from them; saves nothing."""
    for name, value in values.items():
        setattr(enterprise, name, value)
    enterprise.fill_derived()


def write(enterprises: Sequence[Enterprise], names: Iterable[str]) -> None:
    """Save these columns and what follows from them."""
    try:
        with transaction.atomic():
            Enterprise.objects.bulk_update(enterprises, sorted({*names, *DERIVED}), batch_size=50)
    except IntegrityError as error:
        raise changed_since() from error


def _end_places(closed: Mapping[int, Planned]) -> None:
    """As in change_stage: closing an enterprise down ends the promise of an officer."""
    places = Assignment.objects.filter(enterprise__in=closed).open()
    for enterprise, place in places.values_list("enterprise_id", "pk"):
        closed[enterprise].ended.append(place)
    places.update(ended_at=timezone.now())


def _update_contacts(changes: Mapping[int, dict[str, Any]]) -> None:
    """Write "added" and "changed" of each enterprise."""
    move_contacts(
        {
            one["id"]: {name: one[name] for name in MOVING if name in one}
            for change in changes.values()
            for one in change["changed"]
        }
    )
    firsts = Contact.objects.filter(enterprise__in=changes, is_primary=True).present()
    called = set(firsts.values_list("enterprise_id", flat=True))
    people = [
        person
        for pk, change in changes.items()
        for person in _contacts(pk, change["added"], has_primary=pk in called)
    ]
    try:
        with transaction.atomic():
            made = Contact.objects.bulk_create(people, batch_size=BATCH)
    except IntegrityError as error:
        raise changed_since() from error
    added = [one for change in changes.values() for one in change["added"]]
    for one, person in zip(added, made, strict=True):
        one["id"] = person.pk


def move_contacts(moves: Mapping[int, Mapping[str, Sequence[str]]]) -> None:
    """Set what is known of contacts: id to field to [before, after].

    Raises Conflict where what was before is so no more.
    """
    for some in batches(list(moves)):
        people = Contact.objects.filter(pk__in=some)
        # Written before it is read, like the enterprises.
        people.update(name=F("name"))
        found = list(people)
        for person in found:
            for name, (before, after) in moves[person.pk].items():
                if getattr(person, name) != before:
                    raise changed_since()
                setattr(person, name, after)
        Contact.objects.bulk_update(found, MOVING, batch_size=100)


def _contacts(
    enterprise: int, people: Sequence[dict[str, Any]], *, has_primary: bool
) -> list[Contact]:
    return [
        Contact(
            enterprise_id=enterprise,
            is_primary=not has_primary and place == 0,
            **{name: one[name] for name in CONTACT_FIELDS},
        )
        for place, one in enumerate(people)
    ]


def changed_since() -> Conflict:
    return Conflict(
        "changed",
        _("The station's list has changed since the preview. Look at the preview again."),
    )
