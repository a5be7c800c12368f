"""Problems, made by hand and by hypothesis."""

from datetime import date, timedelta

from hypothesis import strategies as st

from patrols.rostering.problem import Member, Person, Problem, Rules, Wished

FIRST = date(2026, 3, 2)
ALWAYS = (date(2020, 1, 1), date(2030, 1, 1))


def nights(count, first=FIRST):
    return tuple(first + timedelta(days=day) for day in range(count))


def members(*forces):
    """Enterprises with so many guards each; 3rd guard of the 2nd is number 203."""
    return tuple(
        Member(key, tuple(Person(100 * key + n + 1, *ALWAYS) for n in range(force)))
        for key, force in enumerate(forces, 1)
    )


def month(*forces, count=30, **more):
    found = nights(count)
    special = frozenset(night for night in found if night.weekday() >= 5)
    return Problem(found, members(*forces), special=special, **more)


@st.composite
def problems(draw, most_members=5, most_nights=10):
    """Any month of a small team: few guards, some without a certificate for a time, blocked
    nights, absences, the last night of the month before. Many of them cannot be solved."""
    found = nights(draw(st.integers(1, most_nights)))
    days = st.integers(-3, len(found) + 3).map(lambda day: FIRST + timedelta(days=day))
    made, key = [], 0
    for number in range(1, draw(st.integers(2, most_members)) + 1):
        guards = []
        for _one in range(draw(st.integers(0, 3))):
            key += 1
            valid = draw(st.booleans())
            until = ALWAYS[1] if valid else draw(days)
            guards.append(Person(key, ALWAYS[0], until))
        made.append(Member(number, tuple(guards), draw(st.integers(0, 4))))
    places = st.tuples(st.sampled_from([one.key for one in made]), st.sampled_from(found))
    people = [guard.key for one in made for guard in one.guards] or [0]
    fewest = draw(st.integers(1, 2))
    return Problem(
        found,
        tuple(made),
        rules=Rules(fewest, fewest + draw(st.integers(0, 1)), 2, draw(st.integers(0, 2))),
        special=frozenset(night for night in found if night.weekday() >= 5),
        wishes=draw(st.dictionaries(places, st.sampled_from(list(Wished)), max_size=6)),
        away=draw(
            st.frozensets(st.tuples(st.sampled_from(people), st.sampled_from(found)), max_size=4)
        ),
        seed=draw(st.integers(0, 99)),
    )
