"""Celery's messages as files in a folder, for installations without Redis.

kombu's own `filesystem` transport opens a message under its final name and then writes it. A
worker that looks in between reads half a message and dies of it. Here a message appears whole or
not at all, and one that cannot be read (after a power cut, say) is dropped: the database holds
what is due, a message only wakes a worker.
"""

import fcntl
import logging
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        name = f"{time.time_ns() // 1_000_000}_{uuid.uuid4()}.{queue}.msg"
        whole = Path(self.data_folder_out, name)
        # A leading dot and no queue after the first one: no reader takes it for a message.
        part = whole.with_name(f".{name.partition('.')[0]}")
        part.write_text(dumps(payload), encoding="utf-8")
        part.replace(whole)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        # Oldest first; polled five times a second, so names and no Path for each.
        for name in sorted(os.listdir(self.data_folder_in)):  # noqa: PTH208
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            claimed = Path(self.processed_folder, name)
            try:
                Path(self.data_folder_in, name).rename(claimed)
            except FileNotFoundError:
                continue  # another worker was first
            text = claimed.read_text(encoding="utf-8", errors="replace")
            claimed.unlink()
            try:
                return loads(text)
            except ValueError:
                logger.error("Dropped a message that cannot be read: %s", name)
        raise Empty

    # The table of queues is a file too, which kombu rewrites in place.

    def get_table(self, exchange: str) -> Any:
        with self._alone():
            return super().get_table(exchange)

    def _queue_bind(self, *args: Any) -> None:
        with self._alone():
            super()._queue_bind(*args)

    def _delete(self, *args: Any, **kwargs: Any) -> None:
        with self._alone():
            super()._delete(*args, **kwargs)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with Path(self.control_folder, ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


class Transport(filesystem.Transport):
    Channel = Channel


def install() -> None:
    """Have `filesystem://` mean this transport."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
