"""What a unit has to tell its people by; kept by its system administrator.

The record says that an address was changed, never what it is.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from liaison.accounts.models import Unit, User
from liaison.accounts.signals import settings_changed
from liaison.core.refused import Refused
from liaison.notices.channels import addresses, units
from liaison.notices.models import UnitChannel


@transaction.atomic
def add_channel(unit: Unit, channel: str, url: str, *, by: User) -> UnitChannel:
    """Give a unit a channel. Raises Refused("not_yours" | "not_admitted" | "unreadable" |
    "taken", field=...)."""
    _must_keep(by, unit)
    url = addresses.in_notation(channel, url)
    addresses.check(channel, url)
    try:
        with transaction.atomic():
            kept = UnitChannel.objects.create(unit=unit, channel=channel, url=url)
    except IntegrityError as error:
        said = _("This unit has such a channel already.")
        raise Refused("taken", said, field="channel") from error
    _announce(kept, "channel.added", by)
    return kept


@transaction.atomic
def change_address(kept: UnitChannel, url: str, *, by: User) -> None:
    """A new address; what a test of the old one said is no longer true."""
    _must_keep(by, kept.unit)
    url = addresses.in_notation(kept.channel, url)
    addresses.check(kept.channel, url)
    UnitChannel.objects.filter(pk=kept.pk).update(url=url, last_test_at=None, last_error="")
    _announce(kept, "channel.address_changed", by)


@transaction.atomic
def switch_channel(kept: UnitChannel, *, on: bool, by: User) -> None:
    """Turned off it sends nothing, and nothing from further up takes its place."""
    _must_keep(by, kept.unit)
    if UnitChannel.objects.filter(pk=kept.pk).exclude(is_on=on).update(is_on=on):
        _announce(kept, "channel.turned_on" if on else "channel.turned_off", by)


def try_channel(kept: UnitChannel, *, by: User, now: datetime | None = None) -> str:
    """Send a test while the person waits; what went wrong, or nothing.

    Not in a transaction: the other side may take its time.
    """
    _must_keep(by, kept.unit)
    error = ""
    try:
        units.send_test(kept, by)
    except Exception as wrong:  # whatever it is, it is the answer that was asked for
        error = said_of(wrong, kept)
    tested = UnitChannel.objects.filter(pk=kept.pk, url=kept.url)
    tested.update(last_test_at=now or timezone.now(), last_error=error)
    return error


def said_of(error: Exception, kept: UnitChannel) -> str:
    """What went wrong, fit to be kept and shown."""
    said = str(error) or type(error).__name__
    return addresses.scrubbed(said, kept.url)[:500].replace("\0", "")


def _must_keep(by: User, unit: Unit) -> None:
    if (
        by.admin_duty != User.AdminDuty.SYSTEM
        or not Unit.objects.visible_to(by).filter(pk=unit.pk).exists()
    ):
        raise Refused("not_yours", _("Only the unit's system administrator may do this."))


def _announce(kept: UnitChannel, action: str, by: User) -> None:
    settings_changed.send(
        UnitChannel, subject=kept, unit=kept.unit, by=by, action=action,
        changes={"channel": kept.channel},
    )  # fmt: skip
