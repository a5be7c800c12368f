"""The product as processes of their own, on the database and broker of this leg."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import quote

from django.conf import settings
from django.db import connection

WITHIN = 60  # seconds; two cores that run other tests as well


def environment(var: Path) -> dict[str, str]:
    """What a process needs to work on the test database, with files of its own below ``var``."""
    return os.environ | {
        "LIAISON_VAR": str(var),
        "DATABASE_URL": database_url(),
        "REDIS_URL": settings.REDIS_URL,
        "DEMO": "1",
        "PYTHONUNBUFFERED": "1",
    }


def database_url() -> str:
    """Of the database the tests made, not of the one it was made beside."""
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{told['NAME']}"
    password = f":{quote(told['PASSWORD'], safe='')}" if told["PASSWORD"] else ""
    signed_in = quote(told["USER"], safe="") + password
    return f"postgres://{signed_in}@{told['HOST']}:{told['PORT'] or 5432}/{told['NAME']}"


@contextmanager
def started(
    *arguments: str, env: dict[str, str], log: IO[str]
) -> Iterator[subprocess.Popen[bytes]]:
    """`python ...` running, in a session of its own; gone afterwards whatever happened."""
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=env,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        left = [process.pid, *descendants(process.pid)]
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pid in left[1:]:
            if alive(pid):
                os.kill(pid, 9)


def wait_for(true: Callable[[], object], what: str, within: float = WITHIN) -> None:
    give_up_at = time.monotonic() + within
    while not true():
        assert time.monotonic() < give_up_at, f"not within {within} s: {what}"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    """Running, not merely waiting to be reaped."""
    try:
        return stat_of(pid)[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def descendants(pid: int) -> list[int]:
    """Every process below this one, from /proc."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parents[int(folder.name)] = int(stat_of(int(folder.name))[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


def stat_of(pid: int) -> list[str]:
    """State, parent and so on: what follows the name, which may hold spaces."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
