import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import CharField, F, Q, Value
from django.db.models.functions import NullIf
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaison.core.paging import BadCursor, paginate

pytestmark = pytest.mark.django_db
User = get_user_model()
START = datetime(2026, 3, 5, tzinfo=UTC)
ORDERS = [
    ("last_login", "id"),
    ("-last_login", "-id"),
    ("-last_login", "id"),
    ("email", "-last_login", "id"),
    ("-email", "last_login"),
    ("-date_joined", "pk"),
    ("id",),
    (),
]


def user(number, name, login):
    return User(
        username=f"user{number}",
        email=name,
        last_login=None if login is None else START + timedelta(hours=login),
        date_joined=START,
    )


def expected(users, order):
    """The order told by Python: sort by the last column first, rows without a value last."""
    rows = sorted(users, key=lambda u: u.pk, reverse=bool(order) and order[-1].startswith("-"))
    for name in reversed(order):
        path, falling = name.lstrip("-"), name.startswith("-")
        empty = [row for row in rows if getattr(row, path) is None]
        full = [row for row in rows if getattr(row, path) is not None]
        rows = sorted(full, key=lambda row: getattr(row, path), reverse=falling) + empty
    return [row.pk for row in rows]


def walk(queryset, order, size):
    """All pages forwards, then back from the last; the two must be the same pages."""
    pages = [paginate(queryset, order, size=size)]
    while pages[-1].next_cursor:
        pages.append(paginate(queryset, order, after=pages[-1].next_cursor, size=size))
    page = pages[-1]
    for earlier in reversed(pages[:-1]):
        page = paginate(queryset, order, before=page.previous_cursor, size=size)
        assert page.items == earlier.items
        assert page.next_cursor == earlier.next_cursor
    assert page.previous_cursor is None
    return [row.pk for page in pages for row in page.items]


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.none() | st.integers(0, 3)), max_size=15),
    st.sampled_from(ORDERS),
    st.integers(1, 6),
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_pages_are_the_list_cut_up(people, order, size):
    User.objects.all().delete()
    User.objects.bulk_create(user(n, *person) for n, person in enumerate(people))
    everyone = list(User.objects.all())
    assert walk(User.objects.all(), order, size) == expected(everyone, order)


def test_annotations_may_be_null():
    User.objects.bulk_create(user(n, name, None) for n, name in enumerate("abca"))
    queryset = User.objects.annotate(shown=NullIf(F("email"), Value("a"), output_field=CharField()))
    ids = list(User.objects.order_by("id").values_list("id", flat=True))
    assert walk(queryset, ("-shown", "id"), 1) == [ids[2], ids[1], ids[0], ids[3]]


def test_one_query_of_one_row_more(django_assert_num_queries):
    User.objects.bulk_create(user(n, "a", n) for n in range(5))
    with django_assert_num_queries(1) as captured:
        page = paginate(User.objects.all(), ("last_login", "id"), size=3)
    assert len(page.items) == 3
    statement = captured.captured_queries[0]["sql"].upper()
    assert "LIMIT 4" in statement
    assert "OFFSET" not in statement
    assert "COUNT(" not in statement
    with django_assert_num_queries(1):
        paginate(User.objects.all(), ("last_login", "id"), after=page.next_cursor, size=3)


def test_a_row_that_comes_in_front_moves_nothing():
    User.objects.bulk_create(user(n, "b", None) for n in range(4))
    first = paginate(User.objects.all(), ("email", "id"), size=2)
    rest = [
        row.pk
        for row in paginate(
            User.objects.all(), ("email", "id"), after=first.next_cursor, size=2
        ).items
    ]
    user(9, "a", None).save()
    User.objects.filter(pk=first.items[-1].pk).delete()
    again = paginate(User.objects.all(), ("email", "id"), after=first.next_cursor, size=2)
    assert [row.pk for row in again.items] == rest


def test_everything_past_the_cursor_is_gone():
    User.objects.bulk_create(user(n, "b", None) for n in range(3))
    first = paginate(User.objects.all(), ("id",), size=2)
    User.objects.all().delete()
    page = paginate(User.objects.all(), ("id",), after=first.next_cursor, size=2)
    assert (page.items, page.next_cursor, page.previous_cursor) == ([], None, None)


def forged(*content):
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


ORDER = ("-email", "last_login", "id")
SIGNATURE = "-email,last_login,id"


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "%%%",
        "游标",
        "e30",
        "[" * 3000,
        forged(),
        forged(SIGNATURE),
        forged("id", 3),
        forged("email,last_login,id", "a", None, 1),
        forged(SIGNATURE, None, None, 1),
        forged(SIGNATURE, "a", None, None),
        forged(SIGNATURE, "a", "2026-03-05", 1),
        forged(SIGNATURE, "a", "2026-03-05T10:00:00", 1),
        forged(SIGNATURE, "a", "soon", 1),
        forged(SIGNATURE, "a", 5, 1),
        forged(SIGNATURE, "a", None, "one"),
        forged(SIGNATURE, "a", None, [1]),
        forged(SIGNATURE, "a", None, {"a": 1}),
        forged(SIGNATURE, "a", None, 2**64),
        forged(SIGNATURE, "a", None, float("nan")),
        forged(SIGNATURE, "a\0", None, 1),
        forged(SIGNATURE, "\ud800", None, 1),
    ],
)
@pytest.mark.parametrize("side", ["after", "before"])
def test_a_broken_cursor_is_refused(cursor, side):
    with pytest.raises(BadCursor):
        paginate(User.objects.all(), ORDER, **{side: cursor})


@given(st.text(max_size=60))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_as_cursor(text):
    if text:
        with pytest.raises(BadCursor):
            paginate(User.objects.all(), ORDER, after=text)


def test_a_well_formed_cursor_is_taken():
    assert paginate(User.objects.all(), ORDER, after=forged(SIGNATURE, "a", None, 1)).items == []


def test_both_directions_at_once_and_empty_pages_are_refused():
    cursor = forged(SIGNATURE, "a", None, 1)
    with pytest.raises(BadCursor):
        paginate(User.objects.all(), ORDER, after=cursor, before=cursor)
    with pytest.raises(ValueError):
        paginate(User.objects.all(), ORDER, size=0)


@pytest.mark.parametrize("order", [("last_login", "id"), ("-last_login", "-id")])
@pytest.mark.parametrize("size", [1, 2, 4])
def test_a_value_that_was_asked_for_is_never_missing(order, size):
    """Then the place in the list is found by the index, and no word is said of rows without one."""
    User.objects.bulk_create(
        user(n, "a", login) for n, login in enumerate([3, None, 1, 1, None, 0, 2])
    )
    known = User.objects.filter(last_login__isnull=False)
    assert walk(known, order, size) == expected(list(known), order)
    page = paginate(known, order, size=size)
    with CaptureQueriesContext(connection) as asked:
        paginate(known, order, after=page.next_cursor, size=size)
    (sql,) = (query["sql"] for query in asked)
    assert "NULLS" not in sql
    assert ("<=" if order[0].startswith("-") else ">=") in sql


@pytest.mark.parametrize(
    "rows",
    [
        lambda: User.objects.filter(Q(last_login__isnull=False) | Q(email="a")),
        lambda: User.objects.exclude(last_login__isnull=False),
        lambda: User.objects.filter(date_joined__isnull=False),
    ],
)
def test_otherwise_rows_without_a_value_come_last(rows):
    User.objects.bulk_create(user(n, "a", login) for n, login in enumerate([3, None, 1]))
    assert walk(rows(), ("last_login", "id"), 1) == expected(list(rows()), ("last_login", "id"))
