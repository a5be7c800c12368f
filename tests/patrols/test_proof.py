"""The month's proof: each number opens the nights behind it, and they are as many."""

import io
import re
from datetime import date, datetime, timedelta

import openpyxl
import pytest
import time_machine
from django.test import Client

from liaison.core.workdays import CHINA
from patrols.actions.responding import record_response
from patrols.flag_words import WORDS
from patrols.flags import Flag
from tests import factories as make
from tests.factories import patrols as patrol
from tests.patrols.nights import guards_of, planned, walk

pytestmark = pytest.mark.django_db
FIRST = date(2026, 3, 2)
NOW = datetime(2026, 3, 10, 9, tzinfo=CHINA)


@pytest.fixture
def team():
    with time_machine.travel(datetime(2026, 3, 1, 9, tzinfo=CHINA), tick=False):
        team = patrol.team_of(3)
        patrol.route_of(team)
    for n in range(4):
        night = planned(team, FIRST + timedelta(days=n))
        if n:
            walk(night.runs.get(), guards_of(night)[n % 2], leave_out=n == 1)
    # Tonight is not over and proves nothing.
    planned(team, NOW.date())
    return team


@pytest.fixture
def client(team):
    with time_machine.travel(NOW, tick=False):
        client = Client()
        client.force_login(make.someone("desk", team.unit))
        yield client


@pytest.mark.parametrize("by", ["enterprise", "guard", "team"])
def test_every_number_of_nights_opens_as_many(client, by):
    page = client.get("/patrols/proof/", {"month": "2026-03", "by": by}).content.decode()
    links = re.findall(r'href="(/patrols/proof/nights/\?[^"]+)"[^>]*>(\d+)<', page)
    assert links
    for address, number in links:
        opened = client.get(address.replace("&amp;", "&"))
        counted = opened.context["page"].items
        nights = {one.night_id for one in counted} if by == "team" else counted
        assert len(nights) == int(number), address


def test_the_sheet_says_what_the_page_says(client, team):
    enterprise = team.memberships.order_by("pk")[0].enterprise
    record_response(
        enterprise,
        by=make.someone("desk", team.unit),
        called_at=datetime(2026, 3, 4, 1, tzinfo=CHINA),
        took=[timedelta(seconds=50), timedelta(minutes=4), None],
    )
    page = client.get("/patrols/proof/?month=2026-03")
    answer = client.get("/patrols/proof/export.xlsx?month=2026-03")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active
    rows = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    shown = {row.subject.name: row.counts for row in page.context["rows"]}
    of_sheet = {row[1]: row[2:4] for row in rows if len(row) > 3 and row[1] in shown}
    assert of_sheet == {name: [counts["nights"], counts["done"]] for name, counts in shown.items()}
    assert any("1/1 · 0:50" in row and "0/1 · 4:00" in row and "0/1" in row for row in rows)
    assert client.get("/patrols/proof/export.pdf?month=2026-03").status_code == 404


def test_a_round_shows_each_check_in_with_what_is_odd(client, team):
    run = team.nights.get(night_on=FIRST + timedelta(days=1)).runs.get()
    page = client.get(f"/patrols/rounds/{run.pk}/").content.decode()
    assert run.stops.order_by("position")[0].checkpoint.name in page
    assert "未到" in page
    stranger = Client()
    stranger.force_login(make.DeskFactory())
    assert stranger.get(f"/patrols/rounds/{run.pk}/").status_code == 404


def test_nonsense_in_the_address_is_the_month_that_is(client):
    for query in ("month=kommt", "by=alles", "month=2026-13", "unit=NIX"):
        assert client.get(f"/patrols/proof/?{query}").status_code == 200
    assert client.get("/patrols/proof/nights/?enterprise=viele").context["page"].items == []


def test_every_flag_has_words():
    assert set(WORDS) == set(Flag)
