"""What the bench says is too much."""

import pytest

from bench.catalogue import Page, Sort
from bench.measuring import Times, as_json
from bench.report import JUDGED_FROM, Cost, Measured
from bench.visiting import Prepared, Round


def cost(stations, *, rounds=JUDGED_FROM, queries=5, total=10.0, database=1.0, ledger=10.0):
    made = Cost(stations, Prepared(queries, 1000))
    for _ in range(rounds):
        made.take(Round(total, database, raw=1.0, bare=5.0, ledger=ledger))
    return made


def measured(one, many, sort=None):
    return Measured("chief", Page("ledger", "/", most=12, sort=sort), one, many)


def test_nothing_is_too_much():
    assert measured(cost(1), cost(100), Sort.LEDGER).faults() == []


def test_too_many_queries_however_few_the_rounds():
    [fault] = measured(cost(1, rounds=2), cost(100, rounds=2, queries=13)).faults()
    assert fault == "ledger for chief, 100 stations: 13 queries, allowed are 12"


@pytest.mark.parametrize(("what", "many"), [("database", 1.21), ("total", 12.1)])
def test_more_with_many_stations(what, many):
    [fault] = measured(cost(1), cost(100, **{what: many})).faults()
    assert f"{what} 1.21 times as much with 100 stations" in fault


@pytest.mark.parametrize(
    ("sort", "allowed"), [(Sort.LEDGER, 2), (Sort.API_LIST, 2), (Sort.ISSUE_PAGE, 3)]
)
def test_more_than_the_bare_ledger_allows(sort, allowed):
    most, more = 10.0 * allowed, 10.0 * allowed + 0.1
    assert measured(cost(1, total=most), cost(100, total=most), sort).faults() == []
    [fault] = measured(cost(1, total=more), cost(100, total=most), sort).faults()
    assert f"1 stations: {allowed}.01 times the bare ledger" in fault
    assert f"{sort} may cost {allowed}" in fault


def test_a_page_of_no_sort_is_not_measured_by_what_is_bare():
    assert measured(cost(1, total=90), cost(100, total=90)).faults() == []


def test_few_rounds_say_too_little():
    one, many = (cost(n, rounds=JUDGED_FROM - 1, total=n * 50.0) for n in (1, 100))
    assert measured(one, many, Sort.LEDGER).faults() == []


def test_what_is_kept_has_the_ratios_and_no_single_rounds():
    kept = as_json(measured(cost(1), cost(100, total=15.0), Sort.LEDGER))
    assert kept["page"]["sort"] == "a ledger"
    assert kept["total_times"] == 1.5
    assert kept["many"]["to_bare"] == 3.0
    assert kept["many"]["total"] == {"median": 15.0, "quarters": [15.0, 15.0]}
    assert kept["many"]["to_ledger"] == 1.5
    assert as_json([Times([1.0, 1.0])]) == [{"median": 1.0, "quarters": [1.0, 1.0]}]
