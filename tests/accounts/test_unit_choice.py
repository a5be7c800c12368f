"""Choosing a unit: from a list of a few, by typing where there are many."""

import pytest
from django.test import Client
from django.urls import reverse

from liaison.accounts import unit_choice
from liaison.accounts.models import User
from liaison.accounts.unit_choice import called
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return make.BureauUserFactory(admin_duty=User.AdminDuty.SYSTEM)


@pytest.fixture
def browser(admin):
    client = Client()
    client.force_login(admin)
    return client


@pytest.fixture
def stations(admin):
    """Two of one name below, one elsewhere."""
    named = [("AA1", "示例东派出所"), ("AA2", "示例西派出所"), ("AB1", "示例西派出所")]
    make.StationFactory(code="ZZ9", name="别处派出所")
    return {
        code: make.StationFactory(code=code, name=name, parent=admin.unit) for code, name in named
    }


@pytest.fixture
def many(monkeypatch):
    monkeypatch.setattr(unit_choice, "FEW", 2)


def add(browser, unit):
    typed = {"name": "示例新人", "username": "newcomer", "kind": "chief", "unit": unit}
    return browser.post(reverse("person_new"), typed)


@pytest.mark.usefixtures("stations")
def test_few_are_a_list(browser):
    shown = browser.get(reverse("person_new")).content.decode()
    assert '<option value="AA1">示例东派出所</option>' in shown
    assert "ZZ9" not in shown


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    ("typed", "meant"),
    [("AA1", "AA1"), ("示例东派出所", "AA1"), (" 示例西派出所 AB1 ", "AB1"), ("AB1", "AB1")],
)
def test_of_many_one_is_typed_by_name_or_code(browser, stations, typed, meant):
    assert add(browser, typed).status_code == 200
    assert User.objects.get(username="newcomer").unit == stations[meant]


@pytest.mark.usefixtures("many", "stations")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("示例西派出所", ["示例西派出所 AA2", "示例西派出所 AB1"]),
        ("东派", ["示例东派出所 AA1"]),
        ("示例西派出所 AA1", []),
        ("ZZ9", []),
        ("别处派出所", []),
        ("没有的", []),
    ],
)
def test_what_names_no_unit_is_kept_and_refused_with_those_that_may_be_meant(browser, typed, said):
    answer = add(browser, typed)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert f'value="{typed}"' in shown
    for one in said:
        assert f'<option value="{one}">' in shown
    assert "别处派出所 ZZ9" not in shown
    assert not User.objects.filter(username="newcomer").exists()


@pytest.mark.usefixtures("many")
def test_the_unit_of_a_person_stands_there(browser, stations):
    person = make.DeskFactory(unit=stations["AB1"])
    shown = browser.get(reverse("person_edit", args=(person.pk,))).content.decode()
    assert 'value="示例西派出所 AB1"' in shown


@pytest.mark.usefixtures("stations")
def test_units_are_found_as_one_types(browser, admin):
    def found(words):
        return browser.get(reverse("unit_options"), {"unit": words}).content.decode()

    assert found("西派") == '<option value="示例西派出所 AA2"><option value="示例西派出所 AB1">'
    assert found("aa1") == '<option value="示例东派出所 AA1">'
    assert called(admin.unit) in found("")
    assert found("别处") == found("ZZ9") == ""
