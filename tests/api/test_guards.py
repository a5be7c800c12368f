"""Guards over the API: by the same verbs as on the pages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from patrols.actions.duty_guards import put_all_on_duty
from patrols.models import Guard
from tests.api.people import assert_problem
from tests.factories.patrols import ExpiredGuardFactory, GuardFactory, duty_of

GUARDS = "/api/v1/guards/"


@pytest.fixture
def facts(world):
    return {
        "enterprise": world.enterprise.pk,
        "name": "示例甲",
        "employer": "guard_company",
        "company": "示例保安",
        "certificate": "示证1",
        "certificate_until": (timezone.localdate() + timedelta(days=200)).isoformat(),
    }


@pytest.mark.parametrize("who", ["officer", "contact"])
def test_add_change_leave(world, facts, who):
    client = getattr(world, who)
    answer = client.post(GUARDS, facts, format="json")
    assert answer.status_code == 201
    made = answer.json()
    assert (made["certificate_state"], made["version"]) == ("valid", 1)
    here = f"{GUARDS}{made['id']}/"
    assert client.get(here).json() == made

    changed = client.post(f"{here}edit/", {"version": 1, "phone": "13800000009"}, format="json")
    assert changed.json()["phone"] == "13800000009"
    stale = client.post(f"{here}edit/", {"version": 1, "name": "示例乙"}, format="json")
    assert assert_problem(stale, 409)["version"] == 2
    left = client.post(
        f"{here}leave/", {"version": 2, "left_on": timezone.localdate().isoformat()}, format="json"
    )
    assert left.json()["left_on"] == timezone.localdate().isoformat()


def test_what_the_rules_refuse(world, facts):
    for change, field in (({"company": ""}, "company"), ({"phone": "12"}, "phone")):
        answer = world.officer.post(GUARDS, {**facts, **change}, format="json")
        assert assert_problem(answer, 422)["field"] == field
    assert_problem(world.officer.post(GUARDS, {**facts, "outside": "admitted"}, format="json"), 400)
    bureau = world.bureau.post(GUARDS, facts, format="json")
    assert_problem(bureau, 422)
    others = GuardFactory().enterprise
    answer = world.contact.post(GUARDS, {**facts, "enterprise": others.pk}, format="json")
    assert assert_problem(answer, 400)["field"] == "enterprise"


def test_a_change_that_costs_nights_is_agreed_to_first(world):
    guard = GuardFactory(enterprise=world.enterprise)
    night = timezone.localdate() + timedelta(days=3)
    put_all_on_duty([(duty_of(world.enterprise, night), [guard])])
    here, change = f"{GUARDS}{guard.pk}/edit/", {"version": 1, "certificate": ""}

    answer = world.officer.post(here, change, format="json")
    assert assert_problem(answer, 422)["nights"] == [night.isoformat()]
    agreed = world.officer.post(here, {**change, "off_duty": True}, format="json")
    assert agreed.json()["certificate_state"] == "none"
    assert not guard.duties.exists()


def test_filters(world):
    expired = ExpiredGuardFactory(enterprise=world.enterprise)
    gone = GuardFactory(enterprise=world.enterprise, left_on=timezone.localdate())

    def found(query):
        answer = world.officer.get(f"{GUARDS}?{query}")
        assert answer.status_code == 200, answer.content
        return {one["id"] for one in answer.json()["results"]}

    assert found("") == set(Guard.objects.filter(unit=world.unit).values_list("pk", flat=True))
    assert found("certificate=expired") == {expired.pk}
    assert found("left=true") == {gone.pk}
    assert found("warned=true") == {world.guard.pk}
    assert found("employer=self_recruited&left=false") == {world.guard.pk}
    assert found(f"q={expired.certificate}") == {expired.pk}
    assert found(f"enterprise={world.enterprise.pk}&certificate=none") == set()
