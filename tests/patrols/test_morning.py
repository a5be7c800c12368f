"""The morning's report: there at seven, once, and as it was known then."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from liaison.core.workdays import CHINA
from liaison.notices.models import Notice
from liaison.schedule import JOBS
from patrols.actions.morning import last_due, report_nights
from patrols.models import NightReport
from tests import factories as make
from tests.factories import patrols as patrol
from tests.patrols.nights import guards_of, link_of, planned, send, walk

pytestmark = pytest.mark.django_db
EVENING = date(2026, 3, 5)


def clock(hour, minute=0, day=6):
    return datetime(2026, 3, day, hour, minute, tzinfo=CHINA)


@pytest.fixture
def night():
    """Walked short of one checkpoint, with a call for help."""
    with time_machine.travel(clock(12, day=5), tick=False):
        team = patrol.team_of(2, 1)
        patrol.route_of(team)
        night = planned(team, EVENING)
        make.DeskFactory(unit=team.unit)
    with time_machine.travel(clock(5), tick=False):
        run = night.runs.get()
        guard = guards_of(night)[0]
        walk(run, guard, leave_out=1)
        send(link_of(night, guard), "incident", clock(3), sos=True, text="示例求助")
    return night


def test_a_night_is_due_from_shortly_before_seven_of_its_morning():
    assert last_due(clock(6, 54)) == EVENING - timedelta(days=1)
    assert last_due(clock(6, 55)) == EVENING
    assert last_due(clock(23)) == EVENING
    job = next(one for one in JOBS if one.name == "report-nights")
    minutes = settings.PATROL_REPORT_AT.minute
    # Somebody who comes at seven finds it: a run falls between the two.
    assert any(minutes <= one < 60 for one in job.every.minute)


def test_it_is_there_once_and_tells_desk_and_chiefs(night):
    assert report_nights(clock(6)) == {"night_reports": 0}
    assert report_nights(clock(6, 55)) == {"night_reports": 1}
    assert report_nights(clock(7)) == {"night_reports": 0}
    report = NightReport.objects.get()
    [counts] = report.teams.values()
    assert (counts["rounds"], counts["short"], counts["passed"]) == (1, 1, 2)
    told = Notice.objects.filter(kind="patrol.morning")
    assert {one.recipient.kind for one in told} == {"desk", "chief"}
    text = told[0].text
    for words in ("紧急求助 1 起", "漏巡 1 个点", "完整走完 0 轮"):
        assert words in text
    assert told[0].url == f"/patrols/mornings/{EVENING}/"


def test_a_server_that_stood_still_reports_late_and_tells_of_the_last_night_alone(night):
    planned(night.team, EVENING + timedelta(days=1))
    assert report_nights(clock(9, day=7)) == {"night_reports": 2}
    assert {one.url[-11:] for one in Notice.objects.filter(kind="patrol.morning")} == {
        "2026-03-06/"
    }


def test_what_comes_after_the_report_is_shown_as_such(night):
    report_nights(clock(7))
    desk = make.someone("desk", night.team.unit)
    client = Client()
    with time_machine.travel(clock(8), tick=False):
        client.force_login(desk)
        page = client.get("/patrols/mornings/", follow=True)
        assert page.context["evening"] == EVENING
        assert not page.context["teams"][0].changed
        stop = night.runs.get().stops.order_by("-position")[0]
        link = link_of(night, guards_of(night)[1])
        send(link, "check_in", clock(4), run=stop.run_id, checkpoint=stop.checkpoint_id)
        page = client.get("/patrols/mornings/", follow=True)
    [team] = page.context["teams"]
    assert (team.reported["passed"], team.now["passed"]) == (2, 3)
    assert team.changed
    assert NightReport.objects.get().teams[str(night.team_id)]["passed"] == 2


def test_the_page_names_what_somebody_should_look_into(night):
    with time_machine.travel(clock(8), tick=False):
        client = Client()
        client.force_login(make.someone("desk", night.team.unit))
        page = client.get("/patrols/mornings/", follow=True).content.decode()
        nothing = client.get("/patrols/mornings/2026-01-01/")
        nonsense = client.get("/patrols/mornings/gestern/")
    missed = night.runs.get().stops.order_by("-position")[0].checkpoint.name
    for words in ("示例求助", missed, str(night.team)):
        assert words in page
    assert nothing.context["teams"] == []
    assert nonsense.status_code == 404


def test_a_bureau_reads_what_was_reported(night):
    report_nights(clock(7))
    client = Client()
    with time_machine.travel(clock(8), tick=False):
        client.force_login(make.BureauUserFactory(unit=night.team.unit.parent))
        page = client.get("/patrols/mornings/", follow=True).content.decode()
    assert "漏巡 1 个点" in page


def test_the_same_evening_is_each_stations_own(night):
    stranger = make.DeskFactory()
    client = Client()
    with time_machine.travel(clock(8), tick=False):
        client.force_login(stranger)
        own = client.get(f"/patrols/mornings/{EVENING}/")
        theirs = client.get(f"/patrols/mornings/{EVENING}/?unit={night.team.unit.code}")
    assert (own.context["unit"], own.context["teams"]) == (stranger.unit, [])
    assert "示例求助" not in theirs.content.decode()
    assert night.team.unit.name not in theirs.content.decode()
