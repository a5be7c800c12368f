"""Taking an import back, as long as nothing rests on it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.actions.cadence import recompute_cadence
from enterprises.actions.enterprise import must_oversee
from enterprises.actions.importing.batches import claim
from enterprises.actions.importing.carrying import (
    CONTACT_FIELDS,
    MOVING,
    batches,
    move_contacts,
    one_import_at_a_time,
    put,
    write,
)
from enterprises.importing.planning import Outcome
from enterprises.models import (
    Assignment,
    Cadence,
    Contact,
    Enterprise,
    ImportBatch,
    ImportRow,
    Reminder,
    StageChange,
)
from liaison.accounts.models import User
from liaison.audit.record import record
from liaison.core.refused import Refused

State = ImportBatch.State
Rows = Mapping[int, ImportRow]
# What an import itself makes beside an enterprise, and what the clock then said of it; anything
# else that points at one rests on it.
OWN = (Cadence, Contact, ImportRow, Reminder, StageChange)
NAMED = 5


@transaction.atomic
def undo_import(batch: ImportBatch, *, by: User) -> None:
    """Remove what the import created and put back what it changed, all of it or nothing.

    Raises Refused("in_use") naming enterprises that were worked with or changed since.
    """
    must_oversee(by, batch.unit)
    now = timezone.now()
    claim(batch, State.APPLIED, state=State.UNDONE, undone_at=now)
    one_import_at_a_time(batch.unit)
    created, updated = _rows(batch, Outcome.CREATED), _rows(batch, Outcome.UPDATED)
    # Written before it is read: nobody changes them from here on.
    for some in batches([*created, *updated]):
        Enterprise.objects.filter(pk__in=some).update(version=F("version") + 1, updated_at=now)
    _must_be_free(created, updated)
    for some in batches(list(updated)):
        _put_back(some, updated, by=by)
    for some in batches(list(created)):
        Enterprise.objects.filter(pk__in=some).delete()
    record(
        "enterprises.import_undone",
        batch,
        by=by,
        unit=batch.unit,
        changes={"removed": len(created), "put_back": len(updated)},
    )


def _rows(batch: ImportBatch, outcome: str) -> dict[int, ImportRow]:
    rows = batch.rows.filter(outcome=outcome)
    return {row.enterprise_id: row for row in rows if row.enterprise_id is not None}


def _must_be_free(created: Rows, updated: Rows) -> None:
    in_use: dict[int, str] = {}
    for some in batches(list(created)):
        _find_changed(some, dict.fromkeys(some, 1), in_use)
        _find_resting(Enterprise, {pk: pk for pk in some}, in_use)
        _find_other_contacts(some, created, in_use)
    for some in batches(list(updated)):
        _find_changed(some, {pk: updated[pk].values["version"] + 1 for pk in some}, in_use)
        _find_moved_contacts({pk: updated[pk].changes.get("contacts") for pk in some}, in_use)
    if not in_use:
        return
    names = dict(Enterprise.objects.filter(pk__in=list(in_use)[:NAMED]).values_list("pk", "name"))
    named = "、".join(f"{name}({in_use[pk]})" for pk, name in names.items())
    raise Refused(
        "in_use",
        _("It cannot be undone: %(n)d enterprises are in use by now, such as %(names)s.")
        % {"n": len(in_use), "names": named},
        details={"enterprises": sorted(in_use)},
    )


def _find_changed(pks: Iterable[int], left_at: Mapping[int, int], in_use: dict[int, str]) -> None:
    """Those that have moved on from the version at which the import left them."""
    for pk, version in Enterprise.objects.filter(pk__in=pks).values_list("pk", "version"):
        # Undoing has counted one up itself.
        if version != left_at[pk] + 1:
            in_use.setdefault(pk, _("changed since"))


def _find_resting(
    model: type[models.Model], owners: Mapping[int, int], in_use: dict[int, str]
) -> None:
    """What points at these rows; ``owners`` says which enterprise each belongs to."""
    for relation in model._meta.related_objects:
        if relation.related_model in OWN:
            continue
        name = relation.field.name
        other: Any = relation.related_model
        resting = other._default_manager.filter(**{f"{name}__in": owners})
        for pk in resting.values_list(f"{name}_id", flat=True).distinct():
            in_use.setdefault(owners[pk], str(other._meta.verbose_name_plural))


def _find_other_contacts(pks: Iterable[int], created: Rows, in_use: dict[int, str]) -> None:
    """Those whose contacts are no longer just the ones that came with the list."""
    found: dict[int, list[dict[str, Any]]] = {pk: [] for pk in pks}
    facts = (*CONTACT_FIELDS, "is_primary", "left_on", "user_id")
    people = Contact.objects.filter(enterprise__in=found).order_by("pk")
    for one in people.values("enterprise_id", *facts):
        found[one.pop("enterprise_id")].append(one)
    for pk, people_now in found.items():
        brought = [
            {**one, "is_primary": place == 0, "left_on": None, "user_id": None}
            for place, one in enumerate(created[pk].values["contacts"])
        ]
        if people_now != brought:
            in_use.setdefault(pk, _("contacts changed since"))


def _find_moved_contacts(
    changes: Mapping[int, dict[str, Any] | None], in_use: dict[int, str]
) -> None:
    """Those where contacts that the list added or changed are not as it left them."""
    left_so: dict[int, dict[str, Any]] = {}
    owners: dict[int, int] = {}
    for pk, change in changes.items():
        if not change:
            continue
        for one in change["added"]:
            owners[one["id"]] = pk
            left_so[one["id"]] = {name: one[name] for name in CONTACT_FIELDS} | {
                "left_on": None,
                "user_id": None,
            }
        for one in change["changed"]:
            left_so[one["id"]] = {name: one[name][1] for name in MOVING if name in one}
            owners[one["id"]] = pk
    for person in Contact.objects.filter(pk__in=left_so):
        if any(getattr(person, name) != value for name, value in left_so[person.pk].items()):
            in_use.setdefault(owners[person.pk], _("contacts changed since"))
    added = {one["id"] for change in changes.values() if change for one in change["added"]}
    _find_resting(Contact, {pk: owners[pk] for pk in added}, in_use)


def _put_back(some: Sequence[int], updated: Rows, *, by: User) -> None:
    enterprises = list(Enterprise.objects.select_related("unit").filter(pk__in=some))
    steps: list[StageChange] = []
    added: list[int] = []
    moved: dict[int, dict[str, list[str]]] = {}
    names: set[str] = set()
    for enterprise in enterprises:
        changes = dict(updated[enterprise.pk].changes)
        contacts = changes.pop("contacts", {"added": [], "changed": []})
        added += [one["id"] for one in contacts["added"]]
        for one in contacts["changed"]:
            moved[one["id"]] = {name: one[name][::-1] for name in MOVING if name in one}
        if "stage" in changes:
            before, after = changes["stage"]
            steps.append(
                StageChange(
                    enterprise=enterprise,
                    from_stage=after,
                    to_stage=before,
                    by=by,
                    reason=_("The import was undone."),
                )
            )
        put(enterprise, {name: pair[0] for name, pair in changes.items()})
        names |= changes.keys()
    write(enterprises, names)
    StageChange.objects.bulk_create(steps)
    Contact.objects.filter(pk__in=added).delete()
    move_contacts(moved)
    ended = [place for pk in some for place in updated[pk].values["ended"]]
    Assignment.objects.filter(pk__in=ended).update(ended_at=None)
    recompute_cadence(enterprises)
