"""“Did the officer come?”: what the enterprise says of a visit that an officer wrote down."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from visits.models.visit import Visit
from visits.querysets import VisitWordQuerySet


class VisitWord(models.Model):
    """A yes or a no, once for each visit, and the chief's answer to a no.

    What was said stands: the database refuses to change it. The officer whose visit it is never
    answers, whom ``officer`` names so that the database can tell.
    """

    visit = models.OneToOneField(Visit, models.PROTECT, related_name="word")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    came = models.BooleanField(_("it was so"))
    words = models.TextField(_("in their words"), max_length=1000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="visit_words")
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(_("answer"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="visit_words_answered"
    )
    answered_at = models.DateTimeField(null=True)

    objects = VisitWordQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(came=True) | ~Q(words=""), name="visit_word_no_needs_words"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
                | Q(came=False, answered_by__isnull=False, answered_at__isnull=False)
                & ~Q(answer=""),
                name="visit_word_answered_whole",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("officer")),
                name="visit_word_by_another",
            ),
        )
        indexes = (
            models.Index(
                fields=("visit",),
                condition=Q(came=False, answered_at__isnull=True),
                name="visit_word_unanswered",
            ),
        )

    def __str__(self) -> str:
        return f"{self.visit}"

    @property
    def is_unanswered(self) -> bool:
        return not self.came and self.answered_at is None
