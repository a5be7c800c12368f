"""The command: what it prints, how it ends, and that being killed leaves all rows or none."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from enterprises.models import Enterprise, ImportBatch, ImportRow, StageChange
from tests import factories as make
from tests.enterprises.importing.lists import HEADINGS, ROWS, as_csv
from tests.forking import settled


@pytest.fixture
def run(capsys, tmp_path):
    """Run the command on this content; exit code and what it printed."""

    def command(content, unit, *options):
        path = tmp_path / "list.csv"
        path.write_bytes(content)
        code = 0
        try:
            call_command("import_enterprises", str(path), "--unit", unit, *options)
        except SystemExit as ended:
            code = int(ended.code or 0)
        return code, capsys.readouterr()

    return command


@pytest.mark.django_db
def test_json_has_just_what_is_promised(run):
    unit = make.StationFactory()
    rows = [[*row] for row in ROWS]
    rows[1][0] = ""
    code, printed = run(as_csv(rows, HEADINGS), unit.code, "--json")
    answer = json.loads(printed.out)
    assert code == 1
    assert set(answer) == {"created", "updated", "unchanged", "refused", "errors"}
    assert (answer["created"], answer["refused"]) == (3, 1)
    [error] = answer["errors"]
    assert (error["row"], error["field"]) == (3, "name")
    assert error["message"]


@pytest.mark.django_db
def test_the_second_time_nothing_is_refused_and_nothing_changes(run):
    unit = make.StationFactory()
    content = as_csv(ROWS, HEADINGS)
    assert run(content, unit.code)[0] == 0
    code, printed = run(content, unit.code, "--json")
    assert (code, json.loads(printed.out)["unchanged"]) == (0, 4)


@pytest.mark.django_db
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_what_cannot_be_read_ends_with_two(run, options):
    unit = make.StationFactory()
    for content, code_of_unit in ((b"%PDF-1.7", unit.code), (as_csv(ROWS, HEADINGS), "NONE")):
        code, printed = run(content, code_of_unit, *options)
        assert code == 2
        assert printed.err
        if options:
            assert json.loads(printed.out)["errors"][0]["message"]
    assert not ImportBatch.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("content", "created"), [(b"%PDF-1.7", 0), (as_csv(ROWS, HEADINGS), 4)])
def test_a_file_whose_name_is_no_utf8(content, created, tmp_path, capsys):
    """As they come out of an archive that was packed elsewhere."""
    unit = make.StationFactory()
    path = tmp_path / os.fsdecode("名单.csv".encode("gbk"))
    path.write_bytes(content)
    with contextlib.suppress(SystemExit):
        call_command("import_enterprises", str(path), "--unit", unit.code, "--json")
    printed = capsys.readouterr()
    # Whatever the terminal's encoding, what is printed can be.
    assert json.loads(printed.out.encode())["created"] == created
    assert bool(printed.err.encode()) is (created == 0)


@pytest.mark.django_db
def test_a_dry_run_says_the_same_and_writes_nothing(run):
    unit = make.StationFactory()
    _code, printed = run(as_csv(ROWS, HEADINGS), unit.code, "--dry-run", "--json")
    assert json.loads(printed.out)["created"] == 4
    assert not Enterprise.objects.exists()


MANY = 800
KILLS = 20


@pytest.fixture
def importer(tmp_path):
    """A process that starts imports of a long list, each in a process of its own."""
    unit = make.StationFactory()
    path = tmp_path / "many.csv"
    rows = [[f"示例厂{n}", "", f"示例路{n}号", "机械", "10", "示例", "", ""] for n in range(MANY)]
    path.write_bytes(as_csv(rows, HEADINGS))
    work = "tests.enterprises.importing.importing"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.forking", work, str(path), unit.code],
        cwd=settings.BASE_DIR,
        env=os.environ | {"TEST_DATABASE": str(connection.settings_dict["NAME"])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process, unit
    process.stdin.close()
    assert process.wait(timeout=30) == 0
    process.stdout.close()


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_killed_at_any_moment_all_rows_are_there_or_none(importer):
    process, unit = importer

    def start():
        process.stdin.write("\n")
        process.stdin.flush()
        return int(process.stdout.readline())

    def ended():
        said = process.stdout.readline().strip()
        settled()
        return said

    def there():
        return (
            Enterprise.objects.filter(unit=unit).count(),
            StageChange.objects.filter(enterprise__unit=unit).count(),
            ImportRow.objects.filter(batch__unit=unit).count(),
        )

    def empty():
        ImportBatch.objects.filter(unit=unit).delete()
        Enterprise.objects.filter(unit=unit).delete()

    start()
    began = time.monotonic()
    assert ended() == "ended 0"
    takes = time.monotonic() - began
    assert there() == (MANY, MANY, MANY)
    empty()

    chance, seen = random.Random(7), set()
    for _ in range(KILLS):
        pid = start()
        time.sleep(chance.uniform(0, takes))
        # It may just have ended by itself; that is the case of all rows.
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        ended()
        found = there()
        assert found in {(0, 0, 0), (MANY, MANY, MANY)}
        seen.add(found)
        empty()
    # Most were killed while it worked.
    assert (0, 0, 0) in seen
