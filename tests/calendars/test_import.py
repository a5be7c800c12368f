"""A year is imported: what is stored and what is refused, by action and by command."""

import json
from datetime import date

import pytest
from django.core.management import call_command

from liaison.audit.models import Entry
from liaison.calendars.actions import import_calendar
from liaison.calendars.models import CalendarDay, CalendarImport
from liaison.calendars.reading import read_calendar
from liaison.calendars.work_time import work_calendar
from liaison.core.published_calendar import load_calendar_csv
from liaison.core.refused import Refused
from liaison.core.sheets import Column, UnreadableSheet, write_xlsx
from liaison.core.workdays import CalendarRow, DayKind
from tests import factories as make
from tests.calendars.plan import CHINESE, PLAN_2027, WORDS, as_csv, known_years

pytestmark = pytest.mark.django_db


def test_what_was_published_is_there_from_the_start():
    assert known_years() == [2025, 2026]
    rows = {(one.on, one.kind, one.name) for one in load_calendar_csv()}
    assert set(CalendarDay.objects.values_list("on", "kind", "name")) == rows
    assert work_calendar().kinds[date(2026, 10, 10)] == DayKind.MAKEUP


def test_a_file_is_the_same_in_any_format_and_language(tmp_path):
    chinese = read_calendar(as_csv(PLAN_2027))
    assert chinese == PLAN_2027
    english = "date,kind,name\n2027-01-01,public_holiday,New Year's Day\n"
    assert read_calendar(english.encode()) == PLAN_2027[:1]
    path = tmp_path / "plan.xlsx"
    columns = [Column(name, name) for name in ("日期", "类型", "名称")]
    rows = [[row.on, WORDS[row.kind], CHINESE[row.name]] for row in PLAN_2027]
    with path.open("wb") as file:
        write_xlsx(columns, rows, "放假安排", file, numbered=False)
    assert read_calendar(path.read_bytes()) == PLAN_2027


def test_importing_is_by_the_date_and_the_second_time_changes_nothing():
    first = import_calendar(PLAN_2027, by=None)
    assert (first.added, first.changed, first.unchanged) == (len(PLAN_2027), 0, 0)
    assert (first.years, first.incomplete) == ((2027,), ())
    again = import_calendar(PLAN_2027, by=None)
    assert (again.added, again.changed, again.unchanged) == (0, 0, len(PLAN_2027))
    corrected = [CalendarRow(date(2027, 1, 3), DayKind.NORMAL), *PLAN_2027[3:]]
    assert import_calendar(corrected, by=None).changed == 1
    assert CalendarDay.objects.get(on=date(2027, 1, 3)).kind == "normal"
    assert CalendarDay.objects.filter(on__year=2027).count() == len(PLAN_2027)
    assert known_years() == [2025, 2026, 2027]


def test_half_a_year_is_told():
    assert import_calendar(PLAN_2027[:3], by=None).incomplete == (2027,)


def test_every_wrong_row_is_named_and_nothing_is_written():
    content = (
        "日期,类型,名称\n2027-01-01,节假日,元旦\n2027-13-01,节假日,元旦\n"
        "2027-01-02,也许,元旦\n2027-01-01,正常,\n"
    )
    with pytest.raises(Refused) as refused:
        read_calendar(content.encode())
    errors = refused.value.details["errors"]
    assert [error["row"] for error in errors] == [3, 4, 5]
    assert all(error["message"] for error in errors)
    assert "也许" in errors[1]["message"]
    assert "2" in errors[2]["message"]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", "名称,节日\n元旦,x\n".encode()])
def test_what_is_no_calendar(content):
    with pytest.raises(UnreadableSheet):
        read_calendar(content)


def test_it_is_for_system_administrators_and_on_record():
    for stranger in (make.ChiefFactory(), make.DeskFactory(admin_duty="audit")):
        with pytest.raises(Refused) as refused:
            import_calendar(PLAN_2027, by=stranger)
        assert refused.value.code == "not_yours"
    assert known_years() == [2025, 2026]
    admin = make.DeskFactory(admin_duty="system")
    import_calendar(PLAN_2027, by=admin, filename="2027.csv")
    entry = Entry.objects.get(action="calendar.imported")
    assert (entry.actor, entry.unit) == (admin, admin.unit)
    assert entry.changes == {"added": len(PLAN_2027), "changed": 0, "years": [2027]}
    assert CalendarImport.objects.get().filename == "2027.csv"


# --- the command ------------------------------------------------------------------------------


@pytest.fixture
def run(capsys, tmp_path):
    """Run the command on this content; exit code and what it printed."""

    def command(content, *options):
        path = tmp_path / "2027.csv"
        path.write_bytes(content)
        code = 0
        try:
            call_command("import_calendar", str(path), *options)
        except SystemExit as ended:
            code = int(ended.code or 0)
        return code, capsys.readouterr()

    return command


def test_the_command_says_what_it_did(run):
    code, printed = run(as_csv(PLAN_2027), "--json")
    assert code == 0
    assert json.loads(printed.out) == {
        "added": len(PLAN_2027), "changed": 0, "unchanged": 0, "moved": 0,
        "years": [2027], "incomplete": [], "errors": [],
    }  # fmt: skip
    code, printed = run(as_csv(PLAN_2027))
    assert (code, printed.err) == (0, "")
    assert f"{len(PLAN_2027)} unchanged" in printed.out
    assert Entry.objects.filter(action="calendar.imported", actor=None).count() == 2


@pytest.mark.parametrize("options", [(), ("--json",)])
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("日期,类型,名称\n2027-01-01,节假日,元旦\n2027-02-30,节假日,春节\n".encode(), 1),
        (b"%PDF", 2),
    ],
)
def test_the_command_ends_by_what_was_wrong(run, content, expected, options):
    code, printed = run(content, *options)
    assert code == expected
    assert printed.err
    if options:
        answer = json.loads(printed.out)
        assert answer["added"] == 0
        assert answer["errors"][0]["row"] == (3 if expected == 1 else None)
    assert known_years() == [2025, 2026]


def test_the_command_without_a_file(capsys, tmp_path):
    with pytest.raises(SystemExit) as ended:
        call_command("import_calendar", str(tmp_path / "none.csv"))
    assert ended.value.code == 2
    assert "none.csv" in capsys.readouterr().err
