"""Which databases there are, and how they are spoken to, by what the environment says."""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

Settings = dict[str, Any]


def databases(env: environ.Env, var: Path, *, has_redis: bool) -> dict[str, Settings]:
    """DATABASES: SQLite below ``var`` or what DATABASE_URL names, and the copy to read from that
    DATABASE_REPLICA_URL names (core/replica.py). ImproperlyConfigured when that cannot be used."""
    default: Settings = env.db_url("DATABASE_URL", default=f"sqlite:///{var / 'liaison.sqlite3'}")
    is_sqlite = "sqlite" in default["ENGINE"]
    default |= _sqlite(var) if is_sqlite else _postgres(env, default.get("OPTIONS", {}))
    found = {"default": default}
    if env.str("DATABASE_REPLICA_URL", default=""):
        if is_sqlite or not has_redis:
            raise ImproperlyConfigured(
                "DATABASE_REPLICA_URL needs DATABASE_URL (PostgreSQL) and REDIS_URL, where all "
                "processes note who has just written."
            )
        found["replica"] = _replica(default, env.db_url("DATABASE_REPLICA_URL"))
    return found


def _sqlite(var: Path) -> Settings:
    return {
        # Writers stand in line instead of trying again and again.
        "ENGINE": "liaison.core.sqlite",
        # IMMEDIATE takes the write lock when a transaction begins: with SQLite's default DEFERRED
        # two writers that both have read fail at once instead of waiting for each other.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
        # Tests get a file as well: Django's default, memory shared by threads, locks differently
        # and cannot be opened by a second process.
        "TEST": {"NAME": str(var / "test.sqlite3")},
    }


def _postgres(env: environ.Env, named: Settings) -> Settings:
    """``named`` are the options in the address; they hold."""
    # A database that does not answer is an error soon, not a page that hangs.
    options: Settings = {"connect_timeout": 5} | named
    found: Settings = {
        "OPTIONS": options,
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
    }
    if pool := env.int("DATABASE_POOL", default=0):
        # So many connections a process, lent to its threads for a request each.
        found["CONN_MAX_AGE"] = 0
        options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 5}
    if env.bool("DATABASE_POOLED_OUTSIDE", default=False):
        # PgBouncer lends a connection for a transaction only: a cursor would outlive it.
        found["DISABLE_SERVER_SIDE_CURSORS"] = True
    else:
        # Parameters go apart from the statement, so that the server keeps the plan of what it is
        # asked again and again: planning takes it longer than answering.
        options |= {"server_side_binding": True, "prepare_threshold": 3}
    return found


def _replica(primary: Settings, named: Settings) -> Settings:
    # A page waits for it only as long as people hardly notice.
    options = primary["OPTIONS"] | {"connect_timeout": 2} | named.get("OPTIONS", {})
    # Tests have one database under both names.
    return primary | named | {"OPTIONS": options, "TEST": {"MIRROR": "default"}}
