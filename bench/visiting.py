"""Opening a page as somebody, beside its own statements sent raw and bare pages of its size.

Runs where the database is held; what was prepared there stays there between the rounds.
"""

import gc
from dataclasses import dataclass
from functools import cache, partial

from django.db import connection
from django.test import Client

from bench.catalogue import Page, person
from bench.measuring import Statement, Watch, taken


@dataclass(frozen=True)
class Prepared:
    queries: int
    size: int  # bytes


@dataclass(frozen=True)
class Round:
    """Milliseconds; ``ledger`` is the bare ledger, for list pages only."""

    total: float
    database: float
    raw: float
    bare: float
    ledger: float | None


_statements: dict[tuple[str, Page], list[Statement]] = {}
_bare: dict[tuple[str, Page], str] = {}
_ledger: dict[tuple[str, Page], str] = {}


def prepare(who: str, page: Page) -> Prepared:
    """Open everything once: the first time is nobody's measure."""
    client, watch = _signed_in(who), Watch()
    with connection.execute_wrapper(watch):
        _get(client, page.path)
        watch.statements.clear()
        size = len(_get(client, page.path))
    reading = [
        one for one in watch.statements if one[0].lstrip().upper().startswith(("SELECT", "WITH"))
    ]
    _statements[who, page] = reading
    _bare[who, page] = f"/bare/{page.bare}/{size}/"
    _get(client, _bare[who, page])
    if like := page.reading(size):
        _ledger[who, page] = like
        _get(client, _ledger[who, page])
    _send(reading)
    # What was loaded for it stays. The two databases' processes have come here by different ways,
    # and one that looks through more of it before every round finds less in the processor's cache.
    gc.collect()
    gc.freeze()
    return Prepared(len(watch.statements), size)


def go_round(who: str, page: Page) -> Round:
    client, watch = _signed_in(who), Watch()
    gc.collect()
    with connection.execute_wrapper(watch):
        total = taken(partial(_get, client, page.path))
    gc.collect()
    raw = taken(partial(_send, _statements[who, page]))
    gc.collect()
    bare = taken(partial(_get, client, _bare[who, page]))
    ledger = None
    if (who, page) in _ledger:
        gc.collect()
        ledger = taken(partial(_get, client, _ledger[who, page]))
    return Round(total, watch.seconds * 1000, raw, bare, ledger)


@cache
def _signed_in(who: str) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(person(who))
    return client


def _get(client: Client, path: str) -> bytes:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    content: bytes = answer.content
    return content


def _send(statements: list[Statement]) -> None:
    with connection.cursor() as cursor:
        for sql, parameters in statements:
            # The driver's cursor, below Django's own bookkeeping.
            cursor.cursor.execute(sql, parameters)
            if cursor.description:
                cursor.fetchall()
