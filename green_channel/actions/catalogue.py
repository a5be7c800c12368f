"""Keeping the catalogue: what holds everywhere, and what a station says for itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Least
from django.utils.translation import gettext as _

from green_channel.models import DayCount, Item, LocalTerm, Requirement
from liaison.accounts.access import may_set_rules
from liaison.accounts.models import Unit, User
from liaison.audit.record import record
from liaison.core.refused import Conflict, Refused
from liaison.law.models import LegalBasis

ITEM_FIELDS = (
    "name", "name_en", "audience", "licence", "counted", "statutory", "promised",
    "extension_days", "ahead_days", "basis", "fee", "place", "handover", "note", "many_workers",
    "referred", "office_name", "office_address", "office_phone", "office_way", "offered",
)  # fmt: skip
LOCAL_FIELDS = (
    "promised", "place", "office_name", "office_address", "office_phone", "office_way",
)  # fmt: skip
MOST = 366


@transaction.atomic
def save_item(
    item: Item,
    values: Mapping[str, Any],
    requirements: Sequence[Mapping[str, Any]],
    *,
    by: User,
    version: int,
) -> Item:
    """Make or change an item with its checklist; what is under way keeps its own.

    ``requirements`` replace those there are. A station's promise beyond a shorter statutory time
    is shortened with it. Raises Refused with the field that is wrong, Conflict for an old version.
    """
    if not may_set_rules(by, item.unit):
        raise Refused("not_allowed", _("You may not change this item."))
    before = {name: getattr(item, name) for name in ITEM_FIELDS} if not item._state.adding else {}
    counted_before = item.counted
    for name in ITEM_FIELDS:
        setattr(item, name, values[name])
    _must_make_sense(item)
    try:
        with transaction.atomic():
            if item._state.adding:
                item.save(force_insert=True)
            else:
                now = {name: getattr(item, name) for name in ITEM_FIELDS}
                there = Item.objects.filter(pk=item.pk, version=version)
                if not there.update(version=F("version") + 1, **now):
                    raise Conflict(
                        "stale",
                        _("Somebody else has changed this item since you opened it."),
                        details={"version": Item.objects.get(pk=item.pk).version},
                    )
            item.requirements.all().delete()
            Requirement.objects.bulk_create(
                Requirement(item=item, position=place, **one)
                for place, one in enumerate(requirements)
            )
    except IntegrityError as error:
        raise Refused(
            "taken", _("The code is taken, or a requirement is listed twice."), field="code"
        ) from error
    _hold_stations_to(item, counted_changed=item.counted != counted_before)
    after = {name: getattr(item, name) for name in ITEM_FIELDS}
    changes = {
        name: [str(before.get(name)), str(now)]
        for name, now in after.items()
        if before.get(name) != now
    }
    record("green.item_saved", item, by=by, unit=item.unit or by.unit, changes=changes)
    return item


@transaction.atomic
def save_local_term(
    item: Item, unit: Unit, values: Mapping[str, Any], *, by: User
) -> LocalTerm | None:
    """What a station says for itself: its promise, where, the office around here. With nothing
    said what holds everywhere holds there too, and there is no row.

    Raises Refused("beyond_statutory") for a promise longer than the law allows, Refused("nothing")
    where nothing is said and nothing was.
    """
    if not may_set_rules(by, unit):
        raise Refused("not_allowed", _("The station's chief sets what it promises."))
    # Written unchanged: a statutory time that changes at this moment is waited for.
    Item.objects.filter(pk=item.pk).update(version=F("version"))
    item = Item.objects.get(pk=item.pk)
    _must_be_within(item.counted, item.statutory, values.get("promised"))
    if not any(values.get(name) not in (None, "") for name in LOCAL_FIELDS):
        gone, _rows = LocalTerm.objects.filter(unit=unit, item=item).delete()
        if not gone:
            raise Refused("nothing", _("Say at least one thing that differs here."))
        record("green.local_term_dropped", item, by=by, unit=unit)
        return None
    term, _made = LocalTerm.objects.update_or_create(
        unit=unit,
        item=item,
        defaults={
            "statutory": item.statutory,
            **{name: values.get(name, "") for name in LOCAL_FIELDS if name != "promised"},
            "promised": values.get("promised"),
        },
    )
    changes = {name: ["", str(getattr(term, name))] for name in LOCAL_FIELDS}
    record("green.local_term_saved", item, by=by, unit=unit, changes=changes)
    return term


@transaction.atomic
def save_basis(basis: LegalBasis, values: Mapping[str, Any], *, by: User) -> LegalBasis:
    """Add or put right an article of a law. A new version of a law is another row."""
    if not may_set_rules(by, None):
        raise Refused("not_allowed", _("You may not change legal bases."))
    for name in ("title", "article", "version", "effective_on", "ended_on", "orders_rest_on_it"):
        setattr(basis, name, values[name])
    try:
        with transaction.atomic():
            basis.save()
    except IntegrityError as error:
        raise Refused(
            "taken", _("This article is listed in this version already."), field="article"
        ) from error
    record("green.basis_saved", basis, by=by, unit=by.unit)
    return basis


def _hold_stations_to(item: Item, *, counted_changed: bool) -> None:
    terms = LocalTerm.objects.filter(item=item)
    if counted_changed:
        # So many hours are no promise of so many days.
        terms.update(promised=None)
    if item.statutory is not None:
        terms.filter(promised__isnull=False).update(promised=Least(F("promised"), item.statutory))
    terms.update(statutory=item.statutory)


def _must_make_sense(item: Item) -> None:
    if item.counted == DayCount.AT_ONCE:
        # There is nothing to count.
        item.statutory, item.promised = 0, 0
    if item.licence and item.counted != DayCount.WORKING_DAYS:
        raise Refused("licence", _("Licences count working days."), field="counted")
    if item.extension_days and item.counted in (DayCount.HOURS, DayCount.AT_ONCE):
        raise Refused("invalid", _("Only days can be extended."), field="extension_days")
    if item.referred and not item.office_name.strip():
        raise Refused("missing", _("Say which office does it."), field="office_name")
    _must_be_within(item.counted, item.statutory, item.promised)


def _must_be_within(counted: str, statutory: int | None, promised: int | None) -> None:
    least = 0 if counted == DayCount.AT_ONCE else 1
    for field, amount in (("statutory", statutory), ("promised", promised)):
        if amount is not None and not least <= amount <= MOST:
            raise Refused(
                "invalid",
                _("A whole number from %(least)d to %(most)d.") % {"least": least, "most": MOST},
                field=field,
            )
    if counted == DayCount.AT_ONCE and promised:
        raise Refused("invalid", _("What is done at once has no days."), field="promised")
    if statutory is not None and promised is not None and promised > statutory:
        raise Refused(
            "beyond_statutory",
            _("The promise cannot be longer than the statutory time."),
            field="promised",
        )
