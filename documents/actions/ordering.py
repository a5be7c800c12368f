"""Issuing an order to put right, and revoking it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from documents.deadlines import order_next
from documents.models import Order, OrderItem, OrderNumbering
from documents.notices import contacts_at, tell_of_order
from issues.actions.engine import write_event
from issues.models import Issue
from issues.notices import handlers_of
from issues.roles import roles_of
from issues.workflow import Role, Stage
from liaison.accounts.models import Kind, Unit, User
from liaison.accounts.people import hold_still
from liaison.audit.record import record
from liaison.core.refused import Conflict, Refused
from liaison.law.models import LegalBasis

# Where the clock runs within which a hazard is resolved.
ON_ITS_WAY = (Stage.ACCEPTED, Stage.WORKING, Stage.WAITING)
MOST_ITEMS = 30


@dataclass(frozen=True)
class Ordered:
    """What an order says; ``mark`` is the word before its number, 龙所责改字."""

    officers: tuple[User, User]
    basis: LegalBasis
    facts: str
    items: Sequence[str]
    due_on: date
    mark: str


def may_issue(issue: Issue, by: User) -> bool:
    """民警 who handle the line, act for whoever does, or lead the station; on a hazard under way
    that the enterprise may know of."""
    fits = issue.kind.code == "hazard" and issue.stage in ON_ITS_WAY and not issue.sensitive
    return fits and by.is_sworn and bool(roles_of(by, issue) & {Role.HANDLER, Role.CHIEF})


@transaction.atomic
def issue_order(issue: Issue, ordered: Ordered, *, by: User) -> Order:
    """责令限期整改 on a line of the bill (《企业事业单位内部治安保卫条例》Art. 16).

    Two 民警 of the station stand on it. Its deadline is after today and not after the day on which
    the line itself must be resolved, so that the line's own ladder, up to the bureau, goes on
    above it; it also has a clock of its own. Raises Refused("not_allowed" | "not_sworn" |
    "missing" | "too_long" | "past" | "too_far" | "not_in_force", field=...) or a Conflict for a
    line that has an open order.
    """
    hold_still(*ordered.officers)
    current = Issue.objects.for_ledger().select_related("kind", "unit").get(pk=issue.pk)
    if not may_issue(current, by):
        raise Refused(
            "not_allowed",
            _("Only 民警 who handle the hazard, or a chief, issue an order while it is under way."),
        )
    items = _must_be_whole(ordered, current)
    now = timezone.now()
    year = timezone.localtime(now).year
    serial = _next_serial(current.unit, year)
    first, second = ordered.officers
    order = Order(
        unit=current.unit,
        issue=current,
        enterprise=current.enterprise,
        year=year,
        serial=serial,
        # As official documents are numbered: not padded.
        number=f"{ordered.mark.strip()}〔{year}〕{serial}号",
        basis=ordered.basis,
        facts=ordered.facts.strip(),
        due_on=ordered.due_on,
        first_officer=first,
        second_officer=second,
        issued_by=by,
        issued_at=now,
        next_reminder_at=order_next(ordered.due_on, now),
    )
    try:
        with transaction.atomic():
            order.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict("open_order", _("There is an open order on this line already.")) from error
    OrderItem.objects.bulk_create(
        OrderItem(order=order, position=n, text=text) for n, text in enumerate(items, 1)
    )
    said = _("Order to put right %(number)s, by %(day)s.") % {
        "number": order.number,
        "day": f"{order.due_on:%Y-%m-%d}",
    }
    write_event(current, "note", by=by, from_stage=current.stage, public=True, text=said)
    record("order.issued", order, by=by, unit=current.unit, changes={"line": current.number})
    tell_of_order(
        order,
        [*contacts_at([order.enterprise_id]), *handlers_of(current)],
        occasion="issued",
        title=_("Order to put right: %(number)s"),
        by=by,
        text=_("by %(day)s") % {"day": f"{order.due_on:%Y-%m-%d}"},
    )
    return order


@transaction.atomic
def revoke_order(order: Order, *, by: User, reason: str) -> None:
    """An order that should not have been, or is overtaken; the enterprise reads why."""
    named = by.pk in (order.first_officer_id, order.second_officer_id)
    if by.unit_id != order.unit_id or not by.is_active or not (named or by.kind == Kind.CHIEF):
        raise Refused("not_allowed", _("Only who stands on the order, or a chief, may revoke it."))
    reason = reason.strip()
    if not reason:
        raise Refused("missing", _("Say why it is revoked."), field="reason")
    if len(reason) > 200:
        raise Refused("too_long", _("At most %(n)d characters.") % {"n": 200}, field="reason")
    if (
        not Order.objects.all()
        .open()
        .filter(pk=order.pk)
        .update(
            revoked_at=timezone.now(), revoked_by=by, revoked_because=reason, next_reminder_at=None
        )
    ):
        raise Conflict("ended", _("This order has ended already."))
    record("order.revoked", order, by=by, unit=order.unit, changes={"why": reason})
    tell_of_order(
        order,
        [*contacts_at([order.enterprise_id]), *handlers_of(order.issue)],
        occasion="revoked",
        title=_("Revoked: %(number)s"),
        by=by,
        text=reason,
    )


def _must_be_whole(ordered: Ordered, issue: Issue) -> list[str]:
    """The items, without blanks."""
    first, second = ordered.officers
    if first.pk == second.pk:
        raise Refused("not_sworn", _("Two different 民警 are needed."), field="second_officer")
    sworn = User.objects.all().sworn().at(issue.unit).filter(pk__in=(first.pk, second.pk))
    if sworn.count() != 2:
        raise Refused("not_sworn", _("Both must be 民警 of this station."), field="first_officer")
    items = [text.strip() for text in ordered.items if text.strip()]
    for field, text, most in (
        ("facts", ordered.facts, 2000),
        ("items", max(items, key=len, default=""), 300),
        ("mark", ordered.mark, 30),
    ):
        if not text.strip():
            raise Refused("missing", _("Please fill this in."), field=field)
        if len(text.strip()) > most:
            raise Refused("too_long", _("At most %(n)d characters.") % {"n": most}, field=field)
    if len(items) > MOST_ITEMS:
        raise Refused("too_long", _("At most %(n)d items.") % {"n": MOST_ITEMS}, field="items")
    today = timezone.localdate()
    if ordered.due_on <= today:
        raise Refused("past", _("Give a day after today."), field="due_on")
    last = timezone.localdate(issue.resolve_due_at) if issue.resolve_due_at else today
    if ordered.due_on > last:
        raise Refused(
            "too_far",
            _("The line itself must be resolved by %(day)s: no later than that.")
            % {"day": f"{last:%Y-%m-%d}"},
            field="due_on",
        )
    on_it = LegalBasis.objects.for_orders().in_force(today)
    if not on_it.filter(pk=ordered.basis.pk).exists():
        raise Refused("not_in_force", _("This version is not in force today."), field="basis")
    return items


def _next_serial(unit: Unit, year: int) -> int:
    """The row's lock makes two callers take turns."""
    OrderNumbering.objects.get_or_create(unit=unit, year=year)
    OrderNumbering.objects.filter(unit=unit, year=year).update(last=F("last") + 1)
    return OrderNumbering.objects.get(unit=unit, year=year).last
