"""Imports in processes of their own, on the database of the test that started this one.

Setting Django up takes longer than importing; so it is done once, and each line on standard input
forks a process that imports the file. Prints the process's id, and "ended" with its status.
"""

import io
import os
import sys

import django
from django.conf import settings


def import_in_a_process(path: str, unit: str) -> None:
    pid = os.fork()
    if not pid:
        call_command("import_enterprises", path, "--unit", unit, stdout=io.StringIO())
        os._exit(0)
    say(str(pid))
    _pid, status = os.waitpid(pid, 0)
    say(f"ended {status}")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaison.settings")
    settings.DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]
    django.setup()
    from django.core.management import call_command

    for _line in sys.stdin:
        import_in_a_process(sys.argv[1], sys.argv[2])
