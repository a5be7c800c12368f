"""Whether a position may be kept at all."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from liaison.accounts.models import User
from liaison.whereabouts.models import PositionConsent, Shift

# By how much a phone's clock may differ from ours without its positions being lost.
SKEW = timedelta(minutes=5)


class LeftOut(models.TextChoices):
    """Why a position was not kept. The values are for programs and stay."""

    NOT_ON_SITE = "not_on_site", _("it was a call, not a visit on site")
    NO_CONSENT = "no_consent", _("you have not agreed to your position being kept")
    OFF_SHIFT = "off_shift", _("you were not on shift")
    OTHER_TIME = "other_time", _("it was measured at another time")
    TOO_OLD = "too_old", _("positions of that age are kept no longer")


def why_left_out(person: User, taken_at: datetime, now: datetime) -> str:
    """A code of :class:`LeftOut`, or "" when the position may be kept.

    The consent must hold now and have held when it was measured: of what was measured before a
    withdrawal nothing comes back by agreeing again. The shift is the one at the time of measuring:
    a phone that was offline sends in the evening what it measured in the morning. Who asks has the
    person held still, so that none of this changes before the position is written.
    """
    earliest, latest = taken_at - SKEW, taken_at + SKEW
    consent = PositionConsent.objects.current(person)
    if consent is None or not consent.given or consent.at > latest:
        return LeftOut.NO_CONSENT
    if earliest > now:
        return LeftOut.OTHER_TIME
    if taken_at <= kept_since(now):
        return LeftOut.TOO_OLD
    if not Shift.objects.filter(person=person).covering(earliest, latest).exists():
        return LeftOut.OFF_SHIFT
    return ""


def kept_since(now: datetime) -> datetime:
    """What was measured before this is to be gone."""
    return now - timedelta(days=settings.POSITION_KEEP_DAYS)
