"""What a long export costs: time, and above all memory, of a web server as it is run.

A bureau exports both ledgers of its stations as CSV and as XLSX. Peak memory is that of the process
that answered, against what it had after a station's own exports.
"""

import argparse
import http.client
import sys
import time
from dataclasses import dataclass

from django.db import connection

from bench.server import HOST, Running, answering, forget_peak, memory, signed_in
from liaison.accounts.models import Kind, User
from liaison.demo.scale import fill

STATION = 160  # enterprises
MOST_MORE = 60.0  # megabytes
PIECE = 64 * 1024
LEDGERS = {"enterprises": "/enterprises/export.{}", "bill": "/issues/export.{}?state=all"}
KINDS = ("csv", "xlsx")


@dataclass
class Export:
    """Seconds and megabytes; ``idle`` before, ``peak`` at most meanwhile."""

    ledger: str
    kind: str
    rows: int
    size: float
    first_byte: float
    seconds: float
    idle: float
    peak: float

    @property
    def more(self) -> float:
        return self.peak - self.idle


@dataclass
class Exports:
    database: str
    each: list[Export]


def measure(flags: argparse.Namespace) -> Exports:
    rows_wanted = max(flags.rows)
    print(f"  filling {rows_wanted} enterprises", file=sys.stderr)
    fill(-(-rows_wanted // STATION))
    few = signed_in(User.objects.filter(kind=Kind.CHIEF).earliest("pk"))
    all_of_them = signed_in(User.objects.filter(kind=Kind.BUREAU).earliest("pk"))
    each = []
    for ledger, path in LEDGERS.items():
        rows = 0
        for kind in KINDS:
            # A server of its own: what an earlier export left behind would pass for idle.
            with answering() as web:
                for _n in range(8):  # whichever process answers: both are warm then
                    _fetch(web, path.format(kind), few)
                found = _measure(web, ledger, kind, path.format(kind), all_of_them)
            # Only the lines of a CSV can be counted as they come by.
            rows = found.rows = found.rows or rows
            each.append(found)
    return Exports(connection.vendor, each)


def report(result: Exports) -> str:
    lines = [
        f"Export on {result.database}; at most {MOST_MORE:g} MB more than idle",
        f"{'ledger':<12} {'kind':<5} {'rows':>7} {'MB':>6} {'first byte s':>13} {'s':>7} "
        f"{'rows/s':>8} {'idle MB':>8} {'peak MB':>8} {'more':>6}",
    ]
    lines += [
        f"{one.ledger:<12} {one.kind:<5} {one.rows:>7} {one.size:>6.1f} {one.first_byte:>13.2f} "
        f"{one.seconds:>7.1f} {one.rows / one.seconds:>8.0f} {one.idle:>8.1f} {one.peak:>8.1f} "
        f"{one.more:>6.1f}"
        for one in result.each
    ]
    return "\n".join(lines)


def failures(result: Exports) -> list[str]:
    return [
        f"{one.ledger} as {one.kind} on {result.database}: {one.more:.0f} MB more than idle"
        for one in result.each
        if one.more > MOST_MORE
    ]


def _measure(web: Running, ledger: str, kind: str, path: str, cookie: str) -> Export:
    print(f"  {ledger} as {kind}", file=sys.stderr)
    idle = {pid: memory(pid) for pid in web.pids}
    for pid in idle:
        forget_peak(pid)
    first_byte, seconds, size, lines = _fetch(web, path, cookie)
    # The one that answered is the one that grew most.
    busy = max(idle, key=lambda pid: memory(pid, "VmHWM") - idle[pid])
    return Export(
        ledger=ledger,
        kind=kind,
        rows=lines - 1 if kind == "csv" else 0,
        size=size / 1024 / 1024,
        first_byte=first_byte,
        seconds=seconds,
        idle=idle[busy],
        peak=memory(busy, "VmHWM"),
    )


def _fetch(web: Running, path: str, cookie: str) -> tuple[float, float, int, int]:
    """Seconds to the first byte and to the last, bytes, and line ends among them."""
    connection = http.client.HTTPConnection(HOST, web.port, timeout=600)
    started = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    piece = answer.read(PIECE)
    first_byte = time.perf_counter() - started
    size = lines = 0
    while piece:
        size += len(piece)
        lines += piece.count(b"\n")
        piece = answer.read(PIECE)
    connection.close()
    return first_byte, time.perf_counter() - started, size, lines
