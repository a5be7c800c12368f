"""PostgreSQL and Redis for the tests: the ones named in the environment, or throw-away ones.

Throw-away servers run from the machine's own binaries in a temporary folder and are gone
afterwards. Where the binaries are missing, `Missing` says which.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STARTS_WITHIN = 20  # seconds


class Missing(Exception):  # noqa: N818 - named for what it says
    """The service can be had neither from the environment nor from this machine."""


@contextmanager
def postgres() -> Iterator[str]:
    """A DATABASE_URL."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    bin_folder = _postgres_binaries()
    as_user, user = _as_ordinary_user()
    with tempfile.TemporaryDirectory(prefix="liaison-pg-") as folder:
        if user:
            shutil.chown(folder, user)
        data, port = f"{folder}/data", free_port()
        _run([*as_user, f"{bin_folder}/initdb", "--pgdata", data, "--username", "liaison",
              "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"],
             folder)  # fmt: skip
        # It need not survive a power cut, so it may skip what makes it do so.
        settings = {
            "port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": folder,
            "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
            "max_connections": 200,
        }  # fmt: skip
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        pg_ctl = [*as_user, f"{bin_folder}/pg_ctl", "--pgdata", data]
        _run([*pg_ctl, "start", "--wait", "--log", f"{folder}/log", "--options", options], folder)
        try:
            yield f"postgres://liaison@127.0.0.1:{port}/postgres"
        finally:
            _run([*pg_ctl, "stop", "--mode", "immediate"], folder)


@contextmanager
def redis() -> Iterator[str]:
    """A REDIS_URL."""
    if url := os.environ.get("REDIS_URL"):
        yield url
        return
    if not (binary := shutil.which("redis-server")):
        raise Missing("redis-server is not installed and REDIS_URL is not set")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="liaison-redis-") as folder:
        server = subprocess.Popen(
            [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder],
            stdout=subprocess.DEVNULL,
        )
        try:
            _wait_for_port(port)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()
            server.wait()


def chromium() -> str:
    """The machine's Chromium: Playwright's own build is not downloaded."""
    for name in (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"):
        if name and (found := shutil.which(name)):
            return found
    raise Missing("no Chromium is installed and CHROMIUM does not name one")


def _postgres_binaries() -> Path:
    """Debian keeps initdb out of PATH, one folder per version."""
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int(path.parts[-3]),
    )
    on_path = shutil.which("initdb")
    found = [*([Path(on_path)] if on_path else []), *versions]
    if not found:
        raise Missing("PostgreSQL is not installed and DATABASE_URL is not set")
    return found[-1].parent


def _as_ordinary_user() -> tuple[list[str], str | None]:
    """PostgreSQL refuses to run as root: the command prefix and name of somebody else."""
    if os.geteuid() != 0:
        return [], None
    names = {entry.pw_name for entry in pwd.getpwall()}
    for user in ("postgres", "nobody"):
        if user in names and shutil.which("runuser"):
            return ["runuser", "-u", user, "--"], user
    raise Missing("PostgreSQL does not run as root, and there is no other user to run it as")


def _run(command: list[str], folder: str) -> None:
    # pg_ctl's server inherits its output: a pipe would never end, so it goes to a file.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(command, cwd=folder, stdout=output, stderr=output, check=False)
        if done.returncode:
            output.seek(0)
            raise RuntimeError(f"{command} failed:\n{output.read()}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for_port(port: int) -> None:
    give_up_at = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.05)
        else:
            return
