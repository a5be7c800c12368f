"""The product's pages, served by processes that are forked from one which has everything imported.

Their clock shows what the request says (``X-Now``, seconds since 1970): a month passes in a minute.
``POST /-/sweep`` runs the patrols' jobs, as the scheduler would at that moment. Each line on
standard input starts a server on the port and prints its process's id.

    python -m tests.patrols.month.server 8123
"""

import json
import os
import signal
import socketserver
import sys
from datetime import UTC, datetime
from wsgiref.simple_server import WSGIServer

import django
import time_machine
from django.core.servers.basehttp import WSGIRequestHandler
from django.db import connection, connections
from django.test import RequestFactory

JOBS = ("plan-patrols", "ring-patrols", "report-nights")


class Server(socketserver.ThreadingMixIn, WSGIServer):
    """As the development server: a thread a request, each with a connection of its own."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 50


class Quiet(WSGIRequestHandler):
    def log_message(self, *_args):
        """Two thousand requests need no line each."""


def main(port):
    django.setup()
    # The dead are nobody's to wait for.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    app = application()
    warm_up(app)
    say("ready")
    for _line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            serve(app, port)
        say(pid)


def warm_up(app):
    """Addresses, words and templates are read at the first request: once, before anybody forks."""
    for path in ("/n/", "/n/c/-/"):
        environ = RequestFactory(SERVER_NAME="127.0.0.1", HTTP_X_NOW="0").get(path).environ
        for _piece in app(environ, lambda *_answer: None):
            pass
    connections.close_all()


def say(answer):
    sys.stdout.write(f"{answer}\n")
    sys.stdout.flush()


def serve(app, port):
    try:
        # Who closes the last connection to SQLite puts its log away: longer than all the work.
        connection.ensure_connection()
        server = Server(("127.0.0.1", port), Quiet)
        server.set_app(app)
        server.serve_forever()
    finally:
        os._exit(1)


def application():
    from liaison.wsgi import application as product

    clock = time_machine.travel(0, tick=False)
    shown = clock.start()

    def answer(environ, start_response):
        shown.move_to(float(environ["HTTP_X_NOW"]))
        if environ["PATH_INFO"] != "/-/sweep":
            return product(environ, start_response)
        told = json.dumps(swept()).encode()
        start_response("200 OK", [("Content-Length", str(len(told)))])
        return [told]

    return answer


def swept():
    from liaison.jobs.running import run
    from liaison.schedule import job_named

    try:
        return {name: run(job_named(name), datetime.now(UTC)) for name in JOBS}
    finally:
        connection.close()


if __name__ == "__main__":
    main(int(sys.argv[1]))
