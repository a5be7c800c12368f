"""Forks workers and beats from one process that has everything imported: one starts in a moment.

A line on stdin names what to start; the answer is its pid. Each leads a group of its own.
"""

import os
import signal
import sys

import django

BEATS_EVERY = 0.5  # seconds, where the product's jobs come every minute
ALONE = ("--without-gossip", "--without-mingle", "--without-heartbeat")


def main():
    django.setup()
    from liaison.celery import app

    app.loader.import_default_modules()
    # The dead are nobody's to wait for.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    say("ready")
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setsid()
            become(app, line.strip())
        say(pid)


def say(answer):
    sys.stdout.write(f"{answer}\n")
    sys.stdout.flush()


def become(app, kind):
    """The product's own worker or beat until it is killed; nothing of the nursery is left in it."""
    try:
        app.start(["--quiet", *(worker() if kind == "worker" else beat(app))])
    finally:
        os._exit(0)


def worker():
    return ["worker", "--loglevel", "ERROR", *ALONE, "--concurrency", "1"]


def beat(app):
    """The jobs that bring what falls due, more often than in life."""
    app.conf.beat_schedule = {
        name: entry | {"schedule": BEATS_EVERY}
        for name, entry in app.conf.beat_schedule.items()
        if name in ("remind-and-escalate", "deliver-notices")
    }
    schedule = f"{os.environ['LIAISON_VAR']}/beat-schedule"
    return ["beat", "--loglevel", "ERROR", "--pidfile", "", "--schedule", schedule]


if __name__ == "__main__":
    main()
