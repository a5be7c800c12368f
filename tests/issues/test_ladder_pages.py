"""The pages on which ladders are read and set."""

import pytest
from django.test import Client

from enterprises.models import ReminderRule
from issues.models import EscalationRule, Issue
from liaison.accounts.models import Kind
from tests import factories as make

pytestmark = pytest.mark.django_db
STEPS = [
    ("percent", 80, ["handler"]),
    ("at", "", ["handler", "chief"]),
    ("days_after", 2, ["bureau"]),
]


def signed_in(person):
    client = Client()
    client.force_login(person)
    client.cookies["django_language"] = "en"
    return client


def sent(steps=STEPS, rows=""):
    data = {"rows": rows, "steps-TOTAL_FORMS": len(steps), "steps-INITIAL_FORMS": 0}
    for n, (how, number, recipients) in enumerate(steps):
        data |= {
            f"steps-{n}-how": how, f"steps-{n}-number": number, f"steps-{n}-recipients": recipients,
        }  # fmt: skip
    return data


@pytest.fixture
def chief():
    return make.ChiefFactory()


@pytest.fixture
def where(chief):
    return f"/issues/ladders/{chief.unit.code}/any/resolve/"


@pytest.fixture
def reminders(chief):
    return f"/issues/ladders/{chief.unit.code}/any/contact/"


def own(chief):
    return EscalationRule.objects.filter(unit=chief.unit)


def ids(rows):
    return ",".join(str(pk) for pk in rows.order_by("pk").values_list("pk", flat=True))


def test_staff_find_it_from_the_bill_and_chiefs_change_it(chief, where, reminders):
    bureau = make.BureauUserFactory(unit=chief.unit.parent)
    for person in (chief, make.someone(Kind.DESK, chief.unit), make.OfficerFactory(unit=chief.unit),
                   bureau):  # fmt: skip
        client = signed_in(person)
        for page in ("/issues/", "/issues/limits/"):
            assert 'href="/issues/ladders/"' in client.get(page).content.decode()
        page = client.get("/issues/ladders/").content.decode()
        assert "overdue by 1 working day" in page
        assert "2 days before" in page
        for address in (where, reminders):
            assert (address in page) == (person == chief)
            assert client.get(address).status_code == (200 if person == chief else 404)


def test_when_it_reaches_whom_is_seen_at_a_glance(chief):
    text = signed_in(chief).get("/issues/ladders/").content.decode()
    row = text[text.index("<b>To resolve</b>") :]
    row = row[: row.index("</tr>")]
    cells = [cell.partition(">")[2].partition("</td>")[0] for cell in row.split("<td")[1:]]
    assert "overdue by 1 working day<" in cells[0]
    assert "overdue by 3 working days<" in cells[1]
    # A hazard goes by steps of its own.
    assert "1 working day before</span></td>" in text


def test_a_chief_sets_the_steps_of_the_station(chief, where):
    line = make.WorkingIssueFactory(kind="other", enterprise__unit=chief.unit)
    client = signed_in(chief)
    assert client.post(where, sent()).status_code == 302
    steps = {(one.percent, one.hours, one.days, tuple(one.recipients)) for one in own(chief)}
    assert steps == {
        (80, None, None, ("handler",)), (None, 0, None, ("handler", "chief")),
        (None, None, 2, ("bureau",)),
    }  # fmt: skip
    assert Issue.objects.get(pk=line.pk).next_escalation_at < line.next_due_at
    page = client.get("/issues/ladders/").content.decode()
    assert "1 open line goes by them now." in page
    assert ">own<" in page
    form = client.get(where).content.decode()
    assert f'name="rows" value="{ids(own(chief))}"' in form
    assert '<option value="days_after" selected>' in form


def test_a_step_added_below_is_put_where_it_belongs(chief, where):
    client = signed_in(chief)
    steps = [*STEPS, ("", "", []), ("hours_before", 4, ["deputy"])]
    assert client.post(where, sent(steps)).status_code == 302
    assert own(chief).get(hours=-4).recipients == ["deputy"]
    assert own(chief).count() == 4


def test_reminders_are_set_in_the_same_way(chief, reminders):
    make.AssignedEnterpriseFactory(unit=chief.unit)
    client = signed_in(chief)
    steps = [("days_before", 3, ["handler"]), ("at", "", ["handler"]), ("days_after", 2, ["chief"])]
    assert client.post(reminders, sent(steps)).status_code == 302
    rules = ReminderRule.objects.filter(unit=chief.unit, kind="contact")
    assert set(rules.values_list("days", flat=True)) == {-3, 0, 2}
    page = client.get("/issues/ladders/").content.decode()
    assert "1 enterprise goes by them now." in page
    assert "3 days before" in page
    assert client.post(f"{reminders}drop/", {"rows": ids(rules)}).status_code == 302
    assert not rules.exists()


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([("percent", 80, ["chief"])], "at the deadline or after it"),
        ([("at", "", ["handler", "desk"])], "must reach the chiefs or the bureau"),
        ([("at", "", ["chief"]), ("days_after", 99, ["bureau"])], "from 1 to 60"),
        ([("percent", 100, ["handler"]), ("at", "", ["chief"])], "from 1 to 99"),
        ([("at", "", ["chief"]), ("days_after", 1, [])], "at least one who is told"),
        ([("at", "", ["chief"]), ("at", "", ["desk"])], "later than the one before"),
        ([("at", "", ["chief"]), ("days_after", "", ["desk"])], "Say how many"),
        ([("at", "", ["chief"]), ("days_after", "x", ["desk"])], "whole number"),
        ([("at", "", ["chief"]), ("moon", 1, ["desk"])], "moon"),
        ([("at", "", ["chief"]), ("days_after", 1, ["mayor"])], "mayor"),
        ([("hours_after", n, ["chief"]) for n in range(1, 8)], "at most 6 forms"),
        ([], "at the deadline or after it"),
    ],
)  # fmt: skip
def test_nonsense_is_said_and_what_was_typed_stays(chief, where, steps, said):
    answer = signed_in(chief).post(where, sent(steps))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert said in text
    assert not own(chief).exists()
    for n, (how, number, _recipients) in enumerate(steps[:6]):
        assert how == "moon" or f'<option value="{how}" selected>' in text
        assert f'name="steps-{n}-number" value="{number}"' in text or not number


def test_it_stands_beside_the_step_it_is_about(chief, where):
    steps = [("days_after", 99, ["bureau"]), ("at", "", ["chief"])]
    form = signed_in(chief).post(where, sent(steps)).context["form"]
    assert "number" in form.forms[0].errors
    assert not form.forms[1].errors


def test_a_colleague_was_first_and_what_was_typed_stays(chief, where):
    assert signed_in(make.ChiefFactory(unit=chief.unit)).post(where, sent()).status_code == 302
    client = signed_in(chief)
    mine = [("at", "", ["chief"]), ("days_after", 5, ["bureau"])]
    answer = client.post(where, sent(mine))
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Somebody else has changed these steps" in text
    assert 'name="steps-1-number" value="5"' in text
    assert f'name="rows" value="{ids(own(chief))}"' in text
    assert client.post(where, sent(mine, rows=ids(own(chief)))).status_code == 302
    assert own(chief).count() == 2


def test_the_own_steps_are_dropped(chief, where):
    client = signed_in(chief)
    assert "Drop the own steps" not in client.get(where).content.decode()
    client.post(where, sent())
    rows = ids(own(chief))
    assert "Drop the own steps" in client.get(where).content.decode()
    assert client.post(f"{where}drop/", {"rows": rows}).status_code == 302
    assert not own(chief).exists()
    again = client.post(f"{where}drop/", {"rows": rows}, follow=True).content.decode()
    assert "Somebody else has changed" in again
    assert client.post(f"{where}drop/", {"rows": "x"}).status_code == 404


def test_steps_for_one_kind(chief):
    client = signed_in(chief)
    address = f"/issues/ladders/{chief.unit.code}/dispute/resolve/"
    assert address in client.get("/issues/ladders/").content.decode()
    assert client.post(address, sent()).status_code == 302
    assert set(own(chief).values_list("kind__code", flat=True)) == {"dispute"}
    assert client.get(f"/issues/ladders/{chief.unit.code}/dispute/contact/").status_code == 404
    assert client.get(f"/issues/ladders/{chief.unit.code}/any/lunch/").status_code == 404


def test_an_administrator_at_the_top_keeps_the_general_ones(chief):
    root = make.DeskFactory(unit=chief.unit.parent, admin_duty="system")
    client = signed_in(root)
    for general, rows in (
        ("/issues/ladders/all/any/resolve/", EscalationRule.objects.filter(
            unit=None, kind=None, clock="resolve")),
        ("/issues/ladders/all/any/officer/", ReminderRule.objects.filter(
            unit=None, kind="officer")),
    ):  # fmt: skip
        assert f'href="{general}"' in client.get("/issues/ladders/").content.decode()
        steps = [("at", "", ["desk", "chief"]), ("days_after", 4, ["bureau"])]
        assert client.post(general, sent(steps, rows=ids(rows))).status_code == 302
        assert rows.count() == 2
        gone = client.post(f"{general}drop/", {"rows": ids(rows)}, follow=True).content.decode()
        assert "can be changed, but not dropped" in gone
        assert rows.count() == 2
        assert signed_in(chief).get(general).status_code == 404


def test_a_bureau_reads_which_stations_have_their_own(chief, where):
    signed_in(chief).post(where, sent())
    far = make.ChiefFactory()
    bureau = signed_in(make.BureauUserFactory(unit=chief.unit.parent))
    page = bureau.get("/issues/ladders/").content.decode()
    assert f"?unit={chief.unit.code}" in page
    assert ">own<" not in page
    its = bureau.get(f"/issues/ladders/?unit={chief.unit.code}").content.decode()
    assert ">own<" in its
    assert bureau.get(f"/issues/ladders/?unit={far.unit.code}").status_code == 404
