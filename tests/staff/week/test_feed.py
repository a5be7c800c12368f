"""The calendar feed: what a phone reads under the secret link, and what it does not."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from enterprises.actions import cover
from enterprises.models import Cadence
from issues.actions import VERBS
from issues.models import Issue
from liaison.accounts.feed_links import make_feed_link, revoke_feed_link
from liaison.accounts.models import Kind, User
from liaison.core.due import start_of
from liaison.core.workdays import CHINA
from liaison.staff.feed import AT_MOST, without_numbers
from tests import factories as make
from visits.actions import Promised

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 11)


def read(token, **headers):
    return Client().get(f"/feeds/{token}.ics", **headers)


def events(person):
    """By the first part of their UID."""
    answer = read(make_feed_link(by=person))
    assert answer.status_code == 200
    calendar = Calendar.from_ical(answer.content)
    found = {str(one["UID"]): one for one in calendar.walk("VEVENT")}
    assert len(found) == len(calendar.walk("VEVENT"))
    return {uid.removesuffix("@liaison"): one for uid, one in found.items()}


def enterprise_of(officer, contact=400, visit=400):
    made = make.AssignedEnterpriseFactory(unit=officer.unit, officer=officer)
    Cadence.objects.filter(enterprise=made).update(
        next_contact_due_on=TODAY + timedelta(contact), next_visit_due_on=TODAY + timedelta(visit)
    )
    return made


def line_due(officer, moment, **more):
    line = make.WorkingIssueFactory(enterprise=enterprise_of(officer), **more)
    Issue.objects.filter(pk=line.pk).update(next_due_at=moment, resolve_due_at=moment)
    line.refresh_from_db()
    return line


def at(day, hour):
    return start_of(date.fromisoformat(day)) + timedelta(hours=hour)


def test_a_deadline_is_an_event_at_its_hour_in_china(officer):
    line = line_due(officer, at("2026-03-12", 17.5), title="门岗照明")
    [event] = events(officer).values()
    assert event["UID"] == f"line-{line.number}@liaison"
    assert event.decoded("DTSTART") == datetime(2026, 3, 12, 17, 30, tzinfo=CHINA)
    assert event["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert timedelta(minutes=15) <= event.decoded("DTEND") - event.decoded("DTSTART")
    assert event.decoded("DTEND") - event.decoded("DTSTART") <= timedelta(minutes=30)
    assert str(event["SUMMARY"]) == f"{line.number} 门岗照明（待办结）"
    assert line.enterprise.name in event["DESCRIPTION"]
    assert str(event["URL"]).endswith(f"/issues/{line.number}/")
    assert event.decoded("DTSTAMP") == event.decoded("LAST-MODIFIED") <= timezone.now()


def test_days_are_whole_days_and_what_is_overdue_is_today(officer, unit):
    late = line_due(officer, at("2026-03-02", 9))
    waiting = make.WaitingIssueFactory(enterprise=enterprise_of(officer))
    cold = enterprise_of(officer, contact=-9, visit=-3)
    soon = enterprise_of(officer, contact=2, visit=9)
    visit = make.VisitFactory(
        enterprise=enterprise_of(officer), promises=[Promised("送方案", TODAY + timedelta(3))]
    )
    Cadence.objects.filter(enterprise=visit.enterprise).update(
        next_contact_due_on=None, next_visit_due_on=None
    )
    desk, away = make.someone(Kind.DESK, unit), make.OfficerFactory(unit=unit)
    days = {"starts_on": TODAY + timedelta(5), "ends_on": TODAY + timedelta(8)}
    covered = cover(away, officer, by=desk, **days)
    found = events(officer)
    assert {uid: one.decoded("DTSTART") for uid, one in found.items()} == {
        f"line-{late.number}": TODAY,
        f"line-{waiting.number}": TODAY + timedelta(3),
        f"visit-{cold.pk}": TODAY,
        f"contact-{soon.pk}": TODAY + timedelta(2),
        f"visit-{soon.pk}": TODAY + timedelta(9),
        f"promise-{visit.promises.get().pk}": TODAY + timedelta(3),
        f"cover-{covered.pk}": TODAY + timedelta(5),
    }
    assert found[f"cover-{covered.pk}"].decoded("DTEND") == TODAY + timedelta(9)
    assert found[f"visit-{soon.pk}"].decoded("DTEND") == TODAY + timedelta(10)
    assert "已逾期" in found[f"line-{late.number}"]["SUMMARY"]
    assert "已逾期" not in found[f"contact-{soon.pk}"]["SUMMARY"]


def test_a_moved_deadline_is_the_same_event_moved(officer, time_machine):
    line = line_due(officer, at("2026-03-12", 17))
    before = events(officer)[f"line-{line.number}"]
    time_machine.move_to(timezone.now() + timedelta(minutes=5), tick=False)
    VERBS["wait"](
        line,
        by=officer,
        version=line.version,
        awaited="检测报告",
        awaited_from="企业",
        until=date(2026, 3, 20),
    )
    after = events(officer)[f"line-{line.number}"]
    assert before["UID"] == after["UID"]
    assert before.decoded("DTSTART") == datetime(2026, 3, 12, 17, tzinfo=CHINA)
    assert after.decoded("DTSTART") == date(2026, 3, 20)
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after.decoded("LAST-MODIFIED") > before.decoded("LAST-MODIFIED")


def test_what_is_overdue_moves_on_at_midnight_with_a_higher_sequence(officer, time_machine):
    line = line_due(officer, at("2026-03-02", 9))
    before = events(officer)[f"line-{line.number}"]
    time_machine.move_to("2026-03-11T16:00:00+00:00", tick=False)
    after = events(officer)[f"line-{line.number}"]
    assert after.decoded("DTSTART") == TODAY + timedelta(1)
    assert after["SEQUENCE"] > before["SEQUENCE"]


@pytest.mark.parametrize("clock", ["00:00", "03:00", "07:59"])
def test_before_eight_on_new_years_day_it_is_the_new_year(officer, time_machine, clock):
    """In UTC it is still the old one."""
    time_machine.move_to(at("2026-12-31", 10), tick=False)
    late, ahead = (line_due(officer, at(day, 9)) for day in ("2026-12-31", "2027-01-01"))
    soon = enterprise_of(officer)
    Cadence.objects.filter(enterprise=soon).update(next_visit_due_on=date(2027, 1, 2))
    time_machine.move_to(datetime.fromisoformat(f"2027-01-01T{clock}+08:00"), tick=False)
    found = events(officer)
    assert found[f"line-{late.number}"].decoded("DTSTART") == date(2027, 1, 1)
    assert found[f"line-{ahead.number}"].decoded("DTSTART") == at("2027-01-01", 9)
    assert found[f"visit-{soon.pk}"].decoded("DTSTART") == date(2027, 1, 2)


def test_with_the_clock_set_back_it_is_the_same_events(officer, time_machine):
    late, ahead = (line_due(officer, at(day, 9)) for day in ("2026-03-10", "2026-03-13"))
    now = events(officer)
    time_machine.move_to(at("2026-03-10", 7), tick=False)
    then = events(officer)
    assert set(then) == set(now) == {f"line-{late.number}", f"line-{ahead.number}"}
    assert now[f"line-{late.number}"].decoded("DTSTART") == TODAY
    assert then[f"line-{late.number}"].decoded("DTSTART") == at("2026-03-10", 9)
    assert then[f"line-{ahead.number}"] == now[f"line-{ahead.number}"]


def test_it_reaches_sixty_days_and_closed_lines_are_gone(officer):
    line_due(officer, at("2026-05-11", 9))
    within = line_due(officer, at("2026-05-10", 9))
    make.ClosedIssueFactory(enterprise=enterprise_of(officer))
    assert set(events(officer)) == {f"line-{within.number}"}


def test_a_sensitive_line_is_a_number_and_nothing_else(officer):
    line = line_due(officer, at("2026-03-12", 9), kind="case_lead", title="铝锭失窃线索")
    body = read(make_feed_link(by=officer)).content.decode().replace("\r\n ", "")
    assert "失窃" not in body
    assert line.enterprise.name not in body
    [event] = events(officer).values()
    assert str(event["SUMMARY"]) == f"{line.number} 敏感账单"
    assert "DESCRIPTION" not in event


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("给王经理 13812345678 送方案", "给王经理 *** 送方案"),
        ("电话 138 1234 5678", "电话 ***"),
        ("0532-88406110 转 2", "*** 转 2"),
        ("身份证 37028519900101123X 核对", "身份证 *** 核对"),
        ("2026-03-15 前办好 LSL-2026-0412", "2026-03-15 前办好 LSL-2026-0412"),
        ("3 号门 120 人", "3 号门 120 人"),
    ],
)
def test_numbers_of_people_are_blotted_out(typed, kept):
    assert without_numbers(typed) == kept


def test_no_number_and_nobody_at_the_enterprise_is_in_it(officer):
    enterprise = enterprise_of(officer, contact=0, visit=0)
    contact = make.ContactFactory(enterprise=enterprise)
    line_due(officer, at("2026-03-12", 9), title="回电 13812345678")
    body = read(make_feed_link(by=officer)).content.decode().replace("\r\n ", "")
    for secret in (contact.name, contact.phone, officer.phone, "13812345678"):
        assert secret not in body


def test_a_cover_brings_the_others_deadlines_while_it_lasts(officer, unit, time_machine):
    away = make.OfficerFactory(unit=unit, name="王示例")
    line = line_due(away, at("2026-03-20", 9))
    desk = make.someone(Kind.DESK, unit)
    cover(away, officer, starts_on=TODAY, ends_on=TODAY, by=desk)
    assert "代管王示例" in events(officer)[f"line-{line.number}"]["DESCRIPTION"]
    assert f"line-{line.number}" in events(away), "the officer away keeps an eye on it"
    time_machine.move_to(timezone.now() + timedelta(days=1), tick=False)
    assert not events(officer)


# --- the link ---------------------------------------------------------------------------------


def test_whoever_may_not_read_it_finds_nothing(officer, unit):
    token = make_feed_link(by=officer)
    assert read(token).status_code == 200
    never = read("x" * 43)
    User.objects.filter(pk=officer.pk).update(is_active=False)
    left = read(token)
    User.objects.filter(pk=officer.pk).update(is_active=True, kind=Kind.BUREAU)
    moved = read(token)
    User.objects.filter(pk=officer.pk).update(kind=Kind.POLICE_OFFICER)
    assert read(token).status_code == 200
    revoke_feed_link(by=officer)
    ended = read(token)
    assert {one.status_code for one in (never, left, moved, ended)} == {404}
    assert never.content == left.content == moved.content == ended.content


def test_it_is_kept_by_nobody_else_and_sent_again_only_when_it_changed(officer):
    line_due(officer, at("2026-03-12", 9))
    token = make_feed_link(by=officer)
    first = read(token)
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert first["Cache-Control"] == "private, no-cache"
    assert first["X-Robots-Tag"] == "noindex"
    assert first["Referrer-Policy"] == "no-referrer"
    assert not first.cookies
    calendar = Calendar.from_ical(first.content)
    assert calendar["VERSION"] == "2.0"
    assert "REFRESH-INTERVAL" in calendar
    assert calendar["X-PUBLISHED-TTL"] == "PT1H"
    same = read(token, headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert same["Cache-Control"] == "private, no-cache"
    line_due(officer, at("2026-03-13", 9))
    assert read(token, headers={"If-None-Match": first["ETag"]}).status_code == 200
    assert Client().post(f"/feeds/{token}.ics").status_code == 405


def test_it_costs_the_same_at_ten_rows_and_at_a_hundred_and_has_an_end(officer):
    token = make_feed_link(by=officer)
    read(token)

    def fill(rows):
        for n in range(rows):
            line_due(officer, at("2026-03-12", 9) + timedelta(hours=n))
            enterprise_of(officer, contact=n % 50, visit=n % 40)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            answer = read(token)
        return len(queries), len(Calendar.from_ical(answer.content).walk("VEVENT"))

    fill(10)
    few, _events = cost()
    fill(90)
    many, shown = cost()
    assert many == few <= 12
    assert 100 < shown <= 5 * AT_MOST
