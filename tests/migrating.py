"""The test databases of the workers of one run: migrated once, the others copied from that.

Working through all migrations takes some twenty seconds of a processor, most of them for Django's
picture of the models in between. So the first worker that needs its database migrates it and lays a
copy aside; the others wait, begin with that copy, and Django finds nothing left to migrate.
"""

import fcntl
import shutil
import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection


class Migrated:
    """What lies in ``shared``, a folder that the workers of one run share and no other run does."""

    def __init__(self, shared: Path) -> None:
        # Without the number of the worker, as Django names it where there is one process.
        named = connection.settings_dict["NAME"]
        self.is_postgres = connection.vendor == "postgresql"
        self.template = (
            f"test_{named}_migrated" if self.is_postgres else shared / "migrated.sqlite3"
        )
        self.done = shared / "migrated"
        self.turn = shared / "migrating"

    def copied_or_first(self, patch: pytest.MonkeyPatch, until: ExitStack) -> None:
        """A copy to begin with; or, where there is none yet, the turn to make it, kept until
        ``until`` is closed."""
        file = until.enter_context(self.turn.open("w"))
        fcntl.flock(file, fcntl.LOCK_EX)
        if self.done.exists():
            self._begin_with(patch)
            until.close()

    def _begin_with(self, patch: pytest.MonkeyPatch) -> None:
        """Has the database that Django makes next begin as a copy."""
        if self.is_postgres:
            patch.setitem(connection.settings_dict["TEST"], "TEMPLATE", self.template)
            return
        make = connection.creation._create_test_db

        def make_and_fill(*args: Any, **options: Any) -> str:
            name: str = make(*args, **options)
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.template, name)
            return name

        patch.setattr(connection.creation, "_create_test_db", make_and_fill)

    def lay_aside(self) -> None:
        """A copy of the database that this worker has just migrated, unless it began with one."""
        if self.done.exists():
            return
        source = connection.settings_dict["NAME"]
        connection.close()
        if self.is_postgres:
            # Nobody may be in a database that is copied.
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{self.template}"')
                cursor.execute(f'CREATE DATABASE "{self.template}" TEMPLATE "{source}"')
        else:
            # Through SQLite: part of it may still be in the write-ahead log.
            with (
                closing(sqlite3.connect(source)) as ours,
                closing(sqlite3.connect(self.template)) as aside,
            ):
                ours.backup(aside)
        self.done.touch()

    def forget(self) -> None:
        """After the last worker; what is in ``shared`` goes with the folder."""
        if self.is_postgres and self.done.exists():
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{self.template}"')
