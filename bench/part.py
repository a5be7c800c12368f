"""One part of the bench in a process and on a database of its own, so that none disturbs another.

python -m bench.part NAME [--output part.json] [flags]

Each part is a module with ``measure(flags)``, which returns a dataclass, ``report(result)``
and ``failures(result)``, what must not be. The database is the one that ``DATABASE_URL`` names a
server for, else SQLite.
"""

import argparse
import importlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.flags import flags_of_parts
from bench.measuring import as_json

ROOT = Path(__file__).resolve().parent.parent
# Those that fill databases held by other processes, and need none here.
HOLDING = ("pages",)
# Those that no database has a say in: they are measured once.
APART = ("teams",)
PARTS = (*HOLDING, "sweeps", "writing", "importing", "exporting", "planning", "teams", "processes")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, parents=[flags_of_parts()], allow_abbrev=False
    )
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--output", type=Path)
    flags = parser.parse_args()
    database = nullcontext() if flags.part in HOLDING else _database()
    with database, installation():
        if flags.part not in HOLDING:
            _migrate()
        # It imports models, which are there only now.
        part: Any = importlib.import_module(f"bench.{flags.part}")
        result = part.measure(flags)
        failed = part.failures(result)
        print(part.report(result))
    if flags.output:
        told = {"numbers": as_json(result), "faults": failed}
        flags.output.write_text(json.dumps(told, ensure_ascii=False, indent=1))
    for one in failed:
        print(f"Not as it must be: {one}")
    return int(bool(failed))


@contextmanager
def installation() -> Iterator[None]:
    """Everything set up below a temporary folder, which is removed afterwards.

    Processes started meanwhile inherit the environment, and with it the database.
    """
    with tempfile.TemporaryDirectory(prefix="liaison-bench-") as folder:
        os.environ |= {
            "LIAISON_VAR": folder,
            "DJANGO_SETTINGS_MODULE": "liaison.settings",
            "PYTHONPATH": str(ROOT),
            "DEMO": "0",
            "LOG_LEVEL": "ERROR",
        }
        import django
        from django.db import connections

        django.setup()
        try:
            yield
        finally:
            connections.close_all()


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


@contextmanager
def _database() -> Iterator[None]:
    """A database beside the one that ``DATABASE_URL`` names, made and dropped."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield
        return
    import psycopg
    from psycopg.sql import SQL, Identifier

    name = f"liaison_bench_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    os.environ["DATABASE_URL"] = urlsplit(url)._replace(path=f"/{name}").geturl()
    try:
        yield
    finally:
        os.environ["DATABASE_URL"] = url
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


if __name__ == "__main__":
    sys.exit(main())
