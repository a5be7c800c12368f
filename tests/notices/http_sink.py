"""A web server on this machine that keeps what is posted to it, and answers as it is told."""

import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.notices.sink import serving


@dataclass
class HttpSink:
    port: int = 0
    taken: list[tuple[str, str, str]] = field(default_factory=list)  # (path, type, body)
    status: int = 200
    answer: str = '{"errcode": 0, "errmsg": "ok"}'
    # Bodies in which this stands are refused with 500.
    dislikes: str = ""
    answers_after: float = 0


class Handler(BaseHTTPRequestHandler):
    server: "Server"

    def do_POST(self) -> None:
        sink = self.server.sink
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        time.sleep(sink.answers_after)
        refused = bool(sink.dislikes) and sink.dislikes in body
        if not refused and sink.status == 200:
            sink.taken.append((self.path, self.headers["Content-Type"], body))
        with suppress(BrokenPipeError):  # whoever asked would not wait
            self.send_response(500 if refused else sink.status)
            self.end_headers()
            self.wfile.write(sink.answer.encode())

    def log_message(self, *args: object) -> None:
        """Tests print what they want to print."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, sink: HttpSink) -> None:
        self.sink = sink
        super().__init__(("127.0.0.1", 0), Handler)


def serving_http():
    return serving(Server, HttpSink())
