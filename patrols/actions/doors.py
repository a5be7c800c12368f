"""The guard's door for a night: links, and the night's PIN."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from liaison.accounts.models import User
from liaison.audit.record import record
from liaison.core.refused import Refused
from liaison.core.secret_links import hashed
from patrols.models import DutyGuard, DutyNight, Guard, NightLink, NightPin
from patrols.nights import at, evening_of, night_of
from patrols.rights import must_keep

PIN_DIGITS = 6
# 256 bits: nobody guesses it, so that its hash needs no salt.
_BYTES = 32


@transaction.atomic
def make_link(night: DutyNight, guard: Guard, *, by: User) -> tuple[NightLink, str]:
    """A new link for this guard and night; the one before ends. Returns it and its token, which is
    kept nowhere. Raises Refused("not_on_duty" | "no_certificate" | "over")."""
    must_keep(by, night.team.unit_id)
    return _open(night, guard, by=by, by_pin=False)


@transaction.atomic
def make_pin(night: DutyNight, *, by: User) -> str:
    """The night's PIN, made when it is first asked for."""
    must_keep(by, night.team.unit_id)
    pin, made = NightPin.objects.get_or_create(night=night, defaults={"made_by": by})
    if made:
        record("patrol_night.pin_made", night, by=by, unit=night.team.unit)
    return pin_of(pin)


def pin_of(pin: NightPin) -> str:
    """Six digits, the same for as long as the server's secret stays."""
    drawn = salted_hmac("patrols.night_pin", pin.seed, algorithm="sha256").digest()
    return f"{int.from_bytes(drawn[:16], 'big') % 10**PIN_DIGITS:0{PIN_DIGITS}d}"


@transaction.atomic
def open_by_pin(phone: str, typed: str, now: datetime) -> str | None:
    """The token of a new link for the guard with this number who is on duty tonight, where the PIN
    is that night's; else None, whichever of the two was wrong.

    The caller counts the attempts (``accounts.throttle``): a PIN is soon guessed.
    """
    digits = "".join(one for one in phone if one.isdecimal())[-11:]
    if not digits:
        return None
    rows = DutyGuard.objects.filter(
        night_on=evening_of(now), guard__phone=digits, duty__night__roster__state="published"
    ).select_related("guard", "duty__night__team__unit", "duty__night__pin__made_by")
    for row in rows.order_by("pk"):
        night = row.duty.night
        pin = getattr(night, "pin", None)
        begins, _ends = valid_during(night)
        if pin and begins <= now and constant_time_compare(pin_of(pin), typed.strip()):
            _link, token = _open(night, row.guard, by=pin.made_by, by_pin=True)
            return token
    return None


def link_of(token: str, now: datetime, *, late: bool = False) -> NightLink | None:
    """The link with this token, if it holds now; ``late``: or if it may still bring what was done
    while it did."""
    rows = NightLink.objects.filter(token_hash=hashed(token))
    rows = rows.taking(now) if late else rows.holding(now)
    return rows.select_related("night__team__unit", "guard__enterprise", "made_by").first()


def was_a_link(token: str) -> bool:
    """Whether there ever was one: whoever has an old one is not guessing."""
    return NightLink.objects.filter(token_hash=hashed(token)).exists()


def valid_during(night: DutyNight) -> tuple[datetime, datetime]:
    """From some hours before the first round may begin to the noon after."""
    opens = at(night.night_on, settings.PATROL_FIRST)
    opens -= timedelta(hours=settings.PATROL_LINK_HOURS_BEFORE)
    return opens, night_of(night.night_on)[1]


def _open(night: DutyNight, guard: Guard, *, by: User, by_pin: bool) -> tuple[NightLink, str]:
    on_duty = DutyGuard.objects.filter(
        guard=guard, duty__night=night, duty__night__roster__state="published"
    )
    if not on_duty.exists():
        raise Refused("not_on_duty", _("This guard is not on duty in that night."))
    guard.refresh_from_db(fields=("certificate", "certificate_until", "left_on"))
    if not guard.may_serve(night.night_on):
        said = _("This guard has no certificate that is valid that night.")
        raise Refused("no_certificate", said)
    begins, ends = valid_during(night)
    now = timezone.now()
    if ends <= now:
        raise Refused("over", _("This night is over."))
    # One at the phone by PIN does not end what the station gave out, nor the other way round.
    NightLink.objects.filter(night=night, guard=guard, by_pin=by_pin, ended_at__isnull=True).update(
        ended_at=now
    )
    token = secrets.token_urlsafe(_BYTES)
    link = NightLink.objects.create(
        night=night,
        guard=guard,
        token_hash=hashed(token),
        valid_from=begins,
        valid_until=ends,
        made_by=by,
        by_pin=by_pin,
    )
    action = "patrol_night.opened_by_pin" if by_pin else "patrol_night.link_made"
    told = {"link": link.pk, "guard": guard.pk}
    record(action, night, by=None if by_pin else by, unit=night.team.unit, changes=told)
    return link, token
