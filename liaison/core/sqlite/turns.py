"""Turns: of all threads of all processes that want to write one file, one at a time.

SQLite has whoever finds it locked sleep, longer each time, and try again: those who come meanwhile
are served first, and while everybody sleeps nobody works. Here the threads of a process stand in
line, and only the first of them asks the other processes, by a lock on a file of its own.
"""

import fcntl
import os
import threading
import time
from collections import deque
from pathlib import Path

# How often the first in line asks whether another process has finished, in seconds: a write takes
# several times as long.
ASKS_EVERY = 0.001


class Turns:
    """The line before one file. ``path`` is made if need be; it stays empty."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._begin_anew()
        # A forked process has the threads' line without the threads.
        os.register_at_fork(after_in_child=self._begin_anew)

    def _begin_anew(self) -> None:
        self._guard = threading.Lock()
        self._line: deque[threading.Event] = deque()
        self._held: int | None = None

    def take(self, within: float) -> bool:
        """Wait for one's turn; False when it has not come within so many seconds."""
        give_up_at = time.monotonic() + within
        called = threading.Event()
        with self._guard:
            self._line.append(called)
            if self._line[0] is called:
                called.set()
        if called.wait(within) and self._lock_file(give_up_at):
            return True
        self._leave(called)
        return False

    def give(self) -> None:
        """Let the next one go on."""
        if self._held is not None:
            os.close(self._held)
            self._held = None
        with self._guard:
            self._line.popleft()
            self._call_first()

    def _lock_file(self, give_up_at: float) -> bool:
        # Opened for each turn: a descriptor that a fork shares would share the lock too.
        held = os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600)
        while True:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > give_up_at:
                    os.close(held)
                    return False
                time.sleep(ASKS_EVERY)
            else:
                self._held = held
                return True

    def _leave(self, called: threading.Event) -> None:
        with self._guard:
            self._line.remove(called)
            self._call_first()

    def _call_first(self) -> None:
        if self._line:
            self._line[0].set()
