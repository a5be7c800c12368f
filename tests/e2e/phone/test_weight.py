"""What the phone fetches over a weak network: little the first time, next to nothing after."""

import subprocess
import sys

import pytest
from django.conf import settings as site
from playwright.sync_api import expect

from tests import factories as make
from tests.e2e.people import sign_in
from tests.e2e.phone.handset import SCREEN, wait_for_worker
from tests.e2e.phone.weather import Server, Weather

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIRST, LATER = 150_000, 6_000  # bytes
ENTERPRISES, OTHERS = 20, 140


@pytest.fixture
def officer(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    officer = make.OfficerFactory()
    for _own in range(ENTERPRISES):
        enterprise = make.AssignedEnterpriseFactory(unit=officer.unit, officer=officer)
        make.ContactFactory(enterprise=enterprise)
        make.RaisedIssueFactory(enterprise=enterprise)
    make.EnterpriseFactory.create_batch(OTHERS, unit=officer.unit)
    return officer


@pytest.fixture
def network(officer, tmp_path):
    """As a station's server gives it out: static files collected, named by content, compressed."""
    server = Server(tmp_path, STATIC_ROOT=str(tmp_path / "static"))
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput"],
        cwd=site.BASE_DIR, env=server.env, check=True, capture_output=True,
    )  # fmt: skip
    server.start()
    network = Weather(server)
    yield network
    network.stop()
    server.stop()


@pytest.fixture
def page(browser, network):
    context = browser.new_context(base_url=network.url, viewport=SCREEN, locale="zh-CN")
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def test_the_first_load_is_small_and_the_next_is_hardly_one(page, network, officer):
    sign_in(page, officer)
    network.told.clear()
    page.goto("/m/")
    expect(page.locator("#main .rows li").first).to_be_visible()
    wait_for_worker(page)
    first = dict(network.told)
    assert {"/m/", "/mobile/data/"} <= first.keys()
    assert sum(size for _path, size in network.told) <= FIRST, network.told

    network.told.clear()
    page.goto("/m/enterprises/")
    expect(page.locator("#main .rows li").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    asked = {path for path, _size in network.told}
    assert asked <= {"/mobile/who/", "/mobile/data/", "/m/worker.js"}
    assert sum(size for _path, size in network.told) <= LATER, network.told
