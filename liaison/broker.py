"""What carries messages to the workers: Redis, or a folder where there is none."""

from pathlib import Path
from typing import Any


def broker(redis_url: str, var: Path) -> tuple[str, dict[str, Any]]:
    """Its address and options for Celery; makes the folders, below ``var``.

    Waking is tried twice at most: nobody's page waits for a broker that is down.
    """
    options: dict[str, Any] = {
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.2,
        "interval_max": 0.2,
    }
    if redis_url:
        return redis_url, options | {"socket_connect_timeout": 2}
    queue = var / "broker"
    for folder in ("messages", "processed", "control"):
        (queue / folder).mkdir(parents=True, exist_ok=True)
    return "filesystem://localhost", options | {
        "data_folder_in": str(queue / "messages"),
        "data_folder_out": str(queue / "messages"),
        "processed_folder": str(queue / "processed"),
        "control_folder": str(queue / "control"),
        "polling_interval": 0.2,
    }
