"""The product's own processes, started as `manage.py serve` starts them, and what they use."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from liaison.accounts.models import User
from liaison.management.commands.serve import UNWARNED, commands_for

HOST = "127.0.0.1"
STARTS_WITHIN = 60.0  # seconds
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Running:
    """A process with its children. ``port`` is where a web server listens."""

    name: str
    port: int
    process: subprocess.Popen[bytes]

    @property
    def pids(self) -> list[int]:
        """Itself, and after it every process that it has started."""
        found = [self.process.pid]
        for pid in found:
            found += children_of(pid)
        return found

    def get(self, path: str, cookie: str = "") -> bytes:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=300)
        try:
            connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}: {body[:200]!r}")
        return body


@contextmanager
def running(name: str) -> Iterator[Running]:
    """One of web, worker and beat, until the block ends. The web server may not answer yet."""
    port = _free_port()
    command = [sys.executable, "-m", *commands_for(HOST, port)[name]]
    process = subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env=os.environ | {"PYTHONWARNINGS": UNWARNED},
        start_new_session=True,
    )
    try:
        yield Running(name, port, process)
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=15)
        # Whatever is left of its group.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def answering() -> Iterator[Running]:
    """A web server that answers."""
    with running("web") as web:
        wait_for(web)
        yield web


def wait_for(web: Running, path: str = "/healthz", cookie: str = "") -> None:
    """Until the address answers, asked every 10 ms."""
    give_up_at = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            web.get(path, cookie)
            return
        except OSError:
            if time.monotonic() > give_up_at or web.process.poll() is not None:
                raise
            time.sleep(0.01)


def signed_in(user: User) -> str:
    """The cookie of a session of this person's own."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def children_of(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def cpu_seconds(pids: list[int]) -> Counter[int]:
    """What each of these processes has used so far, but for those that have ended. Of two such, the
    later minus the earlier is what was used meanwhile by whoever is still there."""
    used: Counter[int] = Counter()
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        used[pid] = (int(fields[11]) + int(fields[12])) / TICKS  # type: ignore[assignment]
    return used


def machine_seconds() -> tuple[float, float]:
    """How long all cores together have been idle since the start, and how long there were any."""
    first = Path("/proc/stat").read_text().splitlines()[0].split()
    spent = [int(one) for one in first[1:9]]
    return (spent[3] + spent[4]) / TICKS, sum(spent) / TICKS


def database_pids(name: str) -> list[int]:
    """The backends that PostgreSQL keeps for the connections to this database."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes().decode(errors="replace")
        except OSError:
            continue
        if command.startswith("postgres:") and f" {name} " in command:
            found.append(int(path.parent.name))
    return found


def memory(pid: int, field: str = "VmRSS") -> float:
    """Megabytes: ``VmRSS`` now, or ``VmHWM`` at most since :func:`forget_peak`."""
    return _kilobytes(Path(f"/proc/{pid}/status"), field) / 1024


def proportional_memory(pid: int) -> float:
    """Megabytes, what several processes share counted in parts."""
    return _kilobytes(Path(f"/proc/{pid}/smaps_rollup"), "Pss") / 1024


def forget_peak(pid: int) -> None:
    """From here on ``VmHWM`` counts anew."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def _kilobytes(path: Path, field: str) -> int:
    for line in path.read_text().splitlines():
        name, _colon, value = line.partition(":")
        if name == field:
            return int(value.split()[0])
    raise ValueError(f"{path} has no {field}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
