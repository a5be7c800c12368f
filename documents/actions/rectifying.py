"""Putting right what an order names: received, answered item by item with photos, looked at."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from documents.models import Answer, Order, OrderItem
from documents.notices import contacts_at, tell_of_order
from issues.actions.engine import Proven, admit, write_event
from issues.notices import handlers_of
from issues.roles import roles_of
from issues.workflow import MOVES, Proof, Role
from liaison.accounts.models import User
from liaison.audit.record import record
from liaison.core.refused import Conflict, Refused
from liaison.evidence.models import Evidence

State = OrderItem.State


@transaction.atomic
def receive_order(order: Order, *, by: User) -> None:
    """签收: the enterprise has it. The first to say so stands on it."""
    _must_be_theirs(order, by)
    there = Order.objects.filter(pk=order.pk, received_at__isnull=True)
    if there.update(received_at=timezone.now(), received_by=by):
        record("order.received", order, by=by, unit=order.unit)
        tell_of_order(
            order, handlers_of(order.issue), occasion="received",
            title=_("Received: %(number)s"), by=by,
        )  # fmt: skip


@transaction.atomic
def answer_item(item: OrderItem, *, by: User, text: str, files: Sequence[UUID] = ()) -> Answer:
    """What was done about one item, with at least one photo of how it is now.

    It is a public remark on the line, and its photos are the line's proofs of afterwards. Raises
    Refused("missing" | "too_long" | ...) or a Conflict for an item that is answered or accepted, or
    an order that has ended.
    """
    order = _take_turns(item.order)
    _must_be_theirs(order, by)
    text = text.strip()
    if not text:
        raise Refused("missing", _("Say what was done."), field="text")
    if len(text) > 2000:
        raise Refused("too_long", _("At most %(n)d characters.") % {"n": 2000}, field="text")
    mine = Evidence.objects.visible_to(by).filter(pk__in=files)
    if not mine.filter(content_type__startswith="image/").exists():
        raise Refused("missing", _("Add a photo of how it is now."), field="file_")
    waiting = OrderItem.objects.filter(pk=item.pk, state__in=(State.OPEN, State.RETURNED))
    if not waiting.update(state=State.ANSWERED):
        raise Conflict("answered", _("This item is answered already."))
    note = _("%(number)s, item %(n)d: %(text)s") % {
        "number": order.number,
        "n": item.position,
        "text": text,
    }
    line = admit(order.issue, MOVES["note"], by=by, version=None, values={"note": note})
    event = write_event(
        line,
        "note",
        by=by,
        from_stage=line.stage,
        public=True,
        text=note,
        files=[Proven(pk) for pk in files],
        shows=Proof.AFTER,
    )
    answer = Answer.objects.create(item=item, event=event, text=text, at=event.at)
    if order.received_at is None:
        receive_order(order, by=by)
    record("order.answered", order, by=by, unit=order.unit, changes={"item": item.position})
    return answer


def may_look(order: Order, by: User) -> bool:
    """Who handles the line or acts for whoever does, who stands on the order, and chiefs."""
    if by.unit_id != order.unit_id or not by.is_station_staff or not by.is_active:
        return False
    named = by.pk in (order.first_officer_id, order.second_officer_id)
    return named or bool(roles_of(by, order.issue) & {Role.HANDLER, Role.CHIEF})


@transaction.atomic
def look_at(item: OrderItem, *, by: User, accepted: bool, reason: str = "") -> None:
    """What the officer found of an answered item: put right, or not yet and why.

    With the last item the order is done, and the line can be proposed for close-out: its photos
    of afterwards are there. Raises Refused("not_allowed" | "missing" | "too_long") or a Conflict.
    """
    order = _take_turns(item.order)
    if not may_look(order, by):
        raise Refused("not_allowed", _("Only who handles the line or stands on the order may."))
    reason = reason.strip()
    if not accepted and not reason:
        raise Refused("missing", _("Say what is still missing."), field="reason")
    if len(reason) > 200:
        raise Refused("too_long", _("At most %(n)d characters.") % {"n": 200}, field="reason")
    state = State.ACCEPTED if accepted else State.RETURNED
    if not OrderItem.objects.filter(pk=item.pk, state=State.ANSWERED).update(state=state):
        raise Conflict("looked_at", _("There is no answer to look at any more."))
    now = timezone.now()
    pending = Answer.objects.filter(item=item, outcome=Answer.Outcome.PENDING)
    pending.update(outcome=str(state), looked_by=by, looked_at=now, reason=reason)
    record(
        "order.looked_at", order, by=by, unit=order.unit,
        changes={"item": item.position, "outcome": str(state)},
    )  # fmt: skip
    done = accepted and not order.items.exclude(state=State.ACCEPTED).exists()
    if done:
        Order.objects.filter(pk=order.pk).update(completed_at=now, next_reminder_at=None)
        said = _("All that %(number)s names is put right.") % {"number": order.number}
        line = order.issue
        write_event(line, "note", by=by, from_stage=line.stage, public=True, text=said)
    answer = item.answers.order_by("-pk").values_list("pk", flat=True).first()
    tell_of_order(
        order,
        contacts_at([order.enterprise_id]),
        occasion=f"looked:{answer}",
        title=(
            _("All put right: %(number)s")
            if done
            else _("An item is put right: %(number)s")
            if accepted
            else _("Not yet put right: %(number)s")
        ),
        by=by,
        text=f"{item}" + (f"\n{reason}" if reason else ""),
    )


def _take_turns(order: Order) -> Order:
    """The order as it is now, its other items standing still until we commit: of two who accept
    the last two each would otherwise leave it open."""
    Order.objects.filter(pk=order.pk).update(serial=F("serial"))
    now = Order.objects.select_related("issue__unit", "unit", "enterprise").get(pk=order.pk)
    if not now.is_open:
        raise Conflict("ended", _("This order has ended already."))
    return now


def _must_be_theirs(order: Order, by: User) -> None:
    there = Order.objects.visible_to(by).filter(pk=order.pk)
    if not by.is_contact or not there.exists():
        raise Refused("not_yours", _("This order is not for your enterprise."))
