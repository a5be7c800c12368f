"""The rule itself, and the same as a condition of the database."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from patrols.certificates import (
    Bar,
    Standing,
    State,
    bar,
    certificate_state,
    ends_soon,
    first_telling,
    invalid_among,
    is_valid,
    standing,
)
from patrols.models import Guard
from tests.factories.patrols import GuardFactory, SelfRecruitedGuardFactory

EVENING = date(2026, 3, 5)


@dataclass
class One:
    employer: str = "guard_company"
    certificate: str = "示证1"
    certificate_until: date | None = EVENING + timedelta(days=365)
    joined_on: date = date(2020, 1, 1)
    left_on: date | None = None
    outside: str = ""


def days(n):
    return EVENING + timedelta(days=n)


@pytest.mark.parametrize(
    ("guard", "why"),
    [
        (One(), None),
        (One(certificate_until=days(1)), None),
        (One(certificate_until=days(0)), Bar.CERTIFICATE_ENDS),
        (One(certificate_until=days(-1)), Bar.CERTIFICATE_ENDS),
        (One(certificate=""), Bar.NO_CERTIFICATE),
        (One(certificate_until=None), Bar.NO_CERTIFICATE),
        (One(joined_on=days(0)), None),
        (One(joined_on=days(1)), Bar.NOT_YET),
        (One(left_on=days(1)), None),
        (One(left_on=days(0)), Bar.LEFT),
        (One(employer="self_recruited", outside="inside"), Bar.INSIDE),
        (One(employer="self_recruited", outside="not"), Bar.INSIDE),
        (One(employer="self_recruited", outside="admitted"), None),
        (One(employer="self_recruited"), None),
    ],
)
def test_what_keeps_a_guard_from_a_night(guard, why):
    assert bar(guard, EVENING) == why
    assert is_valid(guard, EVENING) == (why is None)
    assert invalid_among([guard], EVENING) == ([guard] if why else [])


@pytest.mark.parametrize(
    ("guard", "answer", "stands"),
    [
        (One(), None, Standing.MAY),
        (One(employer="self_recruited"), None, Standing.WARNED),
        (One(employer="self_recruited"), "admitted", Standing.MAY),
        (One(employer="self_recruited"), "inside", Standing.NOT),
        (One(employer="self_recruited", outside="inside"), None, Standing.NOT),
        (One(employer="self_recruited", outside="inside"), "admitted", Standing.MAY),
        (One(employer="self_recruited", outside="admitted"), "", Standing.WARNED),
        (One(employer="self_recruited", certificate=""), "admitted", Standing.NOT),
    ],
)
def test_how_a_guard_stands(guard, answer, stands):
    assert standing(guard, EVENING, answer) == stands


@pytest.mark.parametrize(
    ("until", "state"),
    [(None, "none"), (0, "expired"), (1, "ending"), (30, "ending"), (31, "valid")],
)
def test_how_a_certificate_stands(until, state):
    guard = One(certificate_until=None if until is None else days(until))
    assert certificate_state(guard, EVENING) == State(state)
    assert ends_soon(guard, EVENING) == (state == "ending")


def test_when_it_is_first_told_of():
    assert first_telling("示证1", days(100), EVENING) == days(70)
    assert first_telling("示证1", days(30), EVENING) == EVENING
    assert first_telling("示证1", days(-5), EVENING) == EVENING
    assert first_telling("", days(100), EVENING) is None
    assert first_telling("示证1", None, EVENING) is None


@pytest.mark.django_db
def test_the_database_asks_the_same():
    shapes = [
        {
            "certificate_until": days(until),
            "joined_on": days(joined),
            "left_on": left and days(left),
        }
        for until in (-1, 0, 1, 30, 31)
        for joined in (-1, 0, 1)
        for left in (None, -1, 1, 40)
    ]
    for shape in shapes:
        GuardFactory(**shape)
    GuardFactory(certificate="", certificate_until=None)
    for outside in ("", "admitted", "inside", "not"):
        SelfRecruitedGuardFactory(outside=outside, certificate_until=days(90))
    everybody = list(Guard.objects.all())

    def keys(guards):
        return {one.pk for one in guards}

    valid = keys(Guard.objects.valid_on(EVENING))
    assert valid == keys(one for one in everybody if is_valid(one, EVENING))
    assert 0 < len(valid) < len(everybody)
    soon = keys(Guard.objects.ending_soon(EVENING))
    assert soon == keys(one for one in everybody if ends_soon(one, EVENING))
    for state in State:
        found = keys(Guard.objects.in_state([state], EVENING))
        assert found == keys(one for one in everybody if certificate_state(one, EVENING) == state)
        assert found
