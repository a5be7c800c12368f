"""What an enterprise and its station keep of guards: add, edit, leave."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from liaison.accounts.models import User
from liaison.audit.record import record
from liaison.core.identifiers import normalise_phone
from liaison.core.refused import Conflict, Refused
from patrols.actions.duty_guards import hold_guards
from patrols.actions.freeing import free_unlawful
from patrols.certificates import first_telling
from patrols.models import Employer, Guard
from patrols.normal_certificate import normal_certificate
from patrols.rights import must_speak_for

FACTS = (
    "name", "phone", "employer", "company", "certificate", "certificate_until", "legal_basis",
    "joined_on",
)  # fmt: skip
ROOM = {"name": 40, "company": 80, "certificate": 40, "phone": 20}
# What the station alone writes.
STATIONS_OWN = ("legal_basis",)
# Of which the record says only that it changed.
PRIVATE = ("phone",)


@transaction.atomic
def add_guard(enterprise: Enterprise, values: Mapping[str, Any], *, by: User) -> Guard:
    """A guard of this enterprise. For its contacts and the station's people; raises Refused."""
    must_speak_for(by, enterprise)
    facts = clean_facts(_allowed(values, by))
    guard = Guard(enterprise=enterprise, unit=enterprise.unit, **facts)
    _settle(guard)
    _save(guard)
    record("guard.added", guard, by=by, unit=guard.unit, changes=_said(facts))
    return guard


@transaction.atomic
def edit_guard(
    guard: Guard, values: Mapping[str, Any], *, version: int, by: User, off_duty: bool = False
) -> list[date]:
    """Change facts of a guard; the nights that were taken off.

    ``version`` is what was seen. Where the change makes nights unlawful that the guard is on the
    roster for, Refused("loses_duties") names them (``details``: {"nights": [ISO dates]}), unless
    ``off_duty`` agrees to it: then the guard is taken off them and the station is told.
    """
    must_speak_for(by, guard.enterprise)
    now = _held(guard, version)
    known = {name: getattr(now, name) for name in FACTS}
    facts = clean_facts({**known, **_allowed(values, by)})
    changes = {name: value for name, value in facts.items() if value != known[name]}
    if not changes:
        return []
    for name, value in changes.items():
        setattr(now, name, value)
    _settle(now, before=known)
    _save(now)
    freed = free_unlawful([now], agreed=off_duty, by=by)
    record("guard.edited", now, by=by, unit=now.unit, changes=_said(changes))
    return freed


@transaction.atomic
def guard_left(
    guard: Guard, left_on: date, *, version: int, by: User, off_duty: bool = False
) -> list[date]:
    """Note that a guard serves there no more, the evening of ``left_on`` included; the nights that
    were taken off, as in :func:`edit_guard`. Raises Refused."""
    must_speak_for(by, guard.enterprise)
    now = _held(guard, version)
    if left_on < now.joined_on:
        message = _("Nobody leaves before they began.")
        raise Refused("left_before_joined", message, field="left_on")
    now.left_on = left_on
    _settle(now)
    _save(now)
    freed = free_unlawful([now], agreed=off_duty, by=by)
    record("guard.left", now, by=by, unit=now.unit, changes={"left_on": left_on.isoformat()})
    return freed


def clean_facts(values: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as they are kept. Raises Refused with the field that is wrong."""
    facts = {name: values[name] for name in FACTS if name in values}
    facts["name"] = str(facts.get("name") or "").strip()
    if not facts["name"]:
        raise Refused("missing", _("The name is missing."), field="name")
    if facts.get("employer") not in Employer.values:
        raise Refused("missing", _("Say who employs the guard."), field="employer")
    facts["company"] = str(facts.get("company") or "").strip()
    if facts["employer"] == Employer.SELF:
        facts["company"] = ""
    elif not facts["company"]:
        raise Refused("missing", _("Name the guard company."), field="company")
    facts["certificate"] = normal_certificate(str(facts.get("certificate") or ""))
    if not facts["certificate"]:
        facts["certificate_until"] = None
    elif facts.get("certificate_until") is None:
        message = _("Say until when the certificate is valid.")
        raise Refused("missing", message, field="certificate_until")
    if facts.get("phone"):
        try:
            facts["phone"] = normalise_phone(facts["phone"])
        except ValueError as error:
            raise Refused("phone", str(error), field="phone") from error
    facts["joined_on"] = facts.get("joined_on") or timezone.localdate()
    for name, room in ROOM.items():
        if len(str(facts.get(name, ""))) > room:
            raise Refused("too_long", _("At most %(n)d characters.") % {"n": room}, field=name)
    return facts


def _allowed(values: Mapping[str, Any], by: User) -> dict[str, Any]:
    return {
        name: value
        for name, value in values.items()
        if name in FACTS and not (by.is_contact and name in STATIONS_OWN)
    }


def _held(guard: Guard, version: int) -> Guard:
    """The guard as they are now, if that is what was seen and they still serve."""
    now = hold_guards([guard.pk], with_nights=True).get(guard.pk)
    if now is None or now.version != version:
        raise Conflict(
            "stale",
            _("Somebody else has changed this guard since you opened the page."),
            details={"version": now.version if now else None},
        )
    if now.left_on is not None:
        raise Refused("has_left", _("This guard has left."))
    return now


def _settle(guard: Guard, before: Mapping[str, Any] | None = None) -> None:
    """What follows from the facts. A certificate that is another, or has another end, is told of
    anew; who is employed in another way is answered for anew."""
    if guard.pk:
        guard.version += 1
    if before is not None and before["employer"] != guard.employer:
        guard.outside = ""
    if guard.left_on is not None:
        guard.tell_on = None
    elif before is None or (before["certificate"], before["certificate_until"]) != (
        guard.certificate,
        guard.certificate_until,
    ):
        today = timezone.localdate()
        guard.tell_on = first_telling(guard.certificate, guard.certificate_until, today)


def _save(guard: Guard) -> None:
    try:
        with transaction.atomic():
            guard.save()
    except IntegrityError as error:
        taken = Guard.objects.filter(
            unit=guard.unit_id, certificate=guard.certificate, left_on__isnull=True
        ).exclude(pk=guard.pk)
        if not guard.certificate or not taken.exists():
            raise
        raise certificate_taken() from error


def certificate_taken() -> Refused:
    return Refused(
        "certificate_taken",
        _("Another guard here has this certificate. If they moved, note first that they left."),
        field="certificate",
    )


def _said(facts: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: "changed" if name in PRIVATE else str(value)
        for name, value in facts.items()
        if value not in ("", None)
    }


def settle_all(guards: Sequence[Guard], befores: Mapping[int, Mapping[str, Any]]) -> None:
    """The same for guards of a list; saves nothing."""
    for guard in guards:
        _settle(guard, befores.get(guard.pk))
