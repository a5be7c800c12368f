"""A real browser. `page` is a fresh one for each test; `live_server` is pytest-django's."""

import os

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.services import Missing, chromium

SECONDS = 1000
# The window of a desk; tests of other sizes call page.set_viewport_size.
DESK = {"width": 1440, "height": 900}


def pytest_collection_modifyitems(items):
    # Playwright's synchronous API runs an event loop in this thread, which Django takes for an
    # asynchronous caller that must not touch the database.
    if any(item.get_closest_marker("browser") for item in items):
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def how_started():
    """What every Chromium of the tests is started with."""
    try:
        executable = chromium()
    except Missing as missing:
        pytest.skip(str(missing))
    # As root Chromium has no sandbox, and there is no GPU; nothing may call outside.
    args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    return {"executable_path": executable, "args": args}


@pytest.fixture(scope="session")
def playwright(how_started):
    expect.set_options(timeout=10 * SECONDS)
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright, how_started):
    running = playwright.chromium.launch(**how_started)
    yield running
    running.close()


@pytest.fixture
def page(browser, live_server):
    """Paths are relative to the live server: page.goto("/")."""
    context = browser.new_context(base_url=live_server.url, viewport=DESK, locale="zh-CN")
    context.set_default_timeout(15 * SECONDS)
    page = context.new_page()
    # An uncaught error in our JavaScript, or a resource the content policy blocked, is a failure
    # of whichever test met it.
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "console",
        lambda message: (
            problems.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )
    yield page
    context.close()
    assert not problems
