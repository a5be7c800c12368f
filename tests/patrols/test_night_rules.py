"""The pure rules of a night: which evening, when rounds begin, what is odd, who is told when."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise, permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from liaison.core.coordinates import Point
from liaison.core.workdays import CHINA
from patrols.alerting import Round, Stop, alerts
from patrols.flags import Limits, Seen, believed, flags_of, is_skewed
from patrols.nights import at, evening_of, night_of
from patrols.routing.gaps import Cell, Window, cells, spans
from patrols.routing.ordering import length, ordered
from patrols.routing.times import bounds, starts

MOMENTS = st.integers(1_700_000_000, 1_900_000_000).map(lambda n: datetime.fromtimestamp(n, UTC))
EVENING = date(2026, 3, 6)
LIMITS = Limits(far=100, speed=40, skew=120, repeat=600)
START = datetime(2026, 3, 6, 22, 30, tzinfo=CHINA)
MINUTES = (10, 20, 40)


@given(MOMENTS)
def test_every_moment_belongs_to_exactly_one_night(moment):
    evening = evening_of(moment)
    begins, ends = night_of(evening)
    assert begins <= moment < ends
    assert ends == night_of(evening + timedelta(days=1))[0]


@pytest.mark.parametrize(
    ("said", "evening"),
    [
        ("2026-03-06T11:59:59", date(2026, 3, 5)),
        ("2026-03-06T12:00:00", EVENING),
        ("2026-03-07T00:00:00", EVENING),
        ("2026-03-07T11:59:59", EVENING),
    ],
)
def test_midnight_does_not_end_a_night(said, evening):
    assert evening_of(datetime.fromisoformat(said).replace(tzinfo=CHINA)) == evening


@given(st.dates(date(2026, 1, 1), date(2027, 1, 1)), st.integers(1, 6), st.integers(5, 300))
def test_rounds_begin_within_the_window_in_order_and_the_same_again(evening, rounds, minutes):
    drawn = {
        "first": time(22),
        "last": time(5),
        "lasts": timedelta(minutes=minutes),
        "secret": b"one secret",
    }
    found = starts(evening, 7, rounds, **drawn)
    assert found == starts(evening, 7, rounds, **drawn)
    assert len(found) == rounds
    assert at(evening, time(22)) <= found[0]
    assert found[-1] < at(evening, time(5))
    assert all(a < b for a, b in pairwise(found))


def test_starts_spread_and_another_secret_draws_others():
    def drawn(secret):
        lasts, evenings = timedelta(hours=1), [EVENING + timedelta(days=n) for n in range(200)]
        window = {"first": time(22), "last": time(5), "lasts": lasts, "secret": secret}
        return [starts(one, 7, 1, **window)[0] - at(one, time(22)) for one in evenings]

    mine, theirs = drawn(b"a"), drawn(b"b")
    # 360 minutes are free: of 200 draws about 150 differ, and two secrets agree by chance alone.
    assert len(set(mine)) > 100
    assert sum(a == b for a, b in zip(mine, theirs, strict=True)) < 10
    assert min(mine) < timedelta(minutes=30)
    assert max(mine) > timedelta(minutes=330)


@given(
    st.integers(1, 10**9),
    st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    st.binary(min_size=8, max_size=40),
    st.binary(min_size=8, max_size=40),
)
def test_what_is_known_of_rows_and_nights_gives_no_start_away(route, first, secret, another):
    """Under two secrets, for two routes in turn and from night to night the same numbers come as
    often as chance lets them: of 164 minutes sixty draws agree in some."""
    assume(secret != another)

    def drawn(key, of):
        window = {"first": time(22), "last": time(5), "lasts": timedelta(minutes=46), "secret": key}
        nights = [first + timedelta(days=n) for n in range(30)]
        return [
            (start - at(night, time(22))) % timedelta(hours=3, minutes=30)
            for night in nights
            for start in starts(night, of, 2, **window)
        ]

    own = drawn(secret, route)
    for others in (drawn(another, route), drawn(secret, route + 1), own[2:], own[1:]):
        assert sum(a == b for a, b in zip(own, others, strict=False)) < 12


@given(st.dates(date(2026, 1, 1), date(2027, 1, 1)), st.integers(1, 6), st.integers(5, 300))
def test_the_bounds_that_are_shown_are_kept(evening, rounds, minutes):
    window = {"first": time(22), "last": time(5), "lasts": timedelta(minutes=minutes)}
    told = bounds(evening, rounds, **window)
    for secret in (b"a", b"b", b"c"):
        found = starts(evening, 3, rounds, secret=secret, **window)
        for (earliest, latest), start in zip(told, found, strict=True):
            assert earliest <= start <= latest
    assert all(latest < following for (_e, latest), (following, _l) in pairwise(told))


@given(st.lists(st.booleans(), max_size=14))
def test_gaps_that_follow_each_other_are_told_as_one(covered):
    half = timedelta(minutes=30)
    of = [Cell(START + n * half, team, station=False) for n, team in enumerate(covered)]
    told = spans(of)
    within = [any(begins <= one.begins < ends for begins, ends in told) for one in of]
    assert within == [not team for team in covered]
    assert all(ends < following for (_b, ends), (following, _e) in pairwise(told))


@given(st.lists(st.tuples(st.floats(120.4, 120.6), st.floats(36.8, 36.9)), min_size=3, max_size=6))
def test_no_order_of_a_small_route_is_shorter(places):
    points = [Point(*one) for one in places]
    walked = [points[k] for k in ordered(points)]
    assert walked[0] == points[0]
    assert sorted(map(repr, walked)) == sorted(map(repr, points))
    assert length(walked) == min(length([points[0], *rest]) for rest in permutations(points[1:]))


def seen(minutes, *, place=1, order=0, east=0.0, off=None, accuracy=0.0):
    """``east``: the checkpoint's metres from a corner; ``off``: the phone's from the checkpoint."""
    degree = 89_000
    point = Point(120.5 + east / degree, 36.85)
    where = None if off is None else Point(point.lon + off / degree, point.lat)
    return Seen(place, order, point, START + timedelta(minutes=minutes), where, accuracy)


@pytest.mark.parametrize(
    ("off", "accuracy", "flagged"),
    [(90, 0, False), (110, 0, True), (190, 100, False), (210, 100, True), (None, 0, False)],
)
def test_far_is_more_than_the_limit_and_the_phones_own_error(off, accuracy, flagged):
    assert ("far" in flags_of(seen(0, off=off, accuracy=accuracy), LIMITS)) == flagged


def test_too_fast_is_seen_in_both_directions_of_time():
    here, there = seen(0, off=0), seen(2, place=2, order=1, east=3000, off=0)
    assert "impossible_speed" in flags_of(there, LIMITS, own=[here])
    # What waited for a network comes after what was done later.
    assert "impossible_speed" in flags_of(here, LIMITS, own=[there])
    assert flags_of(seen(40, place=2, order=1, east=3000, off=0), LIMITS, own=[here]) == []


def test_repeated_and_out_of_order_go_by_when_it_was():
    assert "repeated_token" in flags_of(seen(3), LIMITS, own=[seen(0)])
    assert "repeated_token" not in flags_of(seen(30), LIMITS, own=[seen(0)])
    # Of two who walk together each may scan.
    assert "repeated_token" not in flags_of(seen(3), LIMITS, of_round=[seen(0)])
    first, second = seen(0), seen(10, place=2, order=1)
    assert "out_of_order" not in flags_of(second, LIMITS, of_round=[first])
    assert "out_of_order" not in flags_of(first, LIMITS, of_round=[second])
    assert "out_of_order" in flags_of(seen(20), LIMITS, of_round=[second])


@given(
    MOMENTS,
    st.timedeltas(timedelta(0), timedelta(hours=20)),
    st.timedeltas(timedelta(days=-3650), timedelta(days=3650)),
)
def test_a_wrong_clock_is_put_right(now, before, wrong):
    """Whatever the phone's clock says, what it did an hour ago was an hour ago."""
    sent = now + wrong
    assert believed(sent - before, sent, now) == now - before
    assert is_skewed(sent - before, sent, now, LIMITS) == (abs(wrong) > timedelta(seconds=120))


@given(MOMENTS, MOMENTS, MOMENTS)
def test_nothing_is_believed_of_the_future_or_of_another_night(made, sent, now):
    assert now - timedelta(hours=24) <= believed(made, sent, now) <= now


def test_a_round_that_never_starts_climbs_three_steps_and_is_one_alert():
    of = Round(START, False, [Stop(1, START, False)])
    told, found = set(), []
    for minute in range(90):
        due, following = alerts(of, told, START + timedelta(minutes=minute), MINUTES)
        found += [(minute, one) for one in due]
        told |= set(due)
    assert found == [
        (10, ("late_start", None, 0)),
        (20, ("late_start", None, 1)),
        (40, ("missed_start", None, 2)),
    ]
    assert following is None


@given(
    st.lists(st.tuples(st.integers(0, 300), st.booleans()), max_size=8),
    st.lists(st.integers(0, 500), min_size=1, max_size=30),
)
def test_whenever_a_sweep_comes_each_step_is_told_once(stops, sweeps):
    of = Round(
        START,
        True,
        [Stop(n, START + timedelta(minutes=after), was) for n, (after, was) in enumerate(stops)],
    )
    told = []
    for minute in [*sorted(sweeps), 1000]:
        told += alerts(of, told, START + timedelta(minutes=minute), MINUTES)[0]
    assert len(told) == len(set(told)) == 3 * sum(not was for _after, was in stops)


def test_a_window_across_midnight_covers_its_evening_only_and_only_near():
    near, far = Point(120.5, 36.85), Point(120.6, 36.85)
    friday = Window(frozenset({4}), time(23, 30), time(1), near, 500)

    def covered(point, evening):
        span = (at(evening, time(22)), at(evening, time(5)))
        found = cells(point, evening, span, [], [friday])
        assert len(found) == 14
        return [f"{one.begins:%H:%M}" for one in found if not one.is_gap]

    assert covered(near, EVENING) == ["23:30", "00:00", "00:30"]
    assert covered(far, EVENING) == []
    assert covered(near, EVENING + timedelta(days=1)) == []
