"""How a round stands; in step with what is told of it (``patrols.alerting``)."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from patrols.alerting import Round, Stop, alerts
from patrols.progress import Standing, progress

T = datetime(2026, 3, 5, 14, tzinfo=UTC)
MINUTES = (10, 20, 40)


def after(minutes):
    return T + timedelta(minutes=minutes)


def stops(*seen):
    return [Stop(n, after(10 * n), one) for n, one in enumerate(seen, 1)]


def stands(round_, now, ended=False):
    return progress(round_, ended=ended, now=now, minutes=MINUTES)


def test_one_that_has_not_started_is_to_come_then_late_then_missed():
    ahead = Round(T, started=False, stops=stops(False, False))
    said = [stands(ahead, after(m)).standing for m in (-60, 9, 10, 39, 40, 500)]
    assert said == ["ahead", "ahead", "late", "late", "missed", "missed"]


def test_one_that_is_out_is_silent_once_a_checkpoint_is_overdue():
    out = Round(T, started=True, stops=stops(True, False, False))
    now = stands(out, after(29))
    assert (now.standing, now.passed, now.of, now.next.checkpoint) == ("out", 1, 3, 2)
    now = stands(out, after(30))
    assert (now.standing, [one.checkpoint for one in now.overdue]) == ("silent", [2])


def test_one_that_ended_is_done_or_short():
    assert stands(Round(T, True, stops(True, True)), after(60), ended=True).standing == "done"
    short = stands(Round(T, True, stops(True, False)), after(11), ended=True)
    assert (short.standing, [one.checkpoint for one in short.overdue]) == ("short", [2])
    assert short.next is None


@given(
    started=st.booleans(),
    seen=st.lists(st.booleans(), min_size=1, max_size=6),
    minute=st.integers(-30, 200),
)
def test_the_board_says_trouble_exactly_when_somebody_was_told(started, seen, minute):
    of = Round(T, started, stops(*(one and started for one in seen)))
    told, _following = alerts(of, (), after(minute), MINUTES)
    troubled = stands(of, after(minute)).standing in (
        Standing.LATE,
        Standing.MISSED,
        Standing.SILENT,
    )
    assert troubled == bool(told)
