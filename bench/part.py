"""One part of the bench in a process and on a database of its own, so that none disturbs another.

python -m bench.part writing|importing|exporting|processes [--output part.json] [its own flags]

Each part is a module with ``add_flags(parser)``, ``measure(flags)``, ``report(result)``
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
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("writing", "importing", "exporting", "processes")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, add_help=False)
    parser.add_argument("part", choices=PARTS)
    name = parser.parse_known_args()[0].part
    with installation():
        # It imports models, which are there only now.
        part: Any = importlib.import_module(f"bench.{name}")
        parser = argparse.ArgumentParser(description=__doc__)
        parser.add_argument("part", choices=PARTS)
        parser.add_argument("--output", type=Path)
        part.add_flags(parser)
        flags = parser.parse_args()
        result = part.measure(flags)
    if flags.output:
        flags.output.write_text(json.dumps(asdict(result), ensure_ascii=False, indent=1))
    print(part.report(result))
    failed = part.failures(result)
    for one in failed:
        print(f"Not as it must be: {one}")
    return int(bool(failed))


@contextmanager
def installation() -> Iterator[None]:
    """Everything set up below a temporary folder, migrated and empty; removed afterwards.

    Processes started meanwhile inherit the environment, and with it the database.
    """
    with tempfile.TemporaryDirectory(prefix="liaison-bench-") as folder, _database():
        os.environ |= {
            "LIAISON_VAR": folder,
            "DJANGO_SETTINGS_MODULE": "liaison.settings",
            "PYTHONPATH": str(ROOT),
            "DEMO": "0",
            "LOG_LEVEL": "ERROR",
        }
        import django
        from django.core.management import call_command
        from django.db import connection

        django.setup()
        call_command("migrate", verbosity=0)
        try:
            yield
        finally:
            connection.close()


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
