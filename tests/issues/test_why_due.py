"""Why a deadline is what it is, in words, and where it is said."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from issues.actions import VERBS
from issues.models import Issue, Pause
from issues.why import why_due
from liaison.calendars.actions import import_calendar
from liaison.core.published_calendar import load_calendar_csv
from liaison.core.workdays import CHINA, WorkCalendar
from liaison.summaries.actions import count_due
from tests import factories as make
from tests.calendars.plan import PLAN_2027

CALENDAR = WorkCalendar.from_rows(load_calendar_csv())


def at(*moment):
    return datetime(*moment, tzinfo=CHINA)


def started(start, days, due, **more):
    return Issue(started_at=start, resolve_days=days, resolve_due_at=due, **more)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def test_over_national_day():
    line = started(at(2026, 9, 29, 9), 5, at(2026, 10, 12, 9))
    assert why_due(line, [], CALENDAR) == [
        "5 working days after the day of 2026-09-29 09:00: 2026-10-12 09:00.",
        "Not counted: 2026-10-01 – 2026-10-07 (National Day), 2026-10-11 (weekend).",
        "Counted although a weekend: 2026-10-10 (National Day).",
    ]


def test_over_spring_festival():
    line = started(at(2026, 2, 13, 10), 3, at(2026, 2, 25, 10))
    assert why_due(line, [], CALENDAR) == [
        "3 working days after the day of 2026-02-13 10:00: 2026-02-25 10:00.",
        "Not counted: 2026-02-15 – 2026-02-23 (Spring Festival).",
        "Counted although a weekend: 2026-02-14 (Spring Festival).",
    ]


def test_what_pauses_did():
    pauses = [
        Pause(starts_at=at(2026, 3, 3, 10), ended_at=at(2026, 3, 4, 10), awaited="报告"),
        Pause(starts_at=at(2026, 3, 4, 12), ended_at=at(2026, 3, 4, 13), awaited="午休"),
        Pause(starts_at=at(2026, 3, 9, 10), ended_at=at(2026, 3, 10, 10), awaited="盖章"),
        Pause(starts_at=at(2026, 3, 11, 10), awaited="回复"),
    ]
    line = started(at(2026, 3, 2, 10), 3, at(2026, 3, 6, 10))
    assert why_due(line, pauses, CALENDAR) == [
        "3 working days after the day of 2026-03-02 10:00: 2026-03-05 10:00.",
        "The pause from 2026-03-03 10:00 to 2026-03-04 10:00 (报告) moved it to 2026-03-06 10:00.",
        "The pause from 2026-03-04 12:00 to 2026-03-04 13:00 (午休) took no working time.",
        "The pause from 2026-03-09 10:00 to 2026-03-10 10:00 (盖章) moved nothing: it was overdue.",
        "The clock has stood still since 2026-03-11 10:00, waiting for: 回复.",
    ]


def test_round_the_clock_and_reopened():
    line = started(at(2026, 10, 1, 3), 2, at(2026, 10, 3, 3), round_the_clock=True, generation=2)
    assert why_due(line, [], WorkCalendar.round_the_clock()) == [
        "It was reopened, and its clock began anew.",
        "2 days after 2026-10-01 03:00, nights, weekends and holidays included: 2026-10-03 03:00.",
    ]


def test_an_unknown_year_and_a_deadline_that_stays():
    line = started(at(2026, 12, 30, 10), 2, at(2027, 1, 4, 10))
    assert why_due(line, [], CALENDAR)[-2:] == [
        "The holidays of 2027 are not in the calendar: it may move.",
        "It stays at 2027-01-04 10:00, as it was set then.",
    ]


def test_before_acceptance_there_is_nothing_to_say():
    assert why_due(Issue(), [], CALENDAR) == []


# --- on the faces -----------------------------------------------------------------------------


def page_of(person, where):
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    client.cookies["django_language"] = "en"
    answer = client.get(where)
    assert answer.status_code == 200
    return answer


@pytest.fixture
def line(time_machine):
    time_machine.move_to(at(2026, 12, 24, 10), tick=False)
    return make.AcceptedIssueFactory(kind="other", level="complex")


@pytest.mark.django_db
def test_on_the_page_and_in_the_api(line):
    chief = make.ChiefFactory(unit=line.unit)
    page = page_of(chief, f"/issues/{line.number}/").content.decode()
    assert "15 working days after the day of 2026-12-24 10:00" in page
    assert "The holidays of 2027 are not in the calendar" in page
    answer = page_of(chief, f"/api/v1/issues/{line.number}/").json()
    assert answer["due_uncertain"]
    assert len(answer["why_due"]) == 3
    raised = make.RaisedIssueFactory(enterprise=line.enterprise)
    assert page_of(chief, f"/api/v1/issues/{raised.number}/").json()["why_due"] == []


@pytest.mark.django_db
def test_the_desk_is_told_and_the_number_is_the_rows_behind_it(line):
    VERBS["start"](line, by=line.handler, version=line.version)
    certain = make.AcceptedIssueFactory(enterprise=line.enterprise, kind="other", level="simple")
    unit = line.unit
    told = "1 deadline reaches into 2027"
    count_due(timezone.now())  # a bureau is told what was counted
    admin = make.DeskFactory(unit=unit, admin_duty="system")
    for person in (
        make.ChiefFactory(unit=unit),
        make.DeskFactory(unit=unit),
        make.BureauUserFactory(unit=unit.parent),
        admin,
    ):
        page = page_of(person, "/").content.decode()
        assert told in page, person.kind
        assert ('href="/calendar/"' in page) == (person == admin)
        ledger = page_of(person, "/issues/?state=due_uncertain").content.decode()
        assert line.title in ledger
        assert certain.title not in ledger
        assert "may move" in ledger
    for person in (line.handler, make.ChiefFactory()):
        assert told not in page_of(person, "/").content.decode()
    import_calendar(PLAN_2027, by=None)
    assert told not in page_of(admin, "/").content.decode()


@pytest.mark.django_db
def test_the_calendar_is_read_once(line):
    """One query for the days, one more for the hours where a pause is given back."""
    days, hours = 'FROM "calendars_calendarday"', 'FROM "calendars_workinghours"'

    def asked(issue, verb, **values):
        with CaptureQueriesContext(connection) as queries:
            issue = VERBS[verb](issue, by=issue.handler, version=issue.version, **values)
        texts = [one["sql"] for one in queries]
        counted = [sum(words in text for text in texts) for words in (days, hours)]
        return issue, counted

    raised = make.RaisedIssueFactory(enterprise=line.enterprise, kind="other")
    issue, counted = asked(raised, "accept")
    assert counted == [1, 0]
    issue, counted = asked(issue, "start")
    assert counted == [0, 0]
    until = date(2026, 12, 25) + timedelta(days=3)
    issue, counted = asked(issue, "wait", awaited="报告", awaited_from="企业", until=until)
    assert counted == [1, 0], "the reminder comes a working day before the day awaited"
    issue, counted = asked(issue, "resume")
    assert counted == [1, 1]
    lead = make.RaisedIssueFactory(enterprise=line.enterprise, kind="case_lead")
    assert asked(lead, "accept")[1] == [0, 0]
