"""All parts of the bench, one after the other, on each database there is. See bench/README.md.

python bench/run.py [--only pages writing] [--databases sqlite] [flags of the parts]
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.flags import flags_of_parts  # noqa: E402
from bench.part import APART, PARTS  # noqa: E402

# How the address of such a database begins.
SCHEMES = {"sqlite": "sqlite", "postgresql": "postgres"}
# What SQLite does without.
SERVERS = ("DATABASE_URL", "DATABASE_REPLICA_URL", "REDIS_URL")


def main() -> int:
    own = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    own.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    own.add_argument(
        "--databases",
        nargs="+",
        choices=SCHEMES,
        default=list(SCHEMES) if _server_given() else ["sqlite"],
        help="SQLite, and PostgreSQL where DATABASE_URL names a server",
    )
    own.add_argument("--output", type=Path, default=ROOT / "bench" / "results.json")
    parser = argparse.ArgumentParser(
        description=__doc__, parents=[own, flags_of_parts()], allow_abbrev=False
    )
    chosen = parser.parse_args()
    if "postgresql" in chosen.databases and not _server_given():
        parser.error("PostgreSQL needs DATABASE_URL")
    for_parts = own.parse_known_args()[1]

    machine = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "flags": " ".join(for_parts),
    }
    print(", ".join(f"{name} {value}" for name, value in machine.items() if value))
    kept: dict[str, Any] = {"on": machine}
    faults = []
    for database in chosen.databases:
        kept[database] = {}
        for part in chosen.only:
            if part == "pages" and not _may_be_filled(chosen.filled, database):
                print(f"\nPages on {database}: left out, --filled is none", flush=True)
                continue
            if part in APART and database != chosen.databases[0]:
                continue
            numbers, found = _run(part, database, for_parts)
            kept[database][part] = numbers
            faults += [f"{part} on {database}: {fault}" for fault in found]
            # What has been measured by now is there, whatever happens next.
            chosen.output.write_text(json.dumps(kept, ensure_ascii=False, indent=1))
    print(f"\nWritten to {chosen.output}")
    for fault in faults:
        print(fault)
    return int(bool(faults))


def _run(part: str, database: str, flags: list[str]) -> tuple[Any, list[str]]:
    """Its numbers and its faults. The part prints its table itself as soon as it has it."""
    print(f"{part} on {database}", file=sys.stderr)
    print(flush=True)
    environment = dict(os.environ)
    if database == "sqlite":
        for server in SERVERS:
            environment.pop(server, None)
    with tempfile.TemporaryDirectory(prefix="liaison-bench-") as folder:
        output = Path(folder, "part.json")
        command = [sys.executable, "-m", "bench.part", part, "--output", str(output), *flags]
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
        if not output.exists():
            return None, [f"ended with {done.returncode}"]
        told = json.loads(output.read_text())
    return told["numbers"], told["faults"]


def _server_given() -> bool:
    return os.environ.get("DATABASE_URL", "").startswith(SCHEMES["postgresql"])


def _may_be_filled(address: str, database: str) -> bool:
    """A database that has its stations already is of one kind; none is made of the other."""
    return not address or address.startswith(SCHEMES[database])


if __name__ == "__main__":
    sys.exit(main())
