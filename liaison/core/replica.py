"""Reading from a copy of the database (DATABASE_REPLICA_URL) where nobody can tell the difference.

A request reads from the copy when all it does is read (GET, HEAD) for a person who has not written
in the last REPLICA_STICKY_SECONDS, whatever process or device they wrote through. Everything else
is read from the primary: what unknown visitors see, tasks and commands, what follows a write or
stands in a transaction. So does all that decides who may come in (``ALWAYS_FRESH``): a session that
was ended, a closed account or a changed password must not be believed for one second longer.

That a person has written stands in the cache, under the person: a cookie would not reach a program
that comes with a token, nor the phone of somebody who wrote at a desk. The settings therefore ask
for Redis, which all processes share. A copy or a cache that is away, or a copy that lags, costs no
page: the primary answers, and it is tried again after REPLICA_AWAY_SECONDS.
"""

import logging
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import MiddlewareNotUsed
from django.db import InterfaceError, OperationalError, connections
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from redis import RedisError

logger = logging.getLogger(__name__)

PRIMARY, REPLICA = "default", "replica"
# Apps whose own rows say who somebody is and whether they may still come in.
ALWAYS_FRESH = frozenset({"accounts", "authtoken", "sessions"})


class Away:
    """Whether this process leaves the copy alone for a while, because it failed or lags.

    It asks how far the copy lags once in ``LAG_ASKED_EVERY``: what is allowed of it and that time
    together are less than a person stays with the primary after a write.
    """

    LAG_ASKED_EVERY = 2  # seconds

    def __init__(self) -> None:
        self._until = self._lag_fine_until = 0.0

    def note(self, why: object) -> None:
        """Said once; whoever asks until the time is over is told nothing new."""
        if not self:
            logger.warning(
                "The replica is left alone for %s s: %s", settings.REPLICA_AWAY_SECONDS, why
            )
        self._until = time.monotonic() + settings.REPLICA_AWAY_SECONDS

    def admits(self, lag: timedelta | None) -> bool:
        """Whether a copy so far behind may be read; if not, it is left alone."""
        allowed = timedelta(seconds=settings.REPLICA_STICKY_SECONDS / 2)
        if lag is None or lag <= allowed:
            self._lag_fine_until = time.monotonic() + self.LAG_ASKED_EVERY
            return True
        self.note(f"it is {lag.total_seconds():.0f} s behind")
        return False

    @property
    def must_ask_for_lag(self) -> bool:
        return time.monotonic() >= self._lag_fine_until

    def __bool__(self) -> bool:
        return time.monotonic() < self._until


away = Away()


@dataclass
class Reading:
    """Where one request reads, and whether it has written."""

    request: HttpRequest
    # Transactions it was begun in: none, except in tests.
    depth: int
    # Who asks, where it is not ``request.user``.
    person: int | None = None
    has_written: bool = False
    # Decided at the first question of a known person, and then kept: one page, one state.
    from_copy: bool | None = None

    def may_use_the_copy(self) -> bool:
        in_transaction = len(connections[PRIMARY].atomic_blocks) > self.depth
        if self.has_written or in_transaction or self.request.method not in ("GET", "HEAD"):
            return False
        if self.from_copy is None and (person := self.who()) is not None:
            self.from_copy = not away and not _wrote_lately(person) and _copy_answers()
        return bool(self.from_copy)

    def who(self) -> int | None:
        found: int | None = self.person or self.request.user.pk
        return found


_reading: ContextVar[Reading | None] = ContextVar("reading", default=None)


def read_for(person: int) -> None:
    """Say who is reading, on a page that needs no sign-in (the calendar feed)."""
    if (reading := _reading.get()) is not None:
        reading.person = person


class ReplicaRouter:
    """Reads by the rules above; every write goes to the primary and is noted."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        reading = _reading.get()
        # In this order: to learn who asks, their session and account are read.
        if reading is None or model._meta.app_label in ALWAYS_FRESH:
            return PRIMARY
        return REPLICA if reading.may_use_the_copy() else PRIMARY

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        if (reading := _reading.get()) is not None:
            reading.has_written = True
        return PRIMARY

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        # The same rows, wherever they were read.
        return True

    def allow_migrate(self, database: str, app_label: str, **hints: Any) -> bool:
        return database == PRIMARY


class ReplicaMiddleware:
    """Tells the router about the request. Inside authentication, outside all that reads for a page.

    A session that is merely written anew (once in some minutes, SessionMiddleware, further out) is
    not noted as a write.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if REPLICA not in connections:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reading = Reading(request, depth=len(connections[PRIMARY].atomic_blocks))
        before = _reading.set(reading)
        try:
            return self.get_response(request)
        finally:
            _reading.reset(before)
            # Before the answer leaves, so that the next request of this person finds it.
            if reading.has_written and (person := reading.who()) is not None:
                _note_write(person)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Ask the view again, of the primary, when the copy failed under a page that only read."""
        reading = _reading.get()
        if (
            reading is None
            or not reading.from_copy
            or reading.has_written
            or not isinstance(error, OperationalError | InterfaceError)
            or not connections[REPLICA].errors_occurred
        ):
            return None
        away.note(error)
        reading.from_copy = False
        view, args, kwargs = request.resolver_match  # type: ignore[misc]
        answer: HttpResponse = view(request, *args, **kwargs)
        return answer


def _wrote_lately(person: int) -> bool:
    try:
        return cache.get(_key(person)) is not None
    except (RedisError, OSError) as error:
        away.note(error)
        return True


def _note_write(person: int) -> None:
    try:
        cache.set(_key(person), True, timeout=settings.REPLICA_STICKY_SECONDS)
    except (RedisError, OSError) as error:
        away.note(error)


def _key(person: int) -> str:
    return f"wrote:{person}"


def _copy_answers() -> bool:
    """Whether it takes a connection and does not lag; once a request, before anything is asked."""
    copy = connections[REPLICA]
    try:
        copy.close_if_health_check_failed()
        copy.ensure_connection()
        return not away.must_ask_for_lag or away.admits(_lag())
    except (OperationalError, InterfaceError) as error:
        away.note(error)
        return False


def _lag() -> timedelta | None:
    """How old the last transaction is that the copy has taken over.

    Too much where nobody writes, which is when it does not matter who is asked. None for a copy
    that is no standby of PostgreSQL: whoever sets it up answers for its lag.
    """
    copy = connections[REPLICA]
    if copy.vendor != "postgresql":
        return None
    with copy.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp() - pg_last_xact_replay_timestamp()")
        lag: timedelta | None = cursor.fetchone()[0]
    return lag
