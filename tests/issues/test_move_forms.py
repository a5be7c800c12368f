"""The forms of moves: each at the address of its move, when it is asked for."""

from datetime import date

import pytest
from django.test import Client

from issues.actions import VERBS
from issues.models import Issue
from tests import factories as make

pytestmark = pytest.mark.django_db
WAIT = {"awaited": "检测报告", "awaited_from": "检测机构", "until": date(2026, 3, 20)}


@pytest.fixture
def line(time_machine):
    time_machine.move_to("2026-03-02T02:00:00+00:00", tick=False)
    return make.WorkingIssueFactory(kind="hazard")


@pytest.fixture
def handler(line):
    return signed_in(line.handler)


def signed_in(person):
    client = Client()
    client.force_login(person)
    client.cookies["django_language"] = "en"
    return client


def where(line, move):
    return f"/issues/{line.number}/moves/{move}/"


def alone(client, line, move, **asked):
    """As htmx asks for it."""
    return client.get(where(line, move), asked, headers={"HX-Request": "true"})


def test_the_page_names_the_moves_and_brings_no_form_of_theirs(line, handler):
    page = handler.get(f"/issues/{line.number}/").content.decode()
    assert f'href="{where(line, "propose")}#move-propose"' in page
    assert "id_propose_summary" not in page
    assert page.count("<textarea") == 0


def test_a_move_that_asks_for_nothing_is_one_press():
    raised = make.RaisedIssueFactory()
    page = signed_in(raised.handler).get(f"/issues/{raised.number}/").content.decode()
    assert f'action="{where(raised, "accept")}"' in page
    answer = signed_in(raised.handler).get(where(raised, "accept"))
    assert answer.headers["Location"] == f"/issues/{raised.number}/"
    assert Issue.objects.get(pk=raised.pk).stage == "raised"


def test_the_address_of_a_move_is_the_page_with_its_form_open(line, handler):
    page = handler.get(where(line, "propose")).content.decode()
    assert 'class="sheet move open" id="move-propose"' in page
    assert "id_propose_summary" in page
    assert "wanted for close-out: Photo before, Photo after" in page
    assert "What happened" in page
    assert page.count("<textarea") == 1


def test_htmx_is_given_the_form_alone(line, handler):
    answer = alone(handler, line, "propose", version=line.version)
    said = answer.content.decode()
    assert answer.status_code == 200
    assert "id_propose_summary" in said
    assert "wanted for close-out: Photo before, Photo after" in said
    # Hidden until the address points at it.
    assert 'class="sheet move" id="move-propose"' in said
    assert "<html" not in said
    assert "What happened" not in said


def test_it_is_sent_for_the_line_as_the_page_showed_it(line, handler):
    seen = line.version
    chief = make.ChiefFactory(unit=line.unit)
    other = make.OfficerFactory(unit=line.unit)
    VERBS["wait"](line, by=line.handler, version=seen, **WAIT)
    said = alone(signed_in(chief), line, "transfer", version=seen).content.decode()
    assert f'name="version" value="{seen}"' in said
    typed = {"version": seen, "handler": other.pk, "reason": "熟悉该企业"}
    answer = signed_in(chief).post(where(line, "transfer"), typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "has moved this line since you opened it" in page
    assert 'class="sheet move open" id="move-transfer"' in page
    assert "熟悉该企业" in page
    assert Issue.objects.get(pk=line.pk).handler == line.handler


def test_what_is_typed_stays_in_a_refused_form_and_the_others_stay_away(line, handler):
    answer = handler.post(where(line, "wait"), {"version": line.version, "awaited": "检测报告"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'class="sheet move open" id="move-wait"' in page
    assert 'value="检测报告"' in page or "检测报告</textarea>" in page
    assert "id_propose_summary" not in page


@pytest.mark.parametrize("ask", [alone, lambda client, line, move: client.get(where(line, move))])
def test_a_move_that_is_not_open_leads_to_the_line_as_it_is(line, ask):
    desk = signed_in(make.DeskFactory(unit=line.unit))
    answer = ask(desk, line, "propose")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/issues/{line.number}/")
    assert ask(desk, line, "nonsense").status_code == 404


def test_a_bureau_only_reads(line):
    bureau = signed_in(make.BureauUserFactory(unit=line.unit.parent))
    assert bureau.get(f"/issues/{line.number}/").status_code == 200
    assert bureau.get(where(line, "note")).status_code == 404
