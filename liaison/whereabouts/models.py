"""Who lets their position be kept, and when they are at work."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from liaison.whereabouts.querysets import PositionConsentQuerySet, ShiftQuerySet


class PositionConsent(models.Model):
    """One word of a person on whether their position may be kept; the last one holds.

    Where a person goes is sensitive under the Personal Information Protection Law (个人信息保护法
    Art. 28), to be kept only with a consent of its own (Art. 29), which can be taken back as easily
    as it was given (Art. 15). The database refuses to change a word: it is the proof.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="position_consents"
    )
    given = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)

    objects = PositionConsentQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=("person", "-at", "-id"), name="position_consent_last"),)

    def __str__(self) -> str:
        return f"{self.person} {self.at:%F %T} {self.given}"


class Shift(models.Model):
    """A time at work, from saying so until saying so, and never past ``ends_by``.

    Forgotten, it is over by itself: no job need end it, since whoever asks compares with the hour.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="shifts")
    started_at = models.DateTimeField(default=timezone.now)
    ends_by = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ShiftQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person",), condition=Q(ended_at__isnull=True), name="shift_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ends_by__gt=F("started_at"))
                & (
                    Q(ended_at__isnull=True)
                    | Q(ended_at__gte=F("started_at"), ended_at__lte=F("ends_by"))
                ),
                name="shift_in_order",
            ),
        )
        indexes = (models.Index(fields=("person", "-started_at"), name="shift_person_when"),)

    def __str__(self) -> str:
        return f"{self.person} {self.started_at:%F %T}"

    def is_on(self, now: datetime) -> bool:
        """Whether it lasts at that moment."""
        return self.started_at <= now < (self.ended_at or self.ends_by)
