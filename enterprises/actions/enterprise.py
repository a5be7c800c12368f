"""Listing an enterprise and changing what is known of it."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.actions.cadence import recompute_cadence
from enterprises.models import Assignment, Enterprise, Stage, StageChange
from enterprises.signals import closed_down
from liaison.accounts.models import OVERSEERS, Unit, User
from liaison.audit.record import record
from liaison.core.refused import Conflict, Refused

# What a person may set; everything else follows from these or from other verbs.
EDITABLE = (
    "kind",
    "name",
    "credit_code",
    "tier",
    "grade",
    "industry",
    "key_unit_class",
    "address",
    "longitude",
    "latitude",
    "coordinate_source",
    "headcount",
    "night_shift",
    "legal_representative",
    "note",
)


def must_oversee(by: User, unit: Unit) -> None:
    """Desk and chiefs of the station keep its list. Raises Refused otherwise."""
    if by.kind not in OVERSEERS or by.unit_id != unit.pk:
        raise Refused("not_yours", _("Only the station's desk and chiefs may do this."))


def take_turns(enterprise: Enterprise) -> Enterprise:
    """The enterprise as it is now, nobody else changing who answers for it until we commit.

    Writing the row unchanged makes verbs on one enterprise wait for each other on both databases,
    so that a line raised while it changes hands is not left with the officer who just left.
    """
    Enterprise.objects.filter(pk=enterprise.pk).update(version=F("version"))
    return Enterprise.objects.select_related("unit").get(pk=enterprise.pk)


def must_be_listed(enterprise: Enterprise) -> None:
    """An entry that was merged into another is only its pointer from then on."""
    if enterprise.merged_into is not None:
        raise Refused(
            "merged",
            _("This entry was merged into “%(name)s”.") % {"name": enterprise.merged_into.name},
        )


def must_be_short(reason: str) -> None:
    """A reason stands on one line of the history."""
    longest = Assignment._meta.get_field("reason").max_length
    if longest is not None and len(reason) > longest:
        raise Refused(
            "too_long",
            _("At most %(n)d characters.") % {"n": longest},
            field="reason",
        )


@transaction.atomic
def list_enterprise(
    unit: Unit, values: Mapping[str, Any], *, by: User, stage: str = Stage.OPERATING
) -> Enterprise:
    """Put an enterprise on the station's list and start its contact clocks.

    Raises Refused("invalid" | "duplicate", field=...) with nothing written.
    """
    must_oversee(by, unit)
    enterprise = Enterprise(unit=unit, stage=stage, **_only_editable(values))
    _check(enterprise)
    try:
        with transaction.atomic():
            enterprise.save(force_insert=True)
    except IntegrityError as error:
        raise _duplicate(enterprise) from error
    StageChange.objects.create(enterprise=enterprise, to_stage=stage, by=by)
    recompute_cadence([enterprise])
    record("enterprise.listed", enterprise, by=by, unit=unit)
    return enterprise


@transaction.atomic
def edit_enterprise(
    enterprise: Enterprise, values: Mapping[str, Any], *, by: User, version: int
) -> Enterprise:
    """Change facts. ``version`` is the one the person saw; a newer one is a Conflict."""
    must_oversee(by, enterprise.unit)
    before = Enterprise.objects.select_related("unit").get(pk=enterprise.pk)
    must_be_listed(before)
    _claim(before, version)
    changed = {
        name: value
        for name, value in _only_editable(values).items()
        if getattr(before, name) != value
    }
    for name, value in changed.items():
        setattr(before, name, value)
    before.version = version + 1
    before.updated_at = timezone.now()
    _check(before)
    try:
        with transaction.atomic():
            before.save()
    except IntegrityError as error:
        raise _duplicate(before) from error
    recompute_cadence([before])
    record("enterprise.edited", before, by=by, unit=before.unit, changes={"fields": [*changed]})
    return before


@transaction.atomic
def change_stage(
    enterprise: Enterprise, stage: str, *, by: User, version: int, reason: str = ""
) -> Enterprise:
    """Move the enterprise along its life and keep the step in its history.

    Closing it down ends the promise of an officer, and with it both places; what it took part in
    further up, as a patrol team, ends by ``closed_down``. Its open bill lines
    stay with who handles them: a request is answered also when who made it has gone. An
    enterprise that comes back shows among those without an officer.
    """
    must_oversee(by, enterprise.unit)
    must_be_short(reason)
    if stage not in Stage.values:
        raise Refused("invalid", _("There is no such stage."), field="stage")
    current = Enterprise.objects.select_related("unit").get(pk=enterprise.pk)
    must_be_listed(current)
    if current.stage == stage:
        raise Refused("same_stage", _("It is in this stage already."), field="stage")
    _claim(current, version)
    StageChange.objects.create(
        enterprise=current, from_stage=current.stage, to_stage=stage, reason=reason, by=by
    )
    Enterprise.objects.filter(pk=current.pk).update(stage=stage, updated_at=timezone.now())
    before, current.stage, current.version = current.stage, stage, version + 1
    if not current.is_live:
        current.assignments.open().update(ended_at=timezone.now())
        closed_down.send(Enterprise, enterprises=[current], by=by)
    recompute_cadence([current])
    record(
        "enterprise.stage", current, by=by, unit=current.unit, changes={"stage": [before, stage]}
    )
    return current


def _claim(enterprise: Enterprise, version: int) -> None:
    """Take the right to write this version; of two people one gets it, the other a Conflict."""
    won = Enterprise.objects.filter(pk=enterprise.pk, version=version).update(
        version=F("version") + 1
    )
    if not won:
        raise Conflict(
            "stale",
            _("Someone has changed this enterprise since you opened it."),
            details={"version": enterprise.version},
        )


def _only_editable(values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(values) - set(EDITABLE)
    if unknown:
        raise Refused("unknown_field", _("There is no such field."), field=sorted(unknown)[0])
    return dict(values)


def _check(enterprise: Enterprise) -> None:
    enterprise.fill_derived()
    if not enterprise.name:
        raise Refused("invalid", _("An enterprise needs a name."), field="name")
    try:
        enterprise.clean_fields(exclude=("unit",))
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refused("invalid", " ".join(messages), field=field) from error


def _duplicate(enterprise: Enterprise) -> Refused:
    field = "credit_code" if enterprise.credit_code else "name"
    return Refused(
        "duplicate",
        _("An enterprise with this credit code, or this name and address, is already listed."),
        field=field,
    )
