"""What comes after a line was closed out: whether the enterprise is content, and who asked it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from issues.models.issue import Issue
from issues.querysets import AccessLinkQuerySet, RatingQuerySet


class Satisfaction(models.IntegerChoices):
    """满意度 in five steps; the lowest two bring the line back (domain notes)."""

    VERY_SATISFIED = 5, pgettext_lazy("rating", "Very satisfied")
    SATISFIED = 4, pgettext_lazy("rating", "Satisfied")
    FAIRLY_SATISFIED = 3, pgettext_lazy("rating", "Fairly satisfied")
    DISSATISFIED = 2, pgettext_lazy("rating", "Dissatisfied")
    VERY_DISSATISFIED = 1, pgettext_lazy("rating", "Very dissatisfied")


LOW = (Satisfaction.VERY_DISSATISFIED, Satisfaction.DISSATISFIED)


class AccessLink(models.Model):
    """A secret address that opens one line to whoever will not sign in; only its hash is kept.

    What was promised with it stands: the database refuses to change its line, maker or end.
    """

    class Ending(models.TextChoices):
        REVOKED = "revoked", pgettext_lazy("link", "Revoked")
        RENEWED = "renewed", pgettext_lazy("link", "Replaced by a new one")
        USED = "used", pgettext_lazy("link", "Used up")

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="access_links")
    token_hash = models.CharField(max_length=64, unique=True)
    # For the station only: never on the page that the link opens.
    for_whom = models.CharField(_("for whom"), max_length=60)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=8, choices=Ending, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    last_opened_at = models.DateTimeField(null=True)

    objects = AccessLinkQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("issue",), condition=Q(ended_at__isnull=True), name="access_link_one_open"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="access_link_has_an_end"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ending="")
                | Q(ended_at__isnull=False) & ~Q(ending=""),
                name="access_link_ended_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.issue_id}: {self.made_at:%F}"


class Rating(models.Model):
    """How content the enterprise is with a close-out: once for each time the line was closed.

    It stands as it was given, which the database sees to: a low one has brought the line back by
    then, and numbers that can be changed afterwards are asked to be.
    """

    class Way(models.TextChoices):
        PORTAL = "portal", pgettext_lazy("rating", "Signed in")
        CALLBACK = "callback", pgettext_lazy("rating", "At a callback")
        LINK = "link", pgettext_lazy("rating", "By link, without sign-in")

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="ratings")
    generation = models.PositiveSmallIntegerField()
    step = models.PositiveSmallIntegerField(_("rating"), choices=Satisfaction)
    words = models.TextField(_("in their words"), max_length=1000, blank=True)
    way = models.CharField(max_length=8, choices=Way)
    # Who said so, by name as it was; ``by`` is who entered it, nobody for a link.
    said_by = models.CharField(max_length=100)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="ratings_entered"
    )
    link = models.ForeignKey(AccessLink, models.PROTECT, null=True, related_name="ratings")
    at = models.DateTimeField(default=timezone.now)

    objects = RatingQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.UniqueConstraint(fields=("issue", "generation"), name="rating_once"),
            models.CheckConstraint(condition=Q(step__gte=1, step__lte=5), name="rating_five_steps"),
            models.CheckConstraint(condition=Q(step__gt=2) | ~Q(words=""), name="rating_low_why"),
            models.CheckConstraint(
                condition=Q(way="link", by__isnull=True, link__isnull=False)
                | ~Q(way="link") & Q(by__isnull=False, link__isnull=True),
                name="rating_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.issue_id}: {self.step}"

    @property
    def is_low(self) -> bool:
        return self.step in LOW


class Callback(models.Model):
    """回访: the station asked the enterprise after close-out; or tried to and reached nobody.

    Never by the handler. Rows are only ever added.
    """

    class Way(models.TextChoices):
        PHONE = "phone", pgettext_lazy("channel", "Phone")
        WECHAT = "wechat", _("WeChat")
        ON_SITE = "on_site", _("On site")

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="callbacks")
    generation = models.PositiveSmallIntegerField()
    # Who handled the line then, so that the database can tell that it was somebody else.
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="callbacks_made")
    at = models.DateTimeField(_("when"))
    way = models.CharField(_("how"), max_length=8, choices=Way)
    reached = models.BooleanField(_("somebody was reached"))
    who = models.CharField(_("who was reached"), max_length=100, blank=True)
    words = models.TextField(_("in their words"), max_length=1000, blank=True)
    rating = models.OneToOneField(Rating, models.PROTECT, null=True, related_name="callback")
    entered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("issue", "generation"),
                condition=Q(reached=True),
                name="callback_reached_once",
            ),
            models.CheckConstraint(
                condition=Q(reached=True) & ~Q(who="")
                | Q(reached=False, who="", rating__isnull=True),
                name="callback_whom",
            ),
            models.CheckConstraint(
                condition=Q(handler__isnull=True) | ~Q(by=F("handler")), name="callback_by_another"
            ),
        )

    def __str__(self) -> str:
        return f"{self.issue_id}: {self.at:%F}"
