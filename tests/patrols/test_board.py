"""The live board: what it says of the night, and that it asks without being there."""

import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from liaison.accounts.idle import SEEN
from patrols.board import board_of, stations
from patrols.models import Absence, PatrolRun
from patrols.nights import evening_of
from tests import factories as make
from tests.factories import patrols as patrol
from tests.patrols.nights import guards_of, link_of, planned, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def night():
    """Tonight's of a team with one round, whose start is drawn into the past by each test."""
    team = patrol.team_of(2, 1)
    patrol.route_of(team)
    return planned(team, evening_of(timezone.now()))


def begin(night, minutes_ago):
    at = timezone.now() - timedelta(minutes=minutes_ago)
    PatrolRun.objects.filter(night=night).update(planned_start=at)
    return night.runs.get()


def board(night, who=None):
    user = who or make.someone("desk", night.team.unit)
    return board_of(user, night.team.unit, night.night_on, timezone.now())


def numbers(shown):
    return {one.key: one.number for one in shown.numbers}


def test_a_late_round_is_to_be_rung_about_and_a_missed_one_is_missed(night):
    begin(night, 15)
    shown = board(night)
    assert numbers(shown) == {"trouble": 1, "out": 0, "ahead": 1, "missed": 0, "done": 0}
    [out] = shown.only("trouble")
    assert out.lines[0].now.standing == "late"
    assert [one.pk for one in guards_of(out.night)] == [one.pk for one in guards_of(night)]
    begin(night, 50)
    assert numbers(board(night))["missed"] == 1
    assert board(night).only("trouble") == []
    assert len(board(night).only("of no such kind")) == 1


def test_who_was_where_last_and_where_next(night):
    run = begin(night, 5)
    guard = guards_of(night)[0]
    link = link_of(night, guard)
    first, second, *_rest = run.stops.order_by("position")
    send(link, "start", run.planned_start, run=run.pk)
    at = run.planned_start + timedelta(minutes=1)
    send(link, "check_in", at, run=run.pk, checkpoint=first.checkpoint_id)
    [line] = board(night).outs[0].lines
    assert (line.now.standing, line.now.passed, line.now.of) == ("out", 1, 3)
    assert (line.last.checkpoint, line.last.guard) == (first.checkpoint.name, guard.name)
    assert line.next_name == second.checkpoint.name


def test_an_absence_nobody_fills_stands_with_its_team(night):
    enterprise = night.duties.order_by("pk")[0].enterprise
    by = make.someone("desk", night.team.unit)
    absence = Absence.objects.create(enterprise=enterprise, night_on=night.night_on, by=by)
    assert [one.pk for one in board(night).outs[0].absent] == [absence.pk]
    Absence.objects.update(substitute=night.duties.order_by("pk")[1].enterprise)
    assert not board(night).outs[0].absent


def test_a_sensitive_incident_is_shown_to_whom_its_line_is(night):
    run = begin(night, 5)
    link = link_of(night, guards_of(night)[0])
    send(link, "incident", timezone.now(), run=run.pk, text="可疑车辆", kind="case_lead")
    send(link, "incident", timezone.now(), run=run.pk, text="示例求助", sos=True)
    chief = make.ChiefFactory(unit=night.team.unit)
    officer = make.OfficerFactory(unit=night.team.unit)
    assert [one.text for one in board(night, chief).incidents] == ["示例求助", "可疑车辆"]
    assert "可疑车辆" not in [one.text for one in board(night, officer).incidents]


def test_a_team_without_a_route_is_told_apart_from_one_not_drawn_yet(night):
    bare = patrol.team_of(2, 1, unit=night.team.unit)
    planned(bare, night.night_on)
    night.runs.all().delete()
    assert {out.night.team_id: out.has_way for out in board(night).outs} == {
        night.team_id: True,
        bare.pk: False,
    }


def test_the_page_asks_again_and_is_left_alone_while_nothing_changed(night):
    begin(night, 5)
    client = Client()
    client.force_login(make.someone("desk", night.team.unit))
    page = client.get("/patrols/tonight/")
    version = page.context["version"]
    assert f'data-version="{version}"' in page.content.decode()
    same = client.get("/patrols/tonight/now/", {"version": version})
    assert (same.status_code, same.content) == (204, b"")
    begin(night, 15)
    answer = client.get("/patrols/tonight/now/", {"version": version})
    assert answer.status_code == 200
    assert answer.headers["X-Board-Version"] != version
    assert str(night.team) in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_board_that_is_only_watched_lets_the_session_end(night):
    client = Client()
    client.force_login(make.someone("desk", night.team.unit))
    client.get("/patrols/tonight/")
    session = client.session
    long_ago = int(time.time()) - 20 * 60
    session[SEEN] = long_ago
    session.save()
    client.get("/patrols/tonight/now/")
    assert client.session[SEEN] == long_ago
    client.get("/patrols/tonight/")
    assert client.session[SEEN] > long_ago
    client.cookies[settings.SESSION_COOKIE_NAME] = ""
    assert client.get("/patrols/tonight/now/").status_code == 302


def test_a_bureau_sees_its_stations_and_opens_one(night):
    begin(night, 15)
    unit = night.team.unit
    elsewhere = make.StationFactory()
    bureau = make.BureauUserFactory(unit=unit.parent)
    [row] = stations([unit], night.night_on)
    assert (row.numbers["teams"], row.numbers["rounds"], row.numbers["started"]) == (1, 1, 0)
    client = Client()
    client.force_login(bureau)
    page = client.get("/patrols/tonight/").content.decode()
    assert unit.name in page
    assert elsewhere.name not in page
    assert str(night.team) in client.get(f"/patrols/tonight/?unit={unit.code}").content.decode()
    other = client.get(f"/patrols/tonight/?unit={elsewhere.code}").content.decode()
    assert unit.name in other
    assert client.get(f"/patrols/tonight/now/?unit={elsewhere.code}").status_code == 404
