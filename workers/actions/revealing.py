"""Looking at one whole ID number."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from liaison.accounts.models import User
from liaison.accounts.people import hold_still
from liaison.audit.record import record
from liaison.core.identifiers import without_numbers
from liaison.core.refused import Refused
from workers.models import Reveal, Worker
from workers.rights import must_decide


@transaction.atomic
def reveal_number(worker: Worker, *, by: User, reason: str) -> str:
    """The ID number of one worker, for the person who says why; the look goes to the record.

    PIPL Art. 28, 51: sensitive data are seen for a purpose. Raises Refused without a reason and
    beyond REVEALS_AN_HOUR.
    """
    must_decide(by, worker.unit_id)
    reason = must_say_why(reason)
    # Two looks at once are two.
    hold_still(by)
    an_hour_ago = timezone.now() - timedelta(hours=1)
    if Reveal.objects.filter(by=by, at__gt=an_hour_ago).count() >= settings.REVEALS_AN_HOUR:
        raise Refused(
            "too_often",
            _("You have looked at %(n)d numbers within an hour; wait, or ask a chief.")
            % {"n": settings.REVEALS_AN_HOUR},
            field="reason",
        )
    number = worker.details["id_number"]
    Reveal.objects.create(worker=worker, by=by, reason=reason)
    record("worker.revealed", worker, by=by, unit=worker.unit, changes={"reason": reason})
    return number


def must_say_why(reason: str) -> str:
    """The reason as it goes to the record: a few words at least, no ID number in them."""
    reason = without_numbers(reason.strip())
    if len(reason) < 4:
        raise Refused("missing", _("Say in a few words what you need it for."), field="reason")
    if len(reason) > 200:
        raise Refused("too_long", _("At most %(n)d characters.") % {"n": 200}, field="reason")
    return reason
