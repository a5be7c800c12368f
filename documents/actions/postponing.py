"""An order's deadline goes with that of its line."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from documents.deadlines import order_next
from documents.models import Order, Postponement
from documents.notices import contacts_at, tell_of_order
from issues.models import Event, Issue
from issues.notices import handlers_of
from liaison.audit.record import record


def postpone_order(issue: Issue, event: Event, *, before: date, after: date) -> None:
    """The line's last day moved from ``before`` to ``after``: its open order is given as many days
    more, so that it still lies within the line's. To be called inside the transaction of the verb.

    What has run out stays so, and without a later day there is nothing to move.
    """
    if after <= before:
        return
    order = (
        Order.objects.all()
        .open()
        .filter(issue=issue, due_on__gte=timezone.localdate())
        .select_related("unit", "enterprise")
        .first()
    )
    if order is None:
        return
    stood = order.due_on
    order.due_on = stood + (after - before)
    order.next_reminder_at = order_next(order.due_on, timezone.now())
    moved = Order.objects.all().open().filter(pk=order.pk, due_on=stood)
    if not moved.update(due_on=order.due_on, next_reminder_at=order.next_reminder_at):
        return  # It ended meanwhile: there is no deadline left to move.
    Postponement.objects.create(order=order, event=event, before=stood, after=order.due_on)
    days = {"from": f"{stood:%Y-%m-%d}", "to": f"{order.due_on:%Y-%m-%d}"}
    actor = event.actor
    record(
        "order.postponed",
        order,
        by=actor,
        unit=order.unit,
        changes={"due_on": [days["from"], days["to"]], "line": issue.number},
    )
    if actor is not None:
        tell_of_order(
            order,
            [*contacts_at([order.enterprise_id]), *handlers_of(issue)],
            occasion=f"postponed:{event.pk}",
            title=_("More time to put right: %(number)s"),
            by=actor,
            text=_("by %(to)s instead of %(from)s") % days,
        )
