"""`manage.py serve`: web server, Celery worker and beat, started and stopped together."""

import contextlib
import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from liaison.accounts.demo import shown_sign_ins

LOOPBACK = {"localhost", "127.0.0.1", "[::1]", "::1"}
WEB_STARTS_WITHIN = 30  # seconds
STOPS_WITHIN = 15  # seconds for a running task to end before it is killed
# In a container or on a trial machine everything runs as root. Celery's page of warning about it
# would bury the address and the sign-ins.
UNWARNED = "ignore:You're running the worker with superuser privileges"


class Command(BaseCommand):
    help = "Start web, worker and beat; Ctrl-C stops all three."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        _refuse_taken_port(host, port)
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, _stop)

        children: dict[str, subprocess.Popen[bytes]] = {}
        try:
            commands = commands_for(host, port)
            # The web first and alone: all at once on two cores, people would wait for all.
            children["web"] = _start(commands.pop("web"))
            self._wait_for_web(host, port, children)
            for name, command in commands.items():
                children[name] = _start(command)
            self._announce(host, port)
            while True:
                _refuse_dead(children)
                time.sleep(0.5)
        finally:
            _stop_all(children)

    def _wait_for_web(
        self, host: str, port: int, children: dict[str, subprocess.Popen[bytes]]
    ) -> None:
        give_up_at = time.monotonic() + WEB_STARTS_WITHIN
        while not _answers(host, port):
            _refuse_dead(children)
            if time.monotonic() > give_up_at:
                raise CommandError(f"The web server did not answer in {WEB_STARTS_WITHIN} s.")
            time.sleep(0.1)

    def _announce(self, host: str, port: int) -> None:
        shown = "localhost" if host in ("127.0.0.1", "0.0.0.0") else host  # noqa: S104
        self.stdout.write(f"\nLiaison is at http://{shown}:{port}/  (Ctrl-C stops it)\n")
        if host not in LOOPBACK and set(settings.ALLOWED_HOSTS) <= LOOPBACK:
            self.stdout.write("Other machines are refused until ALLOWED_HOSTS names this one.\n")
        if sign_ins := shown_sign_ins():
            self.stdout.write("\nDemo sign-ins (made-up people; DEMO=0 hides them):\n")
            for one in sign_ins:
                self.stdout.write(f"  {one['kind']:<18} {one['username']:<14} {one['password']}\n")
        self.stdout.flush()


def commands_for(host: str, port: int) -> dict[str, list[str]]:
    """What each process is started with, after ``python -m``."""
    beat_file = settings.VAR / "beat" / "schedule"
    beat_file.parent.mkdir(parents=True, exist_ok=True)
    granian = ["granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    # Two processes so that one slow page does not hold up the rest; respawn so that one that
    # crashed does not leave half a server.
    granian += ["--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers"]
    granian += ["--log-level", "warning", "liaison.wsgi:application"]
    celery = ["celery", "--app", "liaison", "--quiet"]
    quiet = ["--loglevel", "WARNING"]
    # There is one worker: no others to talk to.
    alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return {
        "web": granian,
        "worker": [*celery, "worker", *quiet, *alone, "--concurrency", "1"],
        # No pid file: one that a power cut left behind would stop the next start.
        "beat": [*celery, "beat", *quiet, "--pidfile", "", "--schedule", str(beat_file)],
    }


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C in the terminal reaches this process only, which then stops the
    # children in its own time, and killing the group reaches the children's children.
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", *command],
        cwd=settings.BASE_DIR,
        env=os.environ | {"PYTHONWARNINGS": UNWARNED},
        start_new_session=True,
        preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # no threads here
    )


def _end_with_parent() -> None:
    """Have Linux send SIGTERM to this child when serve itself is killed outright."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def _stop(signum: int, frame: object) -> None:
    # A second Ctrl-C must not interrupt the stopping.
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    raise SystemExit(0)


def _stop_all(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for child in children.values():
        child.terminate()
    give_up_at = time.monotonic() + STOPS_WITHIN
    for child in children.values():
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=max(0, give_up_at - time.monotonic()))
        # Whatever is left of its group, also below a child that died by itself.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _refuse_dead(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, child in children.items():
        if (code := child.poll()) is not None:
            raise CommandError(f"{name} ended by itself (exit {code}); everything is stopped.")


def _refuse_taken_port(host: str, port: int) -> None:
    """Say so now: later another program's answer would be taken for ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be used ({error.strerror}). Another one: PORT=8010 make run"
            ) from error


def _answers(host: str, port: int) -> bool:
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    connection = http.client.HTTPConnection(reachable, port, timeout=10)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()
