"""Verbs on people: who is added, changed, sent away; for the system administrator of a unit."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
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
    user = _keep(user, by)
    unit_before, could_answer = user.unit_id, user.kind in MAY_ANSWER
    _fill(user, values, by)
    if user.unit_id != unit_before or (could_answer and user.kind not in MAY_ANSWER):
        person_leaving.send(User, user=user, by=by)
    _save(user, EDITABLE)
    person_changed.send(User, user=user, by=by, deed="edited")
    return user


@transaction.atomic
def close_account(user: User, *, by: User | None) -> None:
    """The person has left and signs in no more; what they did stays theirs.

    Refused while they answer for anything: that is handed over first. ``by`` is None for the
    command line, as in the two verbs below.
    """
    user = _keep(user, by)
    if by is not None and user.pk == by.pk:
        raise Refused("yourself", _("You cannot close your own account."))
    person_leaving.send(User, user=user, by=by)
    User.objects.filter(pk=user.pk).update(is_active=False)
    person_changed.send(User, user=user, by=by, deed="closed")


@transaction.atomic
def open_account(user: User, *, by: User | None) -> None:
    """The person is back."""
    user = _keep(user, by)
    User.objects.filter(pk=user.pk).update(is_active=True)
    person_changed.send(User, user=user, by=by, deed="opened")


@transaction.atomic
def reset_password(user: User, *, by: User | None) -> str:
    """A new password for one sign-in, after which the person chooses their own."""
    user = _keep(user, by)
    password = _password(user)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    person_changed.send(User, user=user, by=by, deed="password_reset")
    return password


@transaction.atomic
def set_email(user: User, address: str, *, by: User) -> None:
    """Where the person wants notices sent; an empty address is none."""
    user.email = address
    try:
        user.clean_fields(exclude=[one.name for one in User._meta.fields if one.name != "email"])
    except ValidationError as error:
        raise Refused("invalid", " ".join(error.messages), field="address") from error
    user.save(update_fields=["email"])
    person_changed.send(User, user=user, by=by, deed="email_changed")


def hold_still(*people: User | int) -> None:
    """Nobody closes, moves or makes something else of these people until we commit.

    Whoever gives a person something to answer for calls this before asking whether the person is
    fit, and before it writes any other row; whoever sends a person away, before asking what they
    hold. Written unchanged and in one order, the rows make the two wait for each other on both
    databases.
    """
    for pk in sorted({one.pk if isinstance(one, User) else one for one in people}):
        User.objects.filter(pk=pk).update(kind=F("kind"))


def _keep(user: User, by: User | None) -> User:
    """The person as they are now, if ``by`` keeps them.

    The three administrators are apart: one who could give the other two a password, or send them
    away, would be all three. They are kept from the command line.
    """
    hold_still(user)
    user = User.objects.select_related("unit").get(pk=user.pk)
    if by is not None:
        _must_administer(by, user.unit)
        if user.is_kept_apart:
            raise Refused(
                "apart",
                _("Security and audit administrators are kept by whoever runs the server."),
            )
    return user


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


def _save(user: User, fields: Iterable[str] | None = None) -> None:
    try:
        with transaction.atomic():
            user.save(update_fields=fields)
    except IntegrityError as error:
        taken = User.objects.exclude(pk=user.pk).filter(username=user.username).exists()
        raise Refused(
            "taken",
            _("This username is taken.") if taken else _("This phone number is taken."),
            field="username" if taken else "phone",
        ) from error
