"""Enterprises over the API, and who answers for them."""

import pytest

from tests import factories as make
from tests.api.people import assert_problem, client_of


@pytest.fixture
def free(world):
    return make.EnterpriseFactory(unit=world.unit)


def assign(client, enterprise, **body):
    return client.post(f"/api/v1/enterprises/{enterprise.pk}/assign/", body, format="json")


def test_one_answers_and_is_not_replaced_unseen(world, free):
    first, second = (world.people[who] for who in ("officer", "auxiliary"))
    done = assign(world.desk, free, officer=first.pk, reason="新签约")
    assert done.json()["responsible_officer"]["id"] == first.pk
    late = assert_problem(assign(world.chief, free, officer=second.pk), 409)
    assert (late["code"], late["officer"]) == ("already_assigned", first.pk)
    assert str(first) in late["message"]
    wrong = assign(world.chief, free, officer=second.pk, replaces=world.people["handler"].pk)
    assert assert_problem(wrong, 409)["officer"] == first.pk
    done = assign(world.chief, free, officer=second.pk, replaces=first.pk)
    assert done.json()["responsible_officer"]["id"] == second.pk


def test_who_cannot_answer_is_named(world, free):
    for officer in (make.OfficerFactory().pk, world.people["contact"].pk, 10**17, "x", None):
        refused = assert_problem(assign(world.desk, free, officer=officer), 400)
        assert list(refused["errors"]) == ["officer"]
    refused = assert_problem(assign(world.desk, free, officer=world.people["desk"].pk), 422)
    assert refused["field"] == "officer"
    assert list(assert_problem(assign(world.desk, free), 400)["errors"]) == ["officer"]


def test_a_detail_says_more_than_the_list(world):
    detail = world.officer.get(f"/api/v1/enterprises/{world.enterprise.pk}/").json()
    (listed,) = world.officer.get("/api/v1/enterprises/").json()["results"]
    assert listed == {key: detail[key] for key in listed}
    assert detail["why_contact_due"]
    assert [one["name"] for one in detail["contacts"]] == [str(world.people["contact"])]


def test_filters_find_what_they_say(world, free):
    mine = world.enterprise

    def found(query, who="chief"):
        rows = client_of(world.people[who]).get(f"/api/v1/enterprises/?{query}").json()["results"]
        return {row["id"] for row in rows}

    assert found("") == {mine.pk, free.pk}
    assert found("unassigned=true") == found("mine=false", "handler") == {free.pk}
    assert found("unassigned=false") == found("mine=true", "handler") == {mine.pk}
    assert found(f"officer={world.people['handler'].pk}") == {mine.pk}
    assert found(f"q={free.name}") == {free.pk}
    assert found("overdue=true") == set()
    assert found("tier=key") == set()
    assert found("tier=key&tier=general") == {mine.pk, free.pk}
    assert found("", "contact") == {mine.pk}
    assert found(f"unit={world.unit.code}", "bureau") == {mine.pk, free.pk}
    assert found("", "stranger") == found("", "squad") == set()
