"""The week's page: what is due for whom, and that each number equals the rows behind it."""

from datetime import date

import pytest

from enterprises.actions import assign, cover
from enterprises.models import Enterprise
from liaison.accounts.models import Kind
from tests import factories as make
from tests.staff.week.seen import at, blocks, line_due, quiet, quiet_again, see
from visits.actions import Promised, keep_promise

pytestmark = pytest.mark.django_db


def test_what_is_overdue_comes_first_and_each_thing_stands_on_its_day(officer):
    late = line_due(officer, at("2026-03-11", 9))
    today = line_due(officer, at("2026-03-11", 11))
    last = line_due(officer, at("2026-03-17", 23, 59))
    line_due(officer, at("2026-03-18", 0, 1))
    cold = quiet(officer, contact=-9, visit=-2)
    soon = quiet(officer, contact=1, visit=30)
    twice = quiet(officer, contact=-1, visit=3)
    page = see(officer)
    assert blocks(page) == {
        None: [cold.name, twice.name, late.title],
        date(2026, 3, 11): [today.title],
        date(2026, 3, 12): [soon.name],
        date(2026, 3, 14): [twice.name],
        date(2026, 3, 17): [last.title],
    }
    said = page.content.decode()
    assert "已逾期 3 项" in said
    assert "今天到期 1 项" in said
    assert "之后六天还有 3 项" in said
    assert said.index("已逾期 3 项") < said.index(today.title)


def test_each_row_leads_to_its_thing_and_to_the_next_step(officer):
    line = line_due(officer, at("2026-03-11", 11))
    enterprise = quiet(officer, contact=0, visit=0)
    said = see(officer).content.decode()
    for address in (
        f"/issues/{line.number}/",
        f"/issues/{line.number}/moves/propose/#move-propose",
        f"/enterprises/{enterprise.pk}/",
        f"/visits/new/?enterprise={enterprise.pk}",
    ):
        assert f'href="{address}"' in said, address
    assert "待办结" in said
    assert "至少每 30 天上门一次；列入台账后还没有上门" in said


def test_which_clock_runs_is_said(officer):
    raised = make.RaisedIssueFactory(enterprise=quiet(officer))
    proposed = make.ProposedIssueFactory(enterprise=quiet(officer), kind="other", level="simple")
    waiting = make.WaitingIssueFactory(enterprise=quiet(officer))
    rows = {row.number: row for block in see(officer).context["days"] for row in block.rows}
    assert rows[raised.number].why == "待受理"
    assert rows[proposed.number].why == "待审批"
    # Until the 14th: that day, not the midnight with which the next one begins.
    assert rows[waiting.number].why == "等待：检测报告"
    assert rows[waiting.number].day == date(2026, 3, 14)
    assert rows[waiting.number].clock == "24:00"


def test_a_promise_goes_with_the_enterprise_and_leaves_when_it_is_kept(officer, unit):
    enterprise = quiet(officer)
    visit = make.VisitFactory(
        enterprise=enterprise,
        promises=[Promised("送演练方案", date(2026, 3, 13)), Promised("没有日子")],
    )
    quiet_again(enterprise)
    chief = make.ChiefFactory(unit=unit)
    assert blocks(see(officer)) == {date(2026, 3, 13): ["送演练方案"]}
    elsewhere = make.VisitFactory(
        enterprise=enterprise, by=chief, promises=[Promised("协调供电", date(2026, 3, 12))]
    )
    quiet_again(enterprise)
    assert blocks(see(chief)) == {date(2026, 3, 12): [elsewhere.promises.get().text]}
    heir = make.OfficerFactory(unit=unit)
    assign(enterprise, heir, by=make.someone(Kind.DESK, unit), replaces=officer.pk)
    assert blocks(see(officer)) == {}
    assert blocks(see(heir)) == {
        date(2026, 3, 12): ["协调供电"],
        date(2026, 3, 13): ["送演练方案"],
    }
    keep_promise(visit.promises.get(due_on__isnull=False), by=heir)
    assert blocks(see(heir)) == {date(2026, 3, 12): ["协调供电"]}


def test_closed_lines_and_closed_enterprises_are_not_due(officer):
    make.ClosedIssueFactory(enterprise=quiet(officer))
    gone = quiet(officer, contact=0)
    Enterprise.objects.filter(pk=gone.pk).update(stage="closed")
    page = see(officer)
    assert blocks(page) == {}
    assert "没有逾期" in page.content.decode()


def test_a_cover_brings_what_is_due_for_the_other_and_says_for_whom(officer, unit):
    away = make.OfficerFactory(unit=unit, name="王示例")
    line = line_due(away, at("2026-03-12", 9))
    secret = line_due(away, at("2026-03-13", 9), kind="case_lead", title="失窃线索")
    enterprise = quiet(away, contact=2, visit=9)
    assert blocks(see(officer)) == {}
    desk = make.someone(Kind.DESK, unit)
    cover(away, officer, starts_on=date(2026, 3, 11), ends_on=date(2026, 3, 13), by=desk)
    page = see(officer)
    assert blocks(page) == {
        date(2026, 3, 12): [line.title],
        date(2026, 3, 13): [secret.title, enterprise.name],
    }
    rows = [row for block in page.context["days"] for row in block.rows]
    assert all(row.cover.officer == away for row in rows)
    said = page.content.decode()
    assert "代管王示例" in said
    begins, ends = (page.context["days"][n].covers for n in (0, 2))
    assert "今日起" in begins[0]
    assert "最后一天" in ends[0]


def test_a_cover_that_begins_later_is_only_said(officer, unit):
    away = make.OfficerFactory(unit=unit)
    line_due(away, at("2026-03-12", 9))
    desk = make.someone(Kind.DESK, unit)
    cover(away, officer, starts_on=date(2026, 3, 12), ends_on=date(2026, 3, 30), by=desk)
    page = see(officer)
    assert blocks(page) == {}
    assert [bool(day.covers) for day in page.context["days"]] == [False, True, *[False] * 5]
    assert see(away).context["days"][1].covers


def test_chiefs_and_the_desk_look_at_a_colleague_and_nobody_else_does(officer, unit):
    plain = line_due(officer, at("2026-03-12", 9))
    secret = line_due(officer, at("2026-03-12", 10), kind="case_lead", title="失窃线索")
    query = f"?officer={officer.pk}"
    tomorrow = date(2026, 3, 12)
    assert blocks(see(officer, query)) == {tomorrow: [plain.title, secret.title]}
    chief, desk = make.ChiefFactory(unit=unit), make.DeskFactory(unit=unit)
    page = see(chief, query)
    assert blocks(page) == {tomorrow: [plain.title, secret.title]}
    assert not any(row.step for block in page.context["days"] for row in block.rows)
    assert blocks(see(desk, query)) == {tomorrow: [plain.title]}
    for stranger in (
        make.OfficerFactory(unit=unit),
        make.AuxiliaryFactory(unit=unit),
        make.ChiefFactory(),
        make.BureauUserFactory(unit=unit.parent),
    ):
        assert see(stranger, query).status_code == 404, stranger.kind
    for nobody in ("x", "-1", str(10**30), str(desk.pk)):
        assert see(chief, f"?officer={nobody}").status_code == 404, nobody


@pytest.mark.parametrize(
    ("now", "today"),
    [
        ("2026-03-10T15:59:00+00:00", date(2026, 3, 10)),
        # After midnight and before 08:00 in China it is still yesterday in UTC.
        ("2026-03-10T16:00:00+00:00", date(2026, 3, 11)),
        ("2026-03-10T23:59:00+00:00", date(2026, 3, 11)),
    ],
)
def test_a_day_begins_at_midnight_in_china(now, today, officer, time_machine):
    early = line_due(officer, at("2026-03-11", 0, 30))
    late = line_due(officer, at("2026-03-11", 7, 59))
    time_machine.move_to(now, tick=False)
    page = see(officer)
    assert page.context["days"][0].day == today
    found = blocks(page)
    over = early if now.endswith("23:59:00+00:00") else None
    assert found.get(None, []) == ([over.title] if over else [])
    assert found[date(2026, 3, 11)] == [one.title for one in (early, late) if one is not over]


def test_with_the_clock_set_back_it_is_that_day_again(officer, time_machine):
    due = line_due(officer, at("2026-03-10", 9))
    assert blocks(see(officer)) == {None: [due.title]}
    time_machine.move_to("2026-03-10T00:30:00+00:00", tick=False)
    page = see(officer)
    assert page.context["days"][0].day == date(2026, 3, 10)
    assert blocks(page) == {date(2026, 3, 10): [due.title]}


def test_over_new_year_days_off_are_marked_and_an_unknown_year_is_told(officer, time_machine):
    time_machine.move_to("2025-12-29T02:00:00+00:00", tick=False)
    due = line_due(officer, at("2026-01-04", 9))
    page = see(officer)
    marks = {one.day: (one.mark, one.free) for one in page.context["days"]}
    assert marks == {
        date(2025, 12, 29): ("", False),
        date(2025, 12, 30): ("", False),
        date(2025, 12, 31): ("", False),
        date(2026, 1, 1): ("元旦", True),
        date(2026, 1, 2): ("元旦", True),
        date(2026, 1, 3): ("元旦", True),
        date(2026, 1, 4): ("调休上班", False),
    }
    assert blocks(page) == {date(2026, 1, 4): [due.title]}
    assert not page.context["unknown_years"]
    time_machine.move_to("2026-12-30T02:00:00+00:00", tick=False)
    page = see(officer)
    assert page.context["unknown_years"] == [2027]
    line_due(officer, at("2027-01-01", 0.5))
    page = see(officer)
    assert list(blocks(page)) == [None, date(2027, 1, 1)]
    assert "2027" in page.content.decode()


def test_one_leafs_by_weeks(officer):
    past = line_due(officer, at("2026-03-05", 9))
    ahead = line_due(officer, at("2026-03-20", 9))
    now = see(officer)
    assert blocks(now) == {None: [past.title]}
    before = see(officer, now.context["earlier_url"].removeprefix("/week/"))
    assert before.context["first"] == date(2026, 3, 4)
    assert blocks(before) == {date(2026, 3, 5): [past.title]}
    after = see(officer, now.context["later_url"].removeprefix("/week/"))
    assert blocks(after) == {date(2026, 3, 20): [ahead.title]}
    assert before.context["later_url"] == after.context["earlier_url"] == "/week/"
    for nonsense in ("x", "2026-13-01", "9999-12-31", "0001-01-01"):
        assert see(officer, f"?from={nonsense}").status_code == 404, nonsense
