"""A guard's night at 360 px: walked behind a steel wall, sent once when there is a network."""

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import expect

from issues.models import Issue
from patrols.actions.doors import make_link, make_pin, valid_during
from patrols.models import (
    CheckIn,
    NightLink,
    NightOperation,
    NightPhoto,
    PatrolIncident,
    PatrolRun,
)
from patrols.nights import CHINA
from tests import factories as make
from tests.factories.evidence import picture_bytes
from tests.factories.patrols import night_door
from tests.patrols.phone import codes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phone(page):
    """As wide as the narrowest of them, where somebody may have said that they are here."""
    page.set_viewport_size({"width": 360, "height": 740})
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"longitude": 120.5, "latitude": 36.85, "accuracy": 15})
    return page


def log(page, state, count):
    """So many lines of what was done are in this state, and the page is no wider than the phone."""
    expect(page.locator(f'[data-list="log"] li.{state}')).to_have_count(count)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def kept_by_the_worker(page):
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def test_a_whole_night_with_a_network(phone):
    link, token = night_door()
    first, second, third = codes(link.night)
    phone.goto(f"/n/{token}/")
    expect(phone.locator('[data-show="team"]')).to_have_text(str(link.night.team))
    expect(phone.locator('[data-show="about"]')).to_contain_text(link.guard.name)
    # By the clock in China, whatever zone the phone is set to.
    planned = PatrolRun.objects.get().planned_start.astimezone(CHINA)
    expect(phone.locator('[data-show="planned"]')).to_contain_text(f"{planned:%H:%M}")
    # Nothing is pressed by mistake: what belongs to a walk comes with it.
    expect(phone.locator('[data-do="end"]')).to_be_hidden()
    phone.locator('[data-do="start"]').click()
    log(phone, "done", 1)
    expect(phone.locator('[data-do="start"]')).to_be_hidden()
    # By the plate's picture, as the phone's own camera opens it; typed; by the place alone.
    phone.goto(f"/n/c/{first.token}/")
    expect(phone).to_have_url(f"{phone.context.pages[0].url.split('/n/')[0]}/n/{token}/")
    log(phone, "done", 2)
    phone.locator("#code").fill(f" {second.typed[:5]} {second.typed[5:].lower()}")
    phone.locator("#code").press("Enter")
    log(phone, "done", 3)
    phone.locator(f'[data-stop="{third.checkpoint_id}"]').click()
    log(phone, "done", 4)
    expect(phone.locator('[data-list="stops"] b')).to_have_count(3)
    phone.locator("summary").click()
    phone.locator("#kind").select_option("hazard")
    phone.locator("#text").fill("围栏破损")
    file = {"name": "x.png", "mimeType": "image/png", "buffer": picture_bytes()}
    phone.locator("#photo").set_input_files(file)
    phone.locator('[data-form="incident"] button').click()
    log(phone, "done", 5)
    sos = phone.locator('[data-do="sos"]')
    sos.click()
    # One press may be a pocket's.
    expect(sos).to_have_text(sos.get_attribute("data-sure"))
    assert not PatrolIncident.objects.filter(sos=True).exists()
    sos.click()
    log(phone, "done", 6)
    phone.locator('[data-do="end"]').click()
    log(phone, "done", 7)
    expect(phone.locator('[data-do="end"]')).to_be_hidden()
    run = PatrolRun.objects.get()
    assert run.started_by == run.ended_by == link.guard
    assert not run.stops.filter(seen_at=None).exists()
    assert [one.by_code for one in CheckIn.objects.order_by("pk")] == [True, True, False]
    where = CheckIn.objects.order_by("pk").values_list("position__accuracy", flat=True)
    assert list(where) == [15.0] * 3
    incident = PatrolIncident.objects.get(sos=False)
    assert (incident.kind, incident.issue.kind.code) == ("hazard", "hazard")
    assert incident.photos.count() == NightPhoto.objects.count() == 1
    assert incident.longitude == 120.5
    assert PatrolIncident.objects.get(sos=True).issue.source == Issue.Source.PATROL


def test_a_round_without_a_network_is_sent_once_when_there_is_one(phone):
    link, token = night_door()
    first, second, third = codes(link.night)
    phone.goto(f"/n/{token}/")
    expect(phone.locator('[data-show="team"]')).to_have_text(str(link.night.team))
    kept_by_the_worker(phone)
    phone.context.set_offline(True)
    phone.reload()
    # The page and the night are there all the same.
    expect(phone.locator('[data-show="team"]')).to_have_text(str(link.night.team))
    phone.locator('[data-do="start"]').click()
    phone.locator(f'[data-stop="{first.checkpoint_id}"]').click()
    expect(phone.locator('[data-list="stops"] b')).to_have_count(1)
    # A plate is scanned: its address opens the page that is kept, which knows the night.
    phone.goto(f"/n/c/{second.token}/")
    log(phone, "kept", 3)
    phone.locator("#code").fill(third.typed)
    phone.locator('[data-form="code"] button').click()
    phone.locator("summary").click()
    phone.locator("#text").fill("围栏破损")
    file = {"name": "x.png", "mimeType": "image/png", "buffer": picture_bytes()}
    phone.locator("#photo").set_input_files(file)
    phone.locator('[data-form="incident"] button').click()
    phone.locator('[data-do="sos"]').click()
    phone.locator('[data-do="sos"]').click()
    phone.locator('[data-do="end"]').click()
    log(phone, "kept", 7)
    expect(phone.locator('[data-show="net"]')).to_contain_text("7")
    # The browser is shut and opened again.
    phone.goto("about:blank")
    phone.goto(f"/n/{token}/")
    log(phone, "kept", 7)
    assert not NightOperation.objects.exists()
    phone.context.set_offline(False)
    log(phone, "done", 7)
    phone.reload()
    log(phone, "done", 7)
    assert NightOperation.objects.count() == 7
    assert CheckIn.objects.count() == 3
    assert PatrolIncident.objects.count() == Issue.objects.count() == 2
    assert NightPhoto.objects.count() == 1
    run = PatrolRun.objects.get()
    assert run.started_by == run.ended_by == link.guard
    assert not run.stops.filter(seen_at=None).exists()


def test_an_answer_that_is_lost_on_its_way_does_nothing_twice(phone):
    link, token = night_door()
    phone.goto(f"/n/{token}/")
    lost = []

    def lose(route):
        route.fetch()
        lost.append(route.request.url)
        route.abort()

    phone.route("**/operations/", lose, times=2)
    phone.locator('[data-do="start"]').click()
    phone.locator("[data-stop]").first.click()
    # What is on the list is on the phone's disk; a page that is left sooner has kept nothing yet.
    expect(phone.locator('[data-list="log"] li')).to_have_count(2)
    phone.reload()
    log(phone, "done", 2)
    assert lost
    assert CheckIn.objects.count() == 1
    assert NightOperation.objects.count() == 2
    assert link.guard == PatrolRun.objects.get().started_by


def test_what_was_not_sent_stays_when_the_link_has_ended(phone):
    link, token = night_door()
    phone.goto(f"/n/{token}/")
    kept_by_the_worker(phone)
    phone.context.set_offline(True)
    phone.locator('[data-do="start"]').click()
    log(phone, "kept", 1)
    NightLink.objects.filter(pk=link.pk).update(ended_at=timezone.now())
    phone.context.set_offline(False)
    expect(phone.locator('[data-part="trouble"]')).to_be_visible()
    log(phone, "kept", 1)
    assert not NightOperation.objects.exists()
    # A new link of the same night takes what the old one could not send.
    _link, other = make_link(link.night, link.guard, by=make.ChiefFactory(unit=link.guard.unit))
    NightLink.objects.filter(pk=_link.pk).update(valid_from=timezone.now())
    phone.goto(f"/n/{other}/")
    log(phone, "done", 1)
    assert PatrolRun.objects.get().started_by == link.guard


def test_a_link_that_has_ended_opens_nothing_of_anybody(phone):
    link, token = night_door()
    NightLink.objects.filter(pk=link.pk).update(ended_at=timezone.now())
    assert phone.goto(f"/n/{token}/").status == 404
    expect(phone.locator("main .btn.primary")).to_have_attribute("href", "/n/")
    assert link.guard.name not in phone.content()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_pin_of_the_night_opens_it(phone):
    link, _token = night_door()
    pin = make_pin(link.night, by=make.ChiefFactory(unit=link.guard.unit))
    opens, _ends = valid_during(link.night)
    with time_machine.travel(opens):
        phone.goto("/n/")
        phone.locator("[name=phone]").fill(link.guard.phone)
        phone.locator("[name=pin]").fill(f"{(int(pin) + 1) % 10**6:06}")
        phone.keyboard.press("Enter")
        expect(phone.locator(".errors, [role=alert], .error").first).to_be_visible()
        phone.locator("[name=pin]").fill(pin)
        phone.keyboard.press("Enter")
        expect(phone.locator('[data-show="about"]')).to_contain_text(link.guard.name)
