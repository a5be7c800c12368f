"""A database with so many stations, held by a process of its own that does there what it is asked.

Django has one default database a process, and a page is to be measured at two sizes in turn. What
is asked is a function by name and its arguments; it and its answer travel as pickles. Nothing of
Django's is loaded before the holder knows its database.
"""

import logging
import os
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any


@dataclass(frozen=True)
class Filling:
    """What a database is to hold: so many stations, as they are when the day begins.

    With an ``address`` it is there, filled by seed_scale for that day, and stays.
    """

    stations: int
    on: date
    address: str = ""


class Database:
    """The asking end. ``stations`` are what it holds."""

    def __init__(self, stations: int, pipe: Connection) -> None:
        self.stations = stations
        self._pipe = pipe

    def ask(self, work: Callable[..., Any], *args: Any) -> Any:
        """Have the holder do it. RuntimeError with its traceback when that fails."""
        self._pipe.send((work, args))
        return self.answer()

    def answer(self) -> Any:
        done, answer = self._pipe.recv()
        if not done:
            raise RuntimeError(f"with {self.stations} stations: {answer}")
        return answer


@contextmanager
def held(filling: Filling) -> Iterator[Database]:
    """SQLite in a temporary folder, or on the server of DATABASE_URL; dropped afterwards."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    with tempfile.TemporaryDirectory(prefix="liaison-bench-") as folder:
        holder = context.Process(target=_hold, args=(theirs, folder, filling))
        holder.start()
        theirs.close()
        try:
            database = Database(filling.stations, ours)
            database.answer()
            yield database
        finally:
            ours.close()
            holder.join()


def _hold(pipe: Connection, folder: str, filling: Filling) -> None:
    """Set up, say so, then do what is asked until nobody asks any more."""
    os.environ |= {"LIAISON_VAR": folder, "DJANGO_SETTINGS_MODULE": "liaison.settings"}
    # One Redis would mix up what two databases have in it.
    os.environ.pop("REDIS_URL", None)
    if filling.address:
        os.environ["DATABASE_URL"] = filling.address
    import django

    django.setup()
    from django.conf import settings
    from django.test.utils import setup_test_environment

    logging.disable(logging.WARNING)
    setup_test_environment(debug=False)
    settings.ROOT_URLCONF = "bench.urls"
    try:
        with _database(filling):
            pipe.send((True, None))
            _serve(pipe)
    except Exception:  # of any kind: the asker waits for an answer
        with suppress(BrokenPipeError):
            pipe.send((False, traceback.format_exc()))
        raise


def _serve(pipe: Connection) -> None:
    """Until nobody asks any more, or waits for the answer."""
    with suppress(EOFError, BrokenPipeError):
        while True:
            pipe.send(_done(*pipe.recv()))


def _done(work: Callable[..., Any], args: tuple[Any, ...]) -> tuple[bool, Any]:
    try:
        return True, work(*args)
    except Exception:  # of any kind: raised again where it was asked
        return False, traceback.format_exc()


@contextmanager
def _database(filling: Filling) -> Iterator[None]:
    from django.db import connection

    if filling.address:
        # Only what is missing; another day is refused.
        _fill(filling)
        yield
        return
    name = connection.settings_dict["NAME"]
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["NAME"] = f"liaison_bench_{os.getpid()}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        _fill(filling)
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _fill(filling: Filling) -> None:
    from django.utils import timezone

    from liaison.demo.scale import fill
    from liaison.summaries.actions import count_due

    fill(filling.stations, on=filling.on)
    # As the worker would have by now.
    count_due(timezone.now())


def vendor() -> str:
    """What the database of this process is."""
    from django.db import connection

    return str(connection.vendor)
