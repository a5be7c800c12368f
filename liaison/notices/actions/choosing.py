"""How one person wants to be told."""

from collections.abc import Collection
from datetime import time

from django.db import transaction
from django.utils.translation import gettext as _

from liaison.accounts.models import User
from liaison.accounts.people import set_email
from liaison.core.refused import Refused
from liaison.notices.models import OF_PEOPLE, Channel, Choice, UnitChannel, open_to


@transaction.atomic
def choose_channels(
    user: User,
    *,
    address: str,
    by: Collection[str] = (),
    quiet: tuple[time | None, time | None] = (None, None),
    digest_at: time | None = None,
) -> None:
    """What one wants sent (``by`` which channels), where to, and when.

    A channel that the unit does not have is refused: choosing it would promise what nobody sends.
    E-mail may be chosen before the server has it, the page says that nothing is sent until then.
    """
    if Channel.EMAIL in by and not address:
        raise Refused("missing", _("Say to which address."), field="address")
    if Channel.SMS in by and not user.phone:
        raise Refused("missing", _("You have no telephone number here."), field="by_sms")
    there = channels_of(user)
    for channel in OF_PEOPLE:
        has = channel == Channel.EMAIL or (channel in there and channel in open_to(user))
        if channel in by and not has:
            said = _("%s is not configured for this unit.") % channel.label
            raise Refused("not_configured", said, field=f"by_{channel}")
    start, end = quiet
    if (start is None) != (end is None) or (start is not None and start == end):
        said = _("Quiet hours have a beginning and another end.")
        raise Refused("invalid", said, field="quiet_until")
    if address != user.email:
        set_email(user, address, by=user)
    chosen = {f"by_{channel}": channel in by for channel in OF_PEOPLE}
    times = {"quiet_from": start, "quiet_until": end, "digest_at": digest_at}
    Choice.objects.update_or_create(person=user, defaults={**chosen, **times})


def channels_of(user: User) -> dict[str, UnitChannel]:
    """What the person's unit has, by channel."""
    if user.unit is None:
        return {}
    return UnitChannel.objects.serving([user.unit])[user.unit.pk]
