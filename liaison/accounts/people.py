"""Verbs on people: who is added, changed, sent away; for the system administrator of a unit."""

import secrets
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from liaison.accounts.models import MAY_ANSWER, STATION_STAFF, Kind, Unit, User
from liaison.accounts.signals import person_changed, person_leaving
from liaison.core.refused import Refused

# Who serves where. Contacts are invited by their officer, not added here.
KINDS_AT: dict[str, tuple[Kind, ...]] = {
    Unit.Kind.BUREAU: (Kind.BUREAU,),
    Unit.Kind.STATION: STATION_STAFF,
    Unit.Kind.SQUAD: (Kind.POLICE_OFFICER, Kind.AUXILIARY_OFFICER, Kind.CHIEF),
}
EDITABLE = ("name", "username", "phone", "kind", "unit", "police_number")


@transaction.atomic
def add_person(
    values: Mapping[str, Any], *, by: User | None, duty: str = User.AdminDuty.NONE
) -> tuple[User, str]:
    """Add a colleague (name, username, phone, kind, unit, police_number).

    Returns the person and a password for the first sign-in, which is kept nowhere. ``by`` is None
    for the command line, which alone may give an administrator's ``duty``. Raises
    Refused("not_yours" | "invalid" | "taken", field=...).
    """
    user = User(must_change_password=True, admin_duty=duty)
    _fill(user, values, by)
    password = _password(user)
    _save(user)
    person_changed.send(User, user=user, by=by, deed="added")
    return user, password


@transaction.atomic
def edit_person(user: User, values: Mapping[str, Any], *, by: User) -> User:
    """Change a colleague. One who answers for enterprises stays in the unit, and an officer."""
    _must_administer(by, user.unit)
    unit_before, could_answer = user.unit_id, user.kind in MAY_ANSWER
    _fill(user, values, by)
    if user.unit_id != unit_before or (could_answer and user.kind not in MAY_ANSWER):
        person_leaving.send(User, user=user, by=by)
    _save(user)
    person_changed.send(User, user=user, by=by, deed="edited")
    return user


@transaction.atomic
def close_account(user: User, *, by: User) -> None:
    """The person has left and signs in no more; what they did stays theirs.

    Refused while they answer for anything: that is handed over first.
    """
    _must_administer(by, user.unit)
    if user.pk == by.pk:
        raise Refused("yourself", _("You cannot close your own account."))
    person_leaving.send(User, user=user, by=by)
    User.objects.filter(pk=user.pk).update(is_active=False)
    person_changed.send(User, user=user, by=by, deed="closed")


@transaction.atomic
def open_account(user: User, *, by: User) -> None:
    """The person is back."""
    _must_administer(by, user.unit)
    User.objects.filter(pk=user.pk).update(is_active=True)
    person_changed.send(User, user=user, by=by, deed="opened")


@transaction.atomic
def reset_password(user: User, *, by: User) -> str:
    """A new password for one sign-in, after which the person chooses their own."""
    _must_administer(by, user.unit)
    password = _password(user)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    person_changed.send(User, user=user, by=by, deed="password_reset")
    return password


def _must_administer(by: User, unit: Unit | None) -> None:
    if (
        by.admin_duty != User.AdminDuty.SYSTEM
        or unit is None
        or not Unit.objects.visible_to(by).filter(pk=unit.pk).exists()
    ):
        raise Refused("not_yours", _("Only the unit's system administrator may do this."))


def _fill(user: User, values: Mapping[str, Any], by: User | None) -> None:
    for name in EDITABLE:
        if name in values:
            setattr(user, name, values[name])
    if user.unit is None:
        raise Refused("invalid", _("Choose a unit."), field="unit")
    if by is not None:
        _must_administer(by, user.unit)
    if user.kind not in KINDS_AT[user.unit.kind]:
        raise Refused("invalid", _("Nobody of this kind serves at such a unit."), field="kind")
    try:
        user.clean_fields(exclude=("password",))
        user.clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refused("invalid", " ".join(messages), field=field) from error


def _password(user: User) -> str:
    password = secrets.token_urlsafe(9)
    user.set_password(password)
    return password


def _save(user: User) -> None:
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        taken = User.objects.exclude(pk=user.pk).filter(username=user.username).exists()
        raise Refused(
            "taken",
            _("This username is taken.") if taken else _("This phone number is taken."),
            field="username" if taken else "phone",
        ) from error
