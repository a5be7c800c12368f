"""What a phone may send again: the same person, id and content are one row."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction

from liaison.accounts.models import User
from liaison.core.refused import Conflict
from visits.models import CheckIn, Visit

R = TypeVar("R", Visit, CheckIn)


@dataclass(frozen=True)
class Sending(Generic[R]):
    """A row on its way. ``body`` is the fingerprint of its content; ``reused`` says that the id was
    used for other content, and ``named`` is what the answer calls the row that has it."""

    rows: type[R]
    by: User
    client_id: UUID
    body: str
    reused: str
    named: str

    def earlier(self) -> R | None:
        """The row, if this was sent before; a Conflict for other content under the id."""
        row = self.rows._default_manager.filter(officer=self.by, client_id=self.client_id).first()
        if row is not None and row.body_hash != self.body:
            raise Conflict(
                "client_id_reused", self.reused, field="client_id", details={self.named: row.pk}
            )
        return row

    def write(self, **columns: Any) -> tuple[R, bool]:
        """The row, and whether it is new; not where the same arrived twice at once and the other
        one was committed first."""
        try:
            with transaction.atomic():
                row = self.rows._default_manager.create(
                    officer=self.by, client_id=self.client_id, body_hash=self.body, **columns
                )
        except IntegrityError:
            if there := self.earlier():
                return there, False
            raise
        return row, True
