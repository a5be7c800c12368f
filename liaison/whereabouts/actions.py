"""Verbs on one's own consent and shifts. All may be sent again: the state is declared, not turned.

A phone that lost the answer sends the same once more, and must find what it asked for.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from liaison.accounts.models import STATION_STAFF, User
from liaison.accounts.people import hold_still
from liaison.audit.record import record
from liaison.core.refused import Refused
from liaison.whereabouts.models import PositionConsent, Shift
from liaison.whereabouts.signals import consent_withdrawn


@transaction.atomic
def give_consent(*, by: User) -> PositionConsent:
    """Let one's own position be kept while on shift. Raises Refused("not_yours") for whoever makes
    no visits."""
    _must_go_out(by)
    hold_still(by)
    now = PositionConsent.objects.current(by)
    if now is not None and now.given:
        return now
    given = PositionConsent.objects.create(person=by, given=True)
    record("position_consent.given", given, by=by, unit=by.unit)
    return given


@transaction.atomic
def withdraw_consent(*, by: User) -> None:
    """Take it back: nothing more is kept, and the coordinates that are there go at once.

    Also for one who never gave it, who has nothing to lose by it.
    """
    hold_still(by)
    now = PositionConsent.objects.current(by)
    if now is None or not now.given:
        return
    withdrawn = PositionConsent.objects.create(person=by, given=False)
    consent_withdrawn.send(User, person=by)
    record("position_consent.withdrawn", withdrawn, by=by, unit=by.unit)


@transaction.atomic
def begin_shift(*, by: User) -> Shift:
    """Be at work from now on, for SHIFT_HOURS at most; the shift that lasts, if one does."""
    _must_go_out(by)
    hold_still(by)
    now = timezone.now()
    last = Shift.objects.filter(person=by).unended().first()
    if last is not None:
        if last.is_on(now):
            return last
        # Forgotten: it was over when its hours were.
        Shift.objects.filter(pk=last.pk).update(ended_at=last.ends_by)
    shift = Shift.objects.create(
        person=by, started_at=now, ends_by=now + timedelta(hours=settings.SHIFT_HOURS)
    )
    record("shift.begun", shift, by=by, unit=by.unit)
    return shift


@transaction.atomic
def end_shift(*, by: User) -> None:
    """Be off work from now on."""
    hold_still(by)
    now = timezone.now()
    last = Shift.objects.filter(person=by).unended().first()
    if last is None:
        return
    Shift.objects.filter(pk=last.pk).update(ended_at=min(now, last.ends_by))
    record("shift.ended", last, by=by, unit=by.unit)


def _must_go_out(by: User) -> None:
    if not by.is_active or by.kind not in STATION_STAFF:
        raise Refused("not_yours", _("Only the station's own people go on visits."))
