"""Every transaction and every single write waits for its turn before SQLite is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from liaison.core.sqlite.turns import Turns

_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


@cache
def turns_before(path: str) -> Turns:
    """The line before a database file; one for all threads of this process."""
    return Turns(Path(f"{path}-turns"))


class DatabaseWrapper(base.DatabaseWrapper):
    # What begins and ends a transaction is not among what Django's types describe.
    has_turn = False

    def create_cursor(self, name: str | None = None) -> "Cursor":
        # The factory is called with the connection of sqlite3, which does not know us.
        cursor: Cursor = self.connection.cursor(factory=Cursor)
        cursor.database = self
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._give_turn()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        # A commit that failed leaves the transaction open, to be rolled back.
        self._give_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._give_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._give_turn()

    @contextmanager
    def turn_for(self, query: str) -> Iterator[None]:
        """A turn for a write that is its own transaction; within one, the turn is there already."""
        if self.has_turn or not query.lstrip().upper().startswith(_WRITES):
            yield
            return
        self._take_turn()
        try:
            yield
        finally:
            self._give_turn()

    def _take_turn(self) -> None:
        if self.has_turn or self.is_in_memory_db():
            return
        path = str(self.settings_dict["NAME"])
        if not turns_before(path).take(self.settings_dict["OPTIONS"].get("timeout", 5)):
            # In SQLite's own words, for whoever knows them.
            raise OperationalError("database is locked")
        self.has_turn = True

    def _give_turn(self) -> None:
        if self.has_turn:
            self.has_turn = False
            turns_before(str(self.settings_dict["NAME"])).give()


class Cursor(base.SQLiteCursorWrapper):
    database: DatabaseWrapper

    def execute(self, query: str, params: Any = None) -> Any:
        with self.database.turn_for(query):
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        with self.database.turn_for(query):
            return super().executemany(query, param_list)
