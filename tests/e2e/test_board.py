"""The duty desk's board through a night at 1440 px: it changes by itself, keeps one's place, and
says so when it stands still."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from patrols.models import PatrolRun
from patrols.nights import evening_of
from tests import factories as make
from tests.e2e.people import sign_in
from tests.factories import patrols as patrol
from tests.patrols.nights import guards_of, link_of, planned, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
KEPT = Path(os.environ.get("STORIES", ROOT / "var" / "stories"))


@pytest.fixture
def nights():
    """Four teams of a station: late, out, walked, to come."""
    first = patrol.team_of(2, 1, number=1)
    teams = [first, *(patrol.team_of(2, 1, number=n, unit=first.unit) for n in (2, 3, 4))]
    now = timezone.now()
    found = []
    for team, ago in zip(teams, (12, 3, 50, -90), strict=True):
        patrol.route_of(team)
        night = planned(team, evening_of(now))
        PatrolRun.objects.filter(night=night).update(planned_start=now - timedelta(minutes=ago))
        found.append(night)
    return found


def begin(night, how_many=1, end=False):
    run = night.runs.get()
    link = link_of(night, guards_of(night)[0])
    send(link, "start", run.planned_start, run=run.pk)
    for stop in run.stops.order_by("position")[:how_many]:
        at = run.planned_start + timedelta(seconds=stop.after)
        send(link, "check_in", min(at, timezone.now()), run=run.pk, checkpoint=stop.checkpoint_id)
    if end:
        send(link, "end", timezone.now(), run=run.pk)
    return link


def test_the_board_goes_with_the_night(page, nights):
    late, out, walked, _ahead = nights
    link = begin(out)
    begin(walked, how_many=3, end=True)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.clock.install()
    sign_in(page, make.DeskFactory(unit=late.team.unit))
    page.goto("/patrols/tonight/")
    for key, number in {"trouble": 1, "out": 1, "ahead": 2, "missed": 0, "done": 1}.items():
        expect(page.locator(f"#show-{key} .num")).to_have_text(str(number))
    row = page.locator("tbody", has_text=str(late.team))
    expect(row).to_contain_text("迟到")
    # Whoever is late has a telephone.
    assert row.locator("a[href^='tel:']").count() >= 2
    page.locator(f"#night-{out.pk}").focus()
    send(link, "incident", timezone.now(), sos=True, text="示例仓库有人翻墙")
    begin(late)
    page.clock.run_for(16_000)
    expect(page.locator(".incidents")).to_contain_text("示例仓库有人翻墙")
    expect(page.locator("#show-trouble .num")).to_have_text("0")
    # What was looked at still has the keyboard.
    expect(page.locator(f"#night-{out.pk}")).to_be_focused()
    KEPT.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=KEPT / "board-1440.png", full_page=True)
    page.locator("#show-done").click()
    expect(page.locator("table.board tbody")).to_have_count(1)
    expect(page.locator("table.board")).to_contain_text(str(walked.team))


def test_a_board_that_stands_still_says_so_and_one_signed_out_asks(page, nights):
    page.clock.install()
    sign_in(page, make.DeskFactory(unit=nights[0].team.unit))
    page.goto("/patrols/tonight/")
    age = page.locator("[data-board-age]")
    expect(age).to_contain_text("实时更新")
    page.context.set_offline(True)
    page.clock.run_for(16_000)
    expect(age).to_contain_text("请检查网络")
    page.context.set_offline(False)
    page.clock.run_for(16_000)
    expect(age).to_contain_text("实时更新")
    page.context.clear_cookies()
    page.clock.run_for(16_000)
    page.wait_for_url("**/accounts/sign-in/?next=/patrols/tonight/")
