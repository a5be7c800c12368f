"""A network as behind a steel wall: some requests are lost on their way, some are cut off while
they are answered, of some the answer is lost. And a server that can be killed behind it."""

import http.client
import itertools
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from django.conf import settings

from tests.liaison.processes import descendants, environment, wait_for
from tests.services import free_port

# What happens to each lost request in turn.
BEFORE, DURING, AFTER = "before", "during", "after"
# Their own business between browser and proxy.
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Server:
    """The web server as a process, on the database of the tests."""

    def __init__(self, folder, **variables):
        self.port = free_port()
        self.folder = folder
        self.env = environment(folder) | variables
        self.log = (folder / "server.log").open("w")
        self.process = None
        self.starts = 0

    def start(self):
        self.starts += 1
        self.process = subprocess.Popen(
            [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
             "--port", str(self.port), "--workers", "1", "--blocking-threads", "4",
             "--log-level", "warning", "liaison.wsgi:application"],
            cwd=settings.BASE_DIR, env=self.env, start_new_session=True,
            stdout=self.log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        wait_for(self.answers, "the web server")

    def answers(self):
        assert self.process.poll() is None, (self.folder / "server.log").read_text()
        try:
            ask(self.port, "GET", "/healthz")
        except OSError:
            return False
        return True

    def kill(self):
        """At once, whatever it is doing."""
        for pid in (*descendants(self.process.pid), self.process.pid):
            subprocess.run(["kill", f"-{signal.SIGKILL}", str(pid)], check=False)
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.kill()
        self.log.close()


def ask(port, method, path, body=None, headers=None):
    """(status, headers, body) as the server at this port answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()
    finally:
        connection.close()


class Weather:
    """Stands between browser and server. Every ``loses``-th request that sends something comes to
    grief, in one of three ways in turn; 0: none. ``kill_at``: after so many of them the server is
    killed while it answers, and started again."""

    def __init__(self, server):
        self.server = server
        self.loses = 0
        self.kill_at = set()
        self.sent = itertools.count(1)
        self.ways = itertools.cycle((BEFORE, DURING, AFTER))
        self.lost = []
        self.killed = 0
        # (path, bytes with headers) of every answer that the browser was given.
        self.told = []
        self._turn = threading.Lock()
        weather = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_method(self):
                weather.pass_on(self)

            def __getattr__(self, name):
                # As the library asks for it: do_GET, do_PATCH.
                if name.startswith("do_"):
                    return self.handle_method
                raise AttributeError(name)

            def log_message(self, *_said):
                """The browser's and ours are enough."""

        self.proxy = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.proxy.server_port}"
        threading.Thread(target=self.proxy.serve_forever, daemon=True).start()

    def stop(self):
        self.proxy.shutdown()
        self.proxy.server_close()

    def pass_on(self, request):
        length = int(request.headers.get("Content-Length", 0))
        body = request.rfile.read(length) if length else None
        way = self.way_of(request)
        request.close_connection = True
        if way == BEFORE:
            return
        # As the browser sees it, this is the address of the site.
        headers = {k: v for k, v in request.headers.items() if k.lower() not in HOP_BY_HOP}
        if body is not None:
            headers["Content-Length"] = str(len(body))
        try:
            status, answered, content = ask(
                self.server.port, request.command, request.path, body, headers
            )
        except OSError:
            # The server is dead, or died while it was answering.
            return
        if way == AFTER:
            return
        try:
            self.give(request, status, answered, content, cut=way == DURING)
        except OSError:
            # The browser went away; its business.
            return

    def way_of(self, request):
        if request.command in ("GET", "HEAD"):
            return ""
        with self._turn:
            number = next(self.sent)
            if number in self.kill_at:
                self.killed += 1
                # While this very request is being answered.
                threading.Thread(target=self.kill_soon).start()
                return ""
            if self.loses and number % self.loses == 0:
                self.lost.append(next(self.ways))
                return self.lost[-1]
        return ""

    def kill_soon(self):
        self.server.kill()
        self.server.start()

    def give(self, request, status, answered, content, *, cut):
        request.send_response_only(status)
        passed = [(name, value) for name, value in answered if name.lower() not in HOP_BY_HOP]
        for name, value in passed:
            request.send_header(name, value)
        heads = sum(len(name) + len(value) + 4 for name, value in passed)
        self.told.append((request.path, heads + len(content)))
        request.send_header("Content-Length", str(len(content)))
        request.send_header("Connection", "close")
        request.end_headers()
        if request.command != "HEAD":
            request.wfile.write(content[: len(content) // 2] if cut else content)
