"""What a call is worth, and why."""

from datetime import date, datetime, timedelta

import pytest

from liaison.core.workdays import CHINA
from visits.planning.scoring import (
    Line,
    Promised,
    Site,
    is_done,
    next_look,
    points_of,
    reasons_for,
)
from visits.planning.weights import URGENT, WEIGHTS

DAY = date(2026, 3, 5)
NOW = datetime(2026, 3, 5, 9, tzinfo=CHINA)


def days(n):
    return DAY + timedelta(n)


def hours(n):
    return NOW + timedelta(hours=n)


def codes(**facts):
    return {one.code: one for one in reasons_for(Site(1, **facts), DAY, NOW)}


def worth(**facts):
    return points_of(reasons_for(Site(1, **facts), DAY, NOW))


def test_nothing_speaks_for_whoever_is_well():
    well = {"contact_on": days(4), "visit_on": days(20), "entered_on": days(-10)}
    assert codes(**well) == {}
    assert worth(**well) == 0


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"contact_on": days(-1)}, "contact_overdue"),
        ({"contact_on": days(0)}, "contact_today"),
        ({"contact_on": days(1)}, "contact_soon"),
        ({"contact_on": days(3)}, "contact_soon"),
        ({"visit_on": days(-30)}, "visit_overdue"),
        ({"visit_on": days(0)}, "visit_today"),
        ({"visit_on": days(3)}, "visit_soon"),
        ({"promises": [Promised("x", days(-1))]}, "promise_late"),
        ({"promises": [Promised("x", days(0))]}, "promise_today"),
        ({"promises": [Promised("x", days(2))]}, "promise_soon"),
        ({"lines": [Line("A-1", hours(-1))]}, "line_late"),
        ({"lines": [Line("A-1", hours(0))]}, "line_today"),
        ({"lines": [Line("A-1", hours(15))]}, "line_today"),  # the midnight that ends the day
        ({"lines": [Line("A-1", hours(16))]}, "line_soon"),
        ({"lines": [Line("A-1", hours(15 + 48))]}, "line_soon"),
        ({"grade": "red"}, "grade_red"),
        ({"grade": "yellow"}, "grade_yellow"),
        ({"lines": [Line("A-1", hours(900), hazard=True)]}, "hazard"),
        ({"entered_on": days(-6)}, "seen_lately"),
    ],
)
def test_each_fact_has_its_reason_and_no_other(facts, code):
    found = codes(**facts)
    assert set(found) == {code}
    assert found[code].points == WEIGHTS[code].points + (
        WEIGHTS[code].a_day
        * {"contact_overdue": 1, "visit_overdue": 30, "promise_late": 1}.get(code, 0)
    )


@pytest.mark.parametrize(
    "facts",
    [
        {"contact_on": days(4)},
        {"visit_on": days(4)},
        {"promises": [Promised("x", days(3))]},
        {"lines": [Line("A-1", hours(16 + 48))]},
        # A close-out that waits for its approver: going there moves nothing.
        {"lines": [Line("A-1", hours(-1), waits=True)]},
        {"entered_on": days(-7)},
    ],
)
def test_what_is_no_reason(facts):
    assert codes(**facts) == {}


def test_a_hazard_is_looked_at_whoever_has_to_approve():
    assert set(codes(lines=[Line("A-1", hours(-1), hazard=True, waits=True)])) == {"hazard"}


def test_more_of_the_same_adds_less_and_has_an_end():
    late = [Line(f"A-{n}", hours(-24 * n)) for n in range(1, 30)]
    by_number = [worth(lines=late[:n]) for n in range(1, 30)]
    assert by_number == sorted(by_number)
    assert by_number[0] == 51
    assert by_number[1] == 62
    assert by_number[-1] == WEIGHTS["line_late"].most
    assert codes(lines=late)["line_late"].facts["number"] == "A-29"
    assert codes(lines=late)["line_late"].facts["n"] == 29


def test_the_longer_overdue_the_more():
    assert worth(visit_on=days(-1)) < worth(visit_on=days(-10)) < worth(visit_on=days(-300))
    assert (
        worth(visit_on=days(-300)) == worth(visit_on=days(-3000)) == WEIGHTS["visit_overdue"].most
    )


def test_the_weightiest_reason_stands_first():
    found = reasons_for(
        Site(
            1,
            grade="red",
            contact_on=days(0),
            promises=[Promised("x", days(0))],
            lines=[Line("A-1", hours(-1))],
        ),
        DAY,
        NOW,
    )
    assert [one.code for one in found] == [
        "line_late",
        "promise_today",
        "grade_red",
        "contact_today",
    ]


def test_what_is_urgent_outweighs_every_clock_and_a_visit_of_yesterday():
    clocks = worth(contact_on=days(-3), visit_on=days(0))
    for code, facts in {
        "line_late": {"lines": [Line("A-1", hours(-1))]},
        "promise_late": {"promises": [Promised("x", days(-1))]},
    }.items():
        assert code in URGENT
        assert worth(**facts) > clocks
        assert worth(**facts, entered_on=days(-1)) > 0


def test_nobody_is_sent_again_within_a_week_for_what_can_wait():
    assert worth(grade="red", contact_on=days(0), entered_on=days(-2)) <= 0


def test_every_weight_is_used_and_capped():
    for code, weight in WEIGHTS.items():
        if weight.more or weight.a_day:
            assert weight.most > weight.points, code


def test_a_call_that_was_made_is_done():
    assert is_done(Site(1, entered_on=DAY), DAY, ["line_late"])
    assert not is_done(Site(1, entered_on=days(-1)), DAY, ["contact_today"])
    # By telephone only what a telephone settles.
    phoned = Site(1, contacted_on=DAY)
    assert is_done(phoned, DAY, ["contact_today"])
    assert not is_done(phoned, DAY, ["contact_today", "visit_today"])


def test_the_next_look_is_when_the_next_line_falls_late_today():
    def look(*lines):
        return next_look([Site(1), Site(2, lines=lines)], DAY, NOW)

    first, second = Line("A-1", hours(2)), Line("A-2", hours(5))
    assert look(second, first) == hours(2) + timedelta(seconds=1)
    assert look(Line("A-1", hours(-2)), second) == hours(5) + timedelta(seconds=1)
    assert look(Line("A-1", hours(15))) is None
    assert look(Line("A-1", hours(2), waits=True)) is None
    assert look() is None
