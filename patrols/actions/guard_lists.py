"""A list of guards on its way in: preview, apply or discard, undo."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise, Stage
from liaison.accounts.models import Unit, User
from liaison.audit.record import record
from liaison.core.refused import Conflict, Refused
from patrols.actions.duty_guards import hold_guards
from patrols.actions.freeing import free_unlawful
from patrols.actions.guards import FACTS, settle_all
from patrols.importing.planning import (
    CREATED,
    UPDATED,
    KnownEnterprise,
    KnownGuard,
    Planned,
    Planner,
    counts_of,
)
from patrols.importing.planning import FACTS as LISTED
from patrols.importing.rows import CleanRow, as_values, read_guards
from patrols.models import ComplianceAnswer, DutyGuard, Guard, GuardList
from patrols.rights import must_keep

State = GuardList.State
KEEPS_PREVIEWS = timedelta(days=7)
BATCH = 200


def preview_guards(unit: Unit, content: bytes, filename: str, *, by: User) -> GuardList:
    """Say row by row what the file would do; nothing but the preview itself is written.

    Raises ``UnreadableSheet`` for a file that is no list, Refused for whoever may not.
    """
    must_keep(by, unit)
    rows, notes = read_guards(content, filename)
    return GuardList.objects.create(
        unit=unit,
        by=by,
        filename=filename.encode("utf-8", "replace").decode()[-200:],
        rows=_plan(unit, rows),
        notes=notes,
    )


@transaction.atomic
def apply_guards(guards: GuardList, *, by: User) -> None:
    """Do what the preview says, all of it or nothing; rows that it refuses stay out.

    Guards are taken off nights that the list makes unlawful, and the station is told. Conflict
    "changed" when the same file would now do something else: :func:`renew_guards` shows what.
    """
    must_keep(by, guards.unit)
    _claim(guards, State.PREVIEW, state=State.APPLIED, decided_at=timezone.now())
    _one_list_at_a_time(guards.unit)
    if list(map(_does, _plan(guards.unit, _read(guards)))) != list(map(_does, guards.rows)):
        raise _changed()
    made = _create([one for one in guards.rows if one["outcome"] == CREATED], guards.unit)
    _update([one for one in guards.rows if one["outcome"] == UPDATED], by=by)
    for one, guard in made:
        one["guard"], one["version"] = guard.pk, guard.version
    guards.save(update_fields=("rows",))
    counts = counts_of(guards.rows)
    record("guards.imported", guards, by=by, unit=guards.unit, changes=counts)


@transaction.atomic
def renew_guards(guards: GuardList, *, by: User) -> None:
    """Plan the same file again against what is kept now."""
    must_keep(by, guards.unit)
    _claim(guards, State.PREVIEW, made_at=timezone.now())
    guards.rows = _plan(guards.unit, _read(guards))
    guards.save(update_fields=("rows",))


@transaction.atomic
def discard_guards(guards: GuardList, *, by: User) -> None:
    """No: nothing was written, and what the file said is forgotten."""
    must_keep(by, guards.unit)
    _claim(guards, State.PREVIEW, state=State.DISCARDED, decided_at=timezone.now(), rows=[])


@transaction.atomic
def undo_guards(guards: GuardList, *, by: User) -> None:
    """Take everything back that the list did, or nothing of it.

    Refused "in_use" when one of its guards was changed, answered for or put on duty since.
    """
    must_keep(by, guards.unit)
    _claim(guards, State.APPLIED, state=State.UNDONE, decided_at=timezone.now())
    created = {one["guard"]: one for one in guards.rows if one["outcome"] == CREATED}
    updated = {one["guard"]: one for one in guards.rows if one["outcome"] == UPDATED}
    held = hold_guards([*created, *updated], with_nights=True)
    for pk in [*created, *updated]:
        # A new one has the version it was made with, a changed one the next after what was seen.
        expected = created[pk]["version"] if pk in created else updated[pk]["version"] + 1
        if pk not in held or held[pk].version != expected:
            raise _in_use(held.get(pk))
    for rows in (
        DutyGuard.objects.filter(guard__in=created),
        ComplianceAnswer.objects.filter(guard__in=created),
    ):
        if used := rows.select_related("guard").first():
            raise _in_use(used.guard)
    Guard.objects.filter(pk__in=created).delete()
    _write([held[pk] for pk in updated], {pk: _before(one) for pk, one in updated.items()}, by=by)
    record("guards.import_undone", guards, by=by, unit=guards.unit, changes=counts_of(guards.rows))


def discard_old_guard_lists(now: datetime) -> dict[str, int]:
    """Forget previews that were never agreed to; how many."""
    old = GuardList.objects.filter(state=State.PREVIEW, made_at__lt=now - KEEPS_PREVIEWS)
    return {"previews": old.update(state=State.DISCARDED, rows=[], decided_at=now)}


def _plan(unit: Unit, rows: Sequence[CleanRow]) -> list[dict[str, Any]]:
    """The plan as it is kept; two queries."""
    places = Enterprise.objects.filter(unit=unit).exclude(stage=Stage.CLOSED).order_by("pk")
    guards = Guard.objects.filter(unit=unit, left_on__isnull=True).order_by("pk")
    planner = Planner(
        [KnownEnterprise(*one) for one in places.values_list("pk", "name", "credit_code")],
        [KnownGuard(one.pk, one.enterprise_id, _facts(one), one.version) for one in guards],
    )
    return [asdict(one) for one in planner.plan(rows)]


def _does(one: dict[str, Any]) -> tuple[Any, ...]:
    """What a row does, without the words in which somebody was told."""
    return tuple(
        one[name] for name in ("outcome", "enterprise", "guard", "version", "facts", "changes")
    )


def _facts(guard: Guard) -> dict[str, str]:
    values = {name: getattr(guard, name) for name in LISTED}
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else str(value or "")
        for name, value in values.items()
    }


def _read(guards: GuardList) -> list[CleanRow]:
    return [CleanRow(**Planned(**one).read) for one in guards.rows]


def _create(rows: Sequence[dict[str, Any]], unit: Unit) -> list[tuple[dict[str, Any], Guard]]:
    made = []
    for one in rows:
        given = {name: text for name, text in one["facts"].items() if text}
        made.append(Guard(unit=unit, enterprise_id=one["enterprise"], **as_values(given)))
    settle_all(made, {})
    try:
        with transaction.atomic():
            Guard.objects.bulk_create(made, batch_size=BATCH)
    except IntegrityError as error:
        raise _changed() from error
    return list(zip(rows, made, strict=True))


def _update(rows: Sequence[dict[str, Any]], *, by: User) -> None:
    # A row that speaks of a guard whom this file brings is unchanged or refused: each is there.
    held = hold_guards([one["guard"] for one in rows], with_nights=True)
    for one in rows:
        if one["guard"] not in held or held[one["guard"]].version != one["version"]:
            raise _changed()
    _write([held[one["guard"]] for one in rows], {one["guard"]: _after(one) for one in rows}, by=by)


def _write(guards: Sequence[Guard], values: dict[int, dict[str, Any]], *, by: User) -> None:
    befores = {one.pk: {name: getattr(one, name) for name in FACTS} for one in guards}
    for guard in guards:
        for name, value in values[guard.pk].items():
            setattr(guard, name, value)
    settle_all(guards, befores)
    fields = (*LISTED, "outside", "tell_on", "version")
    try:
        with transaction.atomic():
            # Given up first: two guards of a list may exchange their numbers.
            Guard.objects.filter(pk__in=befores).update(certificate="")
            Guard.objects.bulk_update(guards, fields, batch_size=BATCH)
    except IntegrityError as error:
        raise _changed() from error
    free_unlawful(guards, agreed=True, by=by)


def _after(one: dict[str, Any]) -> dict[str, Any]:
    return _values({name: pair[1] for name, pair in one["changes"].items()})


def _before(one: dict[str, Any]) -> dict[str, Any]:
    return _values({name: pair[0] for name, pair in one["changes"].items()})


def _values(facts: dict[str, str]) -> dict[str, Any]:
    """An empty day is none."""
    given = as_values({name: text for name, text in facts.items() if text})
    empty = {name: None if name == "certificate_until" else "" for name in facts}
    return {**empty, **given}


def _one_list_at_a_time(unit: Unit) -> None:
    """Whoever comes second waits here until we commit, and then plans against what we wrote."""
    Unit.objects.filter(pk=unit.pk).update(name=F("name"))


def _claim(guards: GuardList, expected: str, **changes: Any) -> None:
    """Of two people one decides; the other hears that it is done."""
    if not GuardList.objects.filter(pk=guards.pk, state=expected).update(**changes):
        now = GuardList.objects.get(pk=guards.pk)
        raise Conflict(
            "stale",
            _("This import is “%(state)s” already.") % {"state": now.get_state_display()},
            details={"state": now.state},
        )
    guards.refresh_from_db()


def _changed() -> Conflict:
    return Conflict(
        "changed",
        _("The guards were changed meanwhile: this is what the file would do now."),
    )


def _in_use(guard: Guard | None) -> Refused:
    return Refused(
        "in_use",
        _("%(who)s was changed or put on duty since: the import cannot be undone.")
        % {"who": guard.name if guard else _("A guard")},
    )
