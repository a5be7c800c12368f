"""Carrying out what was done on a phone, each thing once however often it comes."""

import hashlib
import json
import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.utils.encoders import JSONEncoder

from liaison.core.api.errors import answer_errors
from liaison.core.refused import Refused
from liaison.mobile.files import with_files
from liaison.mobile.kinds import KINDS, Done, NotYet, Sender, Sent, line_claimed, waits_for_another
from liaison.mobile.models import Operation

logger = logging.getLogger(__name__)

DONE, REFUSED, CONFLICT = Operation.Status.DONE, Operation.Status.REFUSED, Operation.Status.CONFLICT
RETRY = "retry"
STATUSES = (*Operation.Status.values, RETRY)
# As JSON writes it; not a backslash that happens to stand before "u0000".
_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


@dataclass(frozen=True)
class Answer:
    """``object``: what there is now for "done", how things stand for "conflict", what helps to
    mend it for "refused"; as the API has it."""

    client_id: UUID
    status: str
    code: str = ""
    message: str = ""
    object: Mapping[str, Any] | None = None


class Outbox:
    """One batch: operations in the order in which the person did them."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender
        self._user = sender.user
        # Operations of this batch on these wait: enterprises where one came to nothing, lines that
        # are not as a refused move would have left them.
        self._held: set[int] = set()
        self._lines_held: set[int] = set()
        self._enterprise_of: dict[UUID, int | None] = {}
        self._busy = False

    def take(self, batch: Iterable[Sent]) -> list[Answer]:
        """An answer for each, in their order. Each is a transaction of its own.

        Once the database could not, nothing after it is tried: it would only keep people waiting.
        """
        answers = []
        for sent in batch:
            try:
                answers.append(self._busy_answer(sent) if self._busy else self._next(sent))
            except (OperationalError, InterfaceError):
                # A deadlock, a lock that did not come, a server that went away. What it did in its
                # transaction is undone; whether a commit arrived, the next try finds out.
                logger.warning("%s of %s is put off", sent.kind, self._user.pk, exc_info=True)
                self._busy = True
                answers.append(self._busy_answer(sent))
        return answers

    def _next(self, sent: Sent) -> Answer:
        if sent.kind not in KINDS:
            # Not remembered: the server may know it after its next version.
            said = _("This server does not know what “%s” is.") % sent.kind
            return Answer(sent.client_id, REFUSED, "unknown_kind", said)
        enterprise = self._enterprise(sent)
        line = line_claimed(sent, self._user)
        if enterprise in self._held or line in self._lines_held:
            answer = self._answered(sent) or _put_off(sent, waits_for_another())
        else:
            answer = self._once(sent)
        if answer.status in (CONFLICT, RETRY) and enterprise is not None:
            self._held.add(enterprise)
        if answer.status == REFUSED and line is not None:
            self._lines_held.add(line)
        return answer

    def _enterprise(self, sent: Sent) -> int | None:
        about = KINDS[sent.kind].enterprise(sent, self._user)
        if about is None and sent.kind == "move":
            # Of a line that this batch was to raise, and has not.
            about = self._enterprise_of.get(_raised_by(sent))  # type: ignore[arg-type]
        self._enterprise_of[sent.client_id] = about
        return about

    def _once(self, sent: Sent) -> Answer:
        """Carry it out, or say what was answered when it was."""
        try:
            with transaction.atomic():
                # Whoever sends the same at the same time waits here until this one has ended.
                row, new = Operation.objects.get_or_create(
                    user=self._user,
                    client_id=sent.client_id,
                    defaults={
                        "kind": sent.kind,
                        "body_hash": _hash(sent),
                        "made_at": self.sender.clock.made(sent.made_at),
                        "received_at": self.sender.clock.now,
                        "status": REFUSED,
                    },
                )
                if new:
                    row.status, row.answer = self._carried_out(sent)
                    row.save(update_fields=("status", "answer"))
        except NotYet as not_yet:
            return _put_off(sent, not_yet)
        return _from_row(row, sent)

    def _answered(self, sent: Sent) -> Answer | None:
        """What has been answered to it, if it came before."""
        row = Operation.objects.visible_to(self._user).filter(client_id=sent.client_id).first()
        return _from_row(row, sent) if row else None

    def _carried_out(self, sent: Sent) -> tuple[str, dict[str, Any]]:
        """Its status and what is answered; a refusal leaves nothing behind."""
        try:
            with transaction.atomic():
                complete = replace(sent, body=with_files(sent.body, self._user))
                done = KINDS[sent.kind].carry_out(complete, self.sender)
        except (Refused, Http404, APIException) as error:
            return _refusal(error)
        return DONE, _plain(done)

    def _busy_answer(self, sent: Sent) -> Answer:
        return _put_off(sent, NotYet("busy", _("The server is busy. It is sent again by itself.")))


def refused_unread(client_id: UUID, error: serializers.ValidationError) -> Answer:
    """The answer to what is no operation at all."""
    status, told = _refusal(error)
    return Answer(client_id, status, **told)


def _from_row(row: Operation, sent: Sent) -> Answer:
    if row.body_hash != _hash(sent):
        said = _("Something else was sent under this id.")
        return Answer(sent.client_id, CONFLICT, "reused", said)
    return Answer(sent.client_id, row.status, **row.answer)


def _raised_by(sent: Sent) -> UUID | None:
    line = sent.body.get("issue")
    try:
        return UUID(str(line["client_id"])) if isinstance(line, dict) else None
    except (KeyError, ValueError):
        return None


def _put_off(sent: Sent, why: NotYet) -> Answer:
    return Answer(sent.client_id, RETRY, why.code, why.message)


def _refusal(error: Exception) -> tuple[str, dict[str, Any]]:
    """What the API would have answered: a Conflict, or one of many ways of saying no."""
    response = answer_errors(error, {})
    if response is None:
        raise error
    told = dict(response.data)
    code, message = told.pop("code"), told.pop("message")
    status = CONFLICT if response.status_code == 409 else REFUSED
    return status, _plain(Done(told, code, message))


def _plain(done: Done) -> dict[str, Any]:
    """As it is read again from the row: the same answer the first time as any other."""
    told = {"code": done.code, "message": str(done.message), "object": done.object}
    # A complaint may quote what was sent, and PostgreSQL keeps no NUL.
    text = _NUL.sub(r"\1", json.dumps(told, cls=JSONEncoder))
    plain: dict[str, Any] = json.loads(text)
    return plain


def _hash(sent: Sent) -> str:
    """Of what was sent, however its fields were ordered; but for where the phone was, which is not
    kept for as long as the hash, and metres about a known gate are soon tried out."""
    said = {name: value for name, value in sent.body.items() if name != "position"}
    text = json.dumps([sent.kind, said], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
