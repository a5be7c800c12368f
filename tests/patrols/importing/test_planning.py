"""What rows would do to the guards that are known."""

import pytest

from patrols.importing.planning import KnownEnterprise, KnownGuard, Planner
from patrols.importing.rows import CleanRow

PLACES = [
    KnownEnterprise(1, "示例食品有限公司", "91110000600037341L"),
    KnownEnterprise(2, "示例家居有限公司", ""),
    KnownEnterprise(3, "示例双名有限公司", ""),
    KnownEnterprise(4, "示例双名有限公司", "91350100M000100Y43"),
]
FACTS = {
    "name": "示例甲", "phone": "13800000001", "employer": "guard_company", "company": "示例保安",
    "certificate": "示1", "certificate_until": "2027-03-05", "joined_on": "2020-01-01",
}  # fmt: skip


def known(pk=7, enterprise=1, **facts):
    return KnownGuard(pk, enterprise, {**FACTS, **facts}, version=3)


def row(number=2, place="示例食品有限公司", code="", **facts):
    given = {name: text for name, text in {**FACTS, **facts}.items() if text}
    return CleanRow(number, place, code, given)


def plan(*rows, guards=()):
    return Planner(PLACES, list(guards)).plan(rows)


def why(planned):
    return [one["field"] for one in planned.messages if one["refuses"]]


def test_a_new_guard_and_the_same_list_again():
    (new,) = plan(row())
    assert (new.outcome, new.enterprise, new.facts) == ("created", 1, FACTS)
    (again,) = plan(row(), guards=[known()])
    assert (again.outcome, again.guard, again.version, again.changes) == ("unchanged", 7, 3, {})


def test_a_certificate_number_names_the_guard_whatever_the_name():
    (one,) = plan(row(name="示例乙"), guards=[known(), known(8, certificate="示2", name="示例乙")])
    assert (one.outcome, one.guard) == ("updated", 7)
    assert one.changes == {"name": ["示例甲", "示例乙"]}


def test_without_a_certificate_the_name_at_the_enterprise_does():
    (one,) = plan(row(certificate="", certificate_until="", phone=""), guards=[known()])
    assert (one.outcome, one.guard) == ("unchanged", 7)
    (filled,) = plan(row(), guards=[known(certificate="", certificate_until="")])
    assert filled.changes == {
        "certificate": ["", "示1"],
        "certificate_until": ["", "2027-03-05"],
    }


def test_two_of_a_name_are_told_apart_or_refused():
    other = {"phone": "13800000002", "certificate": "示2"}
    (new,) = plan(row(**other), guards=[known()])
    assert new.outcome == "created"
    both = [known(), known(8, **other)]
    (unclear,) = plan(row(certificate="", certificate_until="", phone=""), guards=both)
    assert why(unclear) == ["name"]


def test_a_certificate_that_somebody_of_another_enterprise_has():
    (one,) = plan(row(place="示例家居有限公司"), guards=[known()])
    assert why(one) == ["certificate"]


@pytest.mark.parametrize("place", ["示例无名有限公司", "示例双名有限公司"])
def test_an_enterprise_that_is_not_one(place):
    (one,) = plan(row(place=place))
    assert why(one) == ["enterprise"]


def test_a_credit_code_tells_two_enterprises_apart():
    (one,) = plan(row(place="示例双名有限公司", code="91350100M000100Y43"))
    assert (one.outcome, one.enterprise) == ("created", 4)


def test_the_same_guard_twice_in_a_file():
    same, twice = plan(row(2), row(3))
    assert (same.outcome, twice.outcome) == ("created", "unchanged")
    first, otherwise = plan(row(2), row(3, phone="13800000009"))
    assert first.outcome == "created"
    assert why(otherwise) == ["name"]


@pytest.mark.parametrize(
    ("facts", "about"),
    [
        ({"employer": ""}, "employer"),
        ({"company": ""}, "company"),
        ({"certificate_until": ""}, "certificate_until"),
        ({"certificate": ""}, "certificate"),
    ],
)
def test_what_could_not_be_kept(facts, about):
    (one,) = plan(row(**facts))
    assert (one.outcome, why(one)) == ("refused", [about])
