"""The world of the month: servers that die, people at their browsers, guards with their phones.

Nothing here looks into the database; what people do goes through the addresses that they have.
"""

import contextlib
import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import time_machine
from django.conf import settings as site
from django.test import Client

from tests.liaison.processes import environment, wait_for
from tests.services import free_port

FORGERY = "f" * 32
LINK = re.compile(r"/n/([\w-]{43})/")


@dataclass
class Answer:
    status: int
    body: bytes
    location: str = ""

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)


class Server:
    """The product as a process of its own, killed at any moment of its work and started again."""

    def __init__(self, folder, log):
        self.port = free_port()
        env = environment(folder) | {
            "DJANGO_SETTINGS_MODULE": "liaison.settings",
            "SECRET_KEY": site.SECRET_KEY,
            "LOG_LEVEL": "ERROR",
        }
        self.nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.patrols.month.server", str(self.port)],
            cwd=site.BASE_DIR, env=env, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
        )  # fmt: skip
        assert self.nursery.stdout.readline() == "ready\n"
        self.chance = random.Random(7)
        self.kills = self.cut = 0
        self.pid = self.start()

    def start(self):
        self.nursery.stdin.write("\n")
        self.nursery.stdin.flush()
        pid = int(self.nursery.stdout.readline())
        wait_for(self.listens, "that the server listens")
        return pid

    def listens(self):
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self):
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        # Until the last of its threads is gone its port still takes connections.
        wait_for(lambda: not Path(f"/proc/{self.pid}").exists(), "the death of the server")

    def ask(self, now, method, path, body=None, headers=None, *, killed=False):
        """What it answers at this moment; None when it was ``killed`` over it. Whoever asked does
        not know then how far it had come."""
        timer = threading.Timer(self.chance.uniform(0, 0.02), self.kill) if killed else None
        if timer:
            timer.start()
        try:
            answer = self._asked(now, method, path, body, headers or {})
        except (OSError, http.client.HTTPException):
            if not killed:
                raise
            answer = None
        if timer:
            timer.join()
            self.kills += 1
            self.cut += answer is None
            self.pid = self.start()
        return answer

    def _asked(self, now, method, path, body, headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, {"X-Now": str(now.timestamp()), **headers})
            got = connection.getresponse()
            if got.getheader("Content-Length") is None:
                # Cut off amid the headers, which http.client takes for their end.
                raise http.client.IncompleteRead(b"")
            return Answer(got.status, got.read(), got.getheader("Location", ""))
        finally:
            connection.close()

    def stop(self):
        self.kill()
        self.nursery.stdin.close()
        self.nursery.wait(20)
        self.nursery.stdout.close()


@dataclass
class Person:
    """Somebody at a browser. Signing in has tests of its own; here it has been done."""

    server: Server
    user: object

    def get(self, now, path):
        return self._ask(now, "GET", path)

    def post(self, now, path, **form):
        body = urlencode({"csrfmiddlewaretoken": FORGERY, **form})
        return self._ask(now, "POST", path, body)

    def _ask(self, now, method, path, body=None):
        headers = {"Cookie": f"csrftoken={FORGERY}", "User-Agent": "month"}
        if self.user is not None:
            client = Client(headers={"User-Agent": "month"})
            with time_machine.travel(now, tick=False):
                client.force_login(self.user)
            session = client.cookies[site.SESSION_COOKIE_NAME].value
            headers["Cookie"] += f"; {site.SESSION_COOKIE_NAME}={session}"
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer = self.server.ask(now, method, path, body, headers)
        assert answer.status in (200, 302), (path, answer.status, answer.text[-2000:])
        return answer


@dataclass
class Did:
    """One thing a guard did: the script's own record of it. ``arrived``: when the server said that
    it has it."""

    night: int
    guard: int
    what: str
    at: datetime
    body: dict
    skewed: bool
    client_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    arrived: datetime | None = None


@dataclass
class Phone:
    """A guard's phone: keeps what was done until the server has said that it has it. Its clock is
    ``off``; without a network it is between the two moments of ``away``."""

    server: Server
    token: str
    night: int
    guard: int
    off: timedelta
    away: tuple[datetime, datetime] | None
    chance: random.Random
    log: list[Did]
    waiting: list[Did] = field(default_factory=list)
    sent_twice: int = 0

    def data(self, now):
        answer = self.server.ask(now, "GET", f"/n/{self.token}/data/")
        assert answer.status == 200
        return answer.json

    def did(self, at, what, **body):
        one = Did(self.night, self.guard, what, at, body, abs(self.off) > timedelta(minutes=2))
        self.log.append(one)
        self.waiting.append(one)
        return one

    def photo(self, now, picture):
        """A picture by an id of our own, sent twice."""
        shot = str(uuid.uuid4())
        for _again in range(2):
            path = f"/n/{self.token}/photos/{shot}/"
            assert self.server.ask(now, "POST", path, picture).status == 200
        return shot

    def send(self, now, *, killed=False):
        """All that waits, if there is a network; cut off, at once again until it is answered.
        Now and then everything goes once more, as when the answer was lost on its way back."""
        if not self.waiting or (self.away and self.away[0] <= now < self.away[1]):
            return False
        batch = list(self.waiting)
        answers = self._answers(now, batch, killed)
        if self.chance.random() < 0.3:
            self.sent_twice += 1
            assert self._answers(now + timedelta(seconds=1), batch, False) == answers
        for one, answer in zip(batch, answers, strict=True):
            assert answer["client_id"] == one.client_id
            assert answer["status"] == "done", answer
            one.arrived = now
        self.waiting = [one for one in self.waiting if one.arrived is None]
        return True

    def _answers(self, now, batch, killed):
        operations = [
            {
                "client_id": one.client_id,
                "kind": one.what,
                "made_at": (one.at + self.off).isoformat(),
                "body": one.body,
            }
            for one in batch
        ]
        body = json.dumps({"sent_at": (now + self.off).isoformat(), "operations": operations})
        while True:
            headers = {"Content-Type": "application/json"}
            answer = self.server.ask(
                now, "POST", f"/n/{self.token}/operations/", body, headers, killed=killed
            )
            killed = False
            if answer is not None:
                assert answer.status == 200, answer.text
                return answer.json["answers"]
