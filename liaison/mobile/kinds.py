"""What each kind of operation is: how its body is read, which enterprise it is about, and which
verb of the domain carries it out. The rules are theirs; there are none here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request

from issues.api.answers import shown
from issues.api.orders import RaiseSerializer, move_as_sent, raise_as_sent
from issues.models import Issue
from issues.workflow import MOVES
from liaison.accounts.models import User
from liaison.accounts.permissions import person
from liaison.core.api.fields import IdField, KnownFieldsOnly, RowField
from liaison.core.refused import Conflict, Refused
from liaison.mobile.clocks import TOLERANCE, PhoneClock
from liaison.mobile.models import Operation
from visits.actions import keep_promise
from visits.api import MadePromiseSerializer, VisitSerializer
from visits.api import shown_to as visits_shown_to
from visits.models import Promise
from visits.orders import LogVisitSerializer, log_as_sent
from visits.places import CheckInSerializer, check_in_as_sent, show_check_in


@dataclass(frozen=True)
class Sent:
    """An operation as it came. Of the body nothing is known but that it is an object."""

    client_id: UUID
    kind: str
    made_at: datetime
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Sender:
    """Whose phone it is, and its clock. What is shown of a line depends on who asks."""

    request: Request
    clock: PhoneClock

    @property
    def user(self) -> User:
        return person(self.request)


@dataclass(frozen=True)
class Done:
    """What came of it, as the API shows it; a code where there is more to say than "done"."""

    object: Mapping[str, Any]
    code: str = ""
    message: str = ""


class NotYet(Exception):  # noqa: N818 - no error: the phone sends it again
    """It cannot be judged before something else has come. Nothing is written, nor remembered."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code, self.message = code, message


def waits_for_another() -> NotYet:
    return NotYet("after_another", _("Waits for what was done before it."))


@dataclass(frozen=True)
class Kind:
    """``enterprise``: the id of the enterprise it is about, None where the body does not say it.
    ``carry_out`` raises whatever the API would answer with, and ``NotYet``."""

    enterprise: Callable[[Sent, User], int | None]
    carry_out: Callable[[Sent, Sender], Done]


def _named_enterprise(sent: Sent, _user: User) -> int | None:
    return _whole(sent.body.get("enterprise"))


def _visit(sent: Sent, sender: Sender) -> Done:
    # One visit under one id, whichever way it is sent.
    body = {"client_id": str(sent.client_id), **sent.body}
    asked = LogVisitSerializer(data=body, context={"user": sender.user})
    asked.is_valid(raise_exception=True)
    by_the_phone = asked.validated_data["happened_at"]
    happened_at = sender.clock.put_right(by_the_phone)
    given = {**asked.validated_data, "happened_at": happened_at}
    visit = log_as_sent(_put_right_where(given, sender), by=sender.user)
    row = visits_shown_to(sender.user).get(pk=visit.pk)
    # As a list shows it: answers are kept, and coordinates must not be kept with them.
    answer = VisitSerializer(row, context={"request": sender.request}).data
    if abs(happened_at - by_the_phone) <= TOLERANCE:
        return Done(answer)
    said = _("The phone's clock is wrong. The visit is written down at %(at)s.")
    return Done(
        answer, "clock_corrected", said % {"at": f"{timezone.localtime(happened_at):%F %R}"}
    )


def _check_in(sent: Sent, sender: Sender) -> Done:
    body = {"client_id": str(sent.client_id), **sent.body}
    asked = CheckInSerializer(data=body, context={"user": sender.user})
    asked.is_valid(raise_exception=True)
    given = {**asked.validated_data, "at": sender.clock.put_right(asked.validated_data["at"])}
    arrival = check_in_as_sent(_put_right_where(given, sender), by=sender.user)
    return Done(show_check_in(arrival, sender.user))


def _put_right_where(given: dict[str, Any], sender: Sender) -> dict[str, Any]:
    """The same, with the moment of its position by our clock too."""
    if position := given["position"]:
        taken_at = sender.clock.put_right(position["taken_at"])
        given["position"] = {**position, "taken_at": taken_at}
    return given


def _issue(sent: Sent, sender: Sender) -> Done:
    asked = RaiseSerializer(data=sent.body, context={"user": sender.user})
    asked.is_valid(raise_exception=True)
    raised_at = sender.clock.raised(sent.made_at)
    line = raise_as_sent(asked.validated_data, by=sender.user, raised_at=raised_at)
    return Done(shown(line, sender.request))


class LineField(serializers.Field[Any, Any, Any, Any]):
    """A line of the bill: its id, or {"client_id"} of the operation that raised it."""

    default_error_messages = {"line": gettext_lazy("Say which line, by its id.")}

    def to_internal_value(self, data: Any) -> int | UUID:
        if not isinstance(data, dict):
            found: int = IdField().run_validation(data)
            return found
        if data.keys() != {"client_id"}:
            self.fail("line")
        raised_by: UUID = serializers.UUIDField().run_validation(data["client_id"])
        return raised_by

    def to_representation(self, value: int | UUID) -> Any:
        return value if isinstance(value, int) else {"client_id": str(value)}


class _MoveOf(serializers.Serializer[Any]):
    issue = LineField()


def _enterprise_of_line(sent: Sent, user: User) -> int | None:
    asked = _MoveOf(data=sent.body)
    if not asked.is_valid():
        return None
    line = asked.validated_data["issue"]
    if isinstance(line, UUID):
        raised = Operation.objects.visible_to(user).filter(client_id=line, kind="issue").first()
        told = raised.answer["object"] if raised and raised.status == Operation.Status.DONE else {}
        return told["enterprise"]["id"] if told else None
    lines = Issue.objects.visible_to(user).filter(pk=line)
    return lines.values_list("enterprise_id", flat=True).first()


def line_claimed(sent: Sent, user: User) -> int | None:
    """The id of the line that a move counts on having as it saw it; None for a remark, or for
    whatever is no move."""
    asked = _MoveOf(data=sent.body) if sent.kind == "move" else None
    if asked is None or not asked.is_valid():
        return None
    name = sent.body.get("move")
    move = MOVES.get(name) if isinstance(name, str) else None
    if move is None or not move.claims:
        return None
    try:
        return _line_id(asked.validated_data["issue"], user)
    except (NotYet, Refused):
        return None


def _line_id(line: int | UUID, user: User) -> int:
    """Raises NotYet while the operation that raises the line has not been carried out, and Refused
    when it never will be."""
    if isinstance(line, int):
        return line
    raised = Operation.objects.visible_to(user).filter(client_id=line).first()
    if raised is None:
        raise waits_for_another()
    if raised.kind != "issue" or raised.status != Operation.Status.DONE:
        raise Refused(
            "needs_refused", _("The line that this belongs to was not entered."), field="issue"
        )
    found: int = raised.answer["object"]["id"]
    return found


def _move(sent: Sent, sender: Sender) -> Done:
    asked = _MoveOf(data=sent.body)
    asked.is_valid(raise_exception=True)
    wanted = _line_id(asked.validated_data["issue"], sender.user)
    seen = Issue.objects.visible_to(sender.user)
    line = get_object_or_404(seen.for_ledger(), pk=wanted)
    told = {name: value for name, value in sent.body.items() if name != "issue"}
    try:
        moved = move_as_sent(line, told, by=sender.user)
    except Conflict as conflict:
        # Theirs, to be shown beside mine: the whole line, unless it has gone where I see nothing.
        theirs = shown(line, sender.request) if seen.filter(pk=wanted).exists() else {}
        details = {**conflict.details, **theirs}
        raise Conflict(
            conflict.code, conflict.message, field=conflict.field, details=details
        ) from conflict
    return Done(shown(moved, sender.request))


class PromiseKeptSerializer(KnownFieldsOnly):
    promise = RowField(queryset=Promise.objects.select_related("visit__enterprise", "visit__unit"))


def _enterprise_of_promise(sent: Sent, user: User) -> int | None:
    # No promise has the id 0.
    key = _whole(sent.body.get("promise")) or 0
    promises = Promise.objects.visible_to(user).filter(pk=key)
    return promises.values_list("visit__enterprise_id", flat=True).first()


def _promise_kept(sent: Sent, sender: Sender) -> Done:
    asked = PromiseKeptSerializer(data=sent.body, context={"user": sender.user})
    asked.is_valid(raise_exception=True)
    promise = asked.validated_data["promise"]
    keep_promise(promise, by=sender.user)
    promise.refresh_from_db()
    return Done(MadePromiseSerializer.show(promise))


def _whole(value: Any) -> int | None:
    try:
        found: int = IdField().run_validation(value)
    except serializers.ValidationError:
        return None
    return found


KINDS = {
    "visit": Kind(_named_enterprise, _visit),
    "issue": Kind(_named_enterprise, _issue),
    "move": Kind(_enterprise_of_line, _move),
    "check_in": Kind(_named_enterprise, _check_in),
    "promise_kept": Kind(_enterprise_of_promise, _promise_kept),
}
