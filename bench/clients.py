"""People writing at once, in a process of their own that knows nothing of the product.

Reads ``{"port", "seconds", "clients": [{"token", "enterprise", "line", "version", "stage"}]}``
from standard input and writes one JSON object of ``Heard``.

Each client keeps one connection and goes round: log a
visit, remark on its line, have it wait or resume it.
"""

import http.client
import json
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

CHINA = timezone(timedelta(hours=8))


@dataclass
class Heard:
    """Milliseconds of every write, ids of those that were acknowledged, and what went wrong."""

    each: list[float] = field(default_factory=list)
    visits: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0
    cpu_seconds: float = 0.0


class Client(threading.Thread):
    def __init__(self, port: int, until: float, given: dict[str, Any]) -> None:
        super().__init__()
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.until = until
        self.headers = {
            "Authorization": f"Token {given['token']}",
            "Content-Type": "application/json",
        }
        self.enterprise, self.line = given["enterprise"], given["line"]
        self.version, self.stage = given["version"], given["stage"]
        self.heard = Heard()

    def run(self) -> None:
        while True:
            for write in (self.log_visit, self.remark, self.wait_or_resume):
                if time.monotonic() > self.until:
                    return
                try:
                    write()
                except Exception as error:  # whatever it is, it is what the bench is to say
                    self.heard.errors.append(repr(error)[:200])
                    self.connection.close()

    def log_visit(self) -> None:
        client_id = str(uuid4())
        visit = {
            "client_id": client_id,
            "enterprise": self.enterprise,
            "channel": "on_site",
            "happened_at": datetime.now(CHINA).isoformat(),
            "met": "示例联系人",
            "summary": "查看门卫登记和监控,情况正常。",
        }
        if self.post("/api/v1/visits/", visit) is not None:
            self.heard.visits.append(client_id)

    def remark(self) -> None:
        self.move("note", note="已联系企业。")

    def wait_or_resume(self) -> None:
        if self.stage == "waiting":
            self.move("resume", note="报告已到。")
            return
        until = (datetime.now(CHINA) + timedelta(days=5)).date().isoformat()
        self.move("wait", awaited="检测报告", awaited_from="检测所", until=until)

    def move(self, name: str, **values: str) -> None:
        mark = str(uuid4())
        said = "awaited" if name == "wait" else "note"
        values[said] += mark
        body = {"move": name, "version": self.version, **values}
        answer = self.post(f"/api/v1/issues/{self.line}/moves/", body)
        if answer is not None:
            self.version, self.stage = answer["version"], answer["stage"]
            self.heard.remarks.append(values[said])

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any] | None:
        """What was answered, None when it was refused."""
        started = time.monotonic()
        self.connection.request("POST", path, json.dumps(body), self.headers)
        answer = self.connection.getresponse()
        content = answer.read()
        self.heard.each.append((time.monotonic() - started) * 1000)
        if answer.status in (200, 201):
            found: dict[str, Any] = json.loads(content)
            return found
        said = content.decode(errors="replace")[:200]
        self.heard.errors.append(f"{path} {body.get('move', 'visit')}: {answer.status} {said}")
        return None


def main() -> None:
    asked = json.load(sys.stdin)
    started = time.monotonic()
    until = started + asked["seconds"]
    clients = [Client(asked["port"], until, given) for given in asked["clients"]]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    heard = Heard(seconds=time.monotonic() - started, cpu_seconds=time.process_time())
    for client in clients:
        heard.each += client.heard.each
        heard.visits += client.heard.visits
        heard.remarks += client.heard.remarks
        heard.errors += client.heard.errors
    json.dump(asdict(heard), sys.stdout)


if __name__ == "__main__":
    main()
