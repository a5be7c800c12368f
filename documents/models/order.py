"""责令限期整改: what the police order an enterprise to put right, item by item, by a day."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from documents.querysets import OrderQuerySet
from enterprises.models import Enterprise
from issues.models import Event, Issue
from liaison.accounts.models import Unit
from liaison.law.models import LegalBasis


class Order(models.Model):
    """One order on a line of the bill; its deadline lies within the line's.

    It is open until each item is accepted, or until it is revoked; while it is open it has a clock
    (``next_reminder_at``), which goes on ringing after the deadline.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="orders")
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="orders")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="orders")
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    number = models.CharField(_("number"), max_length=60)
    basis = models.ForeignKey(LegalBasis, models.PROTECT)
    facts = models.TextField(_("what was found"), max_length=2000)
    due_on = models.DateField(_("put right by"))
    # 民警 both, by the check of the verb.
    first_officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="orders_first"
    )
    second_officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="orders_second"
    )
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="orders_issued"
    )
    issued_at = models.DateTimeField(default=timezone.now)
    received_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    completed_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    revoked_because = models.CharField(max_length=200, blank=True)
    next_reminder_at = models.DateTimeField(null=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("rectification order")
        verbose_name_plural = _("rectification orders")
        constraints = (
            models.UniqueConstraint(fields=("unit", "year", "serial"), name="order_serial_once"),
            models.UniqueConstraint(fields=("unit", "number"), name="order_number_once"),
            models.UniqueConstraint(
                fields=("issue",),
                condition=Q(completed_at__isnull=True, revoked_at__isnull=True),
                name="order_one_open_of_a_line",
            ),
            models.CheckConstraint(
                condition=~Q(first_officer=F("second_officer")), name="order_by_two"
            ),
            # No deadline lapses in silence: an open order always has a clock that rings.
            models.CheckConstraint(
                condition=Q(
                    completed_at__isnull=True,
                    revoked_at__isnull=True,
                    next_reminder_at__isnull=False,
                )
                | Q(next_reminder_at__isnull=True)
                & (Q(completed_at__isnull=False) | Q(revoked_at__isnull=False)),
                name="order_open_has_a_clock",
            ),
        )
        indexes = (
            models.Index(fields=("unit", "-issued_at", "-id"), name="order_unit_when"),
            models.Index(fields=("-issued_at", "-id"), name="order_when"),
            models.Index(
                fields=("next_reminder_at", "id"),
                condition=Q(next_reminder_at__isnull=False),
                name="order_reminder_due",
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.completed_at is None and self.revoked_at is None

    def is_late(self, today: date | None = None) -> bool:
        return self.is_open and self.due_on < (today or timezone.localdate())


class Postponement(models.Model):
    """The order was given more time because its line was: by which event, and from which day to
    which."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="postponements")
    event = models.OneToOneField(Event, models.PROTECT, related_name="order_postponement")
    before = models.DateField()
    after = models.DateField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(after__gt=F("before")), name="postponement_is_later"
            ),
        )

    def __str__(self) -> str:
        return f"{self.order_id}: {self.after}"


class OrderItem(models.Model):
    """One thing to be put right."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("item", "To be put right")
        ANSWERED = "answered", pgettext_lazy("item", "Answered, to be looked at")
        RETURNED = "returned", pgettext_lazy("item", "Not yet")
        ACCEPTED = "accepted", pgettext_lazy("item", "Put right")

    order = models.ForeignKey(Order, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("what is to be put right"), max_length=300)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("order", "position"), name="order_item_position"),
        )

    def __str__(self) -> str:
        return f"{self.position}. {self.text}"


class Answer(models.Model):
    """What the enterprise said and showed of an item: an event of the line, with its photos as
    proofs of how things are now; and what the officer found."""

    class Outcome(models.TextChoices):
        PENDING = "pending", pgettext_lazy("answer", "To be looked at")
        ACCEPTED = "accepted", pgettext_lazy("answer", "Put right")
        RETURNED = "returned", pgettext_lazy("answer", "Not yet")

    item = models.ForeignKey(OrderItem, models.PROTECT, related_name="answers")
    event = models.OneToOneField(Event, models.PROTECT, related_name="order_answer")
    text = models.TextField(max_length=2000)
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.PENDING)
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="answers_looked_at"
    )
    looked_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("item",), condition=Q(outcome="pending"), name="answer_one_pending"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="returned") | ~Q(reason=""), name="answer_returned_with_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.item_id}: {self.outcome}"


class OrderNumbering(models.Model):
    """The last serial given in a unit and year."""

    unit = models.ForeignKey(Unit, models.CASCADE)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("unit", "year"), name="order_numbering_once"),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year} {self.last}"
