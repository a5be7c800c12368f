"""The sweeps that ring for answers that are owed and orders that are open."""

from collections import Counter
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import translation

from documents.deadlines import acknowledge_due, acknowledge_next, order_due, order_next
from documents.models import Document, Order
from documents.notices import sayings_of_document, sayings_of_order
from liaison.core.sweeping import sweep
from liaison.notices.gathering import Saying, mention

# A row that cannot be worked out is looked at again after so long.
PUT_OFF = timedelta(minutes=10)
# Each may concern hundreds of contacts.
AT_ONCE = 20


def remind_due(now: datetime) -> Counter[str]:
    """Take every step that is due and put down who is to be told; ``tell_gathered`` tells them.
    However late or often it comes, each step is told once: its occasion names day and step."""
    documents = Document.objects.all().to_remind(now).select_related("unit", "published_by")
    orders = Order.objects.all().to_remind(now)
    orders = orders.select_related("unit", "enterprise", "issue__unit", "issue__handler")
    return sweep(
        documents.order_by("next_reminder_at", "id"),
        lambda rows: _documents(rows, now),
        lambda row: Document.objects.filter(pk=row.pk).update(next_reminder_at=now + PUT_OFF),
        batch=AT_ONCE,
    ) + sweep(
        orders.order_by("next_reminder_at", "id"),
        lambda rows: _orders(rows, now),
        lambda row: Order.objects.filter(pk=row.pk).update(next_reminder_at=now + PUT_OFF),
        batch=AT_ONCE,
    )


def _documents(rows: list[Document], now: datetime) -> Counter[str]:
    told: list[tuple[int, Saying]] = []
    taken = 0
    with translation.override(settings.LANGUAGE_CODE):
        for row in rows:
            if row.acknowledge_by is None:
                continue
            if step := acknowledge_due(row.acknowledge_by, now):
                taken += 1
                told += sayings_of_document(row, step)
            to_come = acknowledge_next(row.acknowledge_by, now)
            Document.objects.filter(pk=row.pk).update(next_reminder_at=to_come)
    mention(told, now=now)
    return Counter(papers_rung=taken)


def _orders(rows: list[Order], now: datetime) -> Counter[str]:
    told: list[tuple[int, Saying]] = []
    taken = 0
    with translation.override(settings.LANGUAGE_CODE):
        for row in rows:
            if step := order_due(row.due_on, now):
                taken += 1
                told += sayings_of_order(row, step)
            to_come = order_next(row.due_on, now)
            Order.objects.filter(pk=row.pk).update(next_reminder_at=to_come)
    mention(told, now=now)
    return Counter(papers_rung=taken)
