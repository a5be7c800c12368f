"""What the solver and the recount say, in words: each cause, and what is not known is not said."""

from datetime import date

import pytest

from patrols.roster_words import (
    conflict_words,
    needed_words,
    reason_words,
    relax_words,
    rows_of,
)
from patrols.rostering.problem import Cause, Impossible, Reason

NIGHT = date(2026, 3, 6)
NAMES = {("member", 1): "示例一厂", ("guard", 11): "示例保安甲"}
OF_GUARD = (Cause.REST, Cause.CERTIFICATE, Cause.AWAY)


def reason(cause):
    if cause == Cause.BLOCKED:
        return Reason(cause, NIGHT, member=1)
    return Reason(cause, NIGHT, guard=11 if cause in OF_GUARD else None)


def test_every_cause_has_words_of_its_own():
    said = [reason_words([reason(cause)], NAMES) for cause in Cause]
    assert all(len(one) == 1 for one in said)
    assert len({one[0] for one in said}) == len(Cause)
    for cause, [words] in zip(Cause, said, strict=True):
        assert ("示例保安甲" in words) == (cause in OF_GUARD)


def test_too_many_are_not_said_to_be_too_few():
    [few], [many] = (reason_words([Reason(one, NIGHT)], {}) for one in (Cause.FEWEST, Cause.MOST))
    assert few != many
    assert "3" in many, "the most that may go out"


def test_who_stands_on_the_roster_with_nobody_is_named():
    lonely = Reason(Cause.PEOPLE, NIGHT, member=1)
    short = Reason(Cause.PEOPLE, NIGHT)
    said = reason_words([lonely, short], NAMES)
    assert len(said) == 2
    assert "示例一厂" in said[0]


def test_the_same_is_said_once():
    assert len(reason_words([reason(Cause.REST)] * 3, NAMES)) == 1


@pytest.mark.parametrize("smallest", [True, False])
def test_a_conflict_says_whether_each_of_it_is_needed(smallest):
    reasons = (reason(Cause.FEWEST), reason(Cause.BLOCKED))
    rows = rows_of(Impossible(reasons, reasons[1], 0.1, smallest), NAMES)
    assert [conflict_words(row) for row in rows] == reason_words(reasons, NAMES)
    assert "示例一厂" in relax_words(rows)
    sure = needed_words(rows_of(Impossible(reasons, reasons[1], 0.1), NAMES))
    assert (needed_words(rows) == sure) == smallest


@pytest.mark.parametrize(
    "cause", [Cause.LOCKED, Cause.BLOCKED, Cause.AWAY, Cause.FEWEST, Cause.REST]
)
def test_each_rule_that_a_person_may_lift_says_how(cause):
    one = reason(cause)
    said = relax_words(rows_of(Impossible((one,), one, 0.1), NAMES))
    assert said != relax_words(rows_of(Impossible((one,), None, 0.1), NAMES))


@pytest.mark.parametrize("cause", [Cause.CERTIFICATE, Cause.PEOPLE])
def test_the_law_is_nobodys_to_lift(cause):
    rows = rows_of(Impossible((reason(cause),), None, 0.1), NAMES)
    assert relax_words(rows)
    assert conflict_words(rows[0]) not in relax_words(rows)
