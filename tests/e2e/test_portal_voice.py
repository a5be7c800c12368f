"""A contact speaks instead of writing, on the page where one asks the station for something."""

import pytest
from playwright.sync_api import expect

from issues.models import Attachment, Issue
from tests import factories as make
from tests.e2e.people import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# A microphone that beeps once a second.
HEARS = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
ASK = "/portal/bill/ask/hazard/"
FILES = "[data-phone-files] input[type=file][multiple]"
PHONE = {"width": 360, "height": 740}
# What the person would say no to.
REFUSES = """navigator.mediaDevices.getUserMedia = async () => {
  throw new DOMException("no", "NotAllowedError");
};"""
CANNOT = "delete window.MediaRecorder;"


@pytest.fixture
def contact():
    return make.ContactUserFactory(enterprise=make.AssignedEnterpriseFactory())


@pytest.fixture(scope="module")
def listening(playwright, how_started):
    running = playwright.chromium.launch(**{**how_started, "args": how_started["args"] + HEARS})
    yield running
    running.close()


@pytest.fixture
def asking(listening, live_server, contact):
    """The page, open, in a browser that first runs the given script."""
    contexts = []
    problems = []

    def open_page(script=""):
        context = listening.new_context(
            base_url=live_server.url, viewport=PHONE, locale="zh-CN", permissions=["microphone"]
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        sign_in(page, contact)
        if script:
            page.add_init_script(script)
        page.goto(ASK)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not problems


def chosen(page):
    return page.locator(FILES).evaluate("input => [...input.files].map((one) => one.name)")


def test_what_is_spoken_is_sent_with_what_is_written_and_can_be_listened_to(asking):
    page = asking()
    page.locator("textarea").fill("东门外有人倾倒废料，经过说在录音里。")
    photo = {"name": "east.png", "mimeType": "image/png", "buffer": make.picture_bytes()}
    page.locator(FILES).set_input_files(photo)
    button = page.locator("[data-record]")
    label = button.inner_text()
    button.click()
    expect(page.locator("[data-record-time]")).to_contain_text("0:02")
    assert button.inner_text() != label, "the same button stops it"
    button.click()
    page.wait_for_function("where => document.querySelector(where).files.length === 2", arg=FILES)
    expect(button).to_have_text(label)
    first, second = chosen(page)
    assert first == "east.png"
    assert second.endswith(".webm")
    page.locator("form[data-draft] button[type=submit]").click()
    page.wait_for_url(lambda url: "/ask/" not in url)
    issue = Issue.objects.get()
    kept = Attachment.objects.filter(issue=issue).select_related("evidence")
    [spoken] = [one.evidence for one in kept if one.evidence.seconds is not None]
    assert kept.count() == 2
    assert 1 <= spoken.seconds <= 5
    page.goto(f"/portal/bill/{issue.number}/")
    sound = page.locator("audio")
    expect(sound).to_have_count(1)
    # Refused by the browser if these bytes were no sound.
    heard = "async (audio) => { audio.muted = true; await audio.play(); return audio.paused; }"
    assert sound.evaluate(heard) is False


def test_without_leave_to_listen_it_says_what_to_do_and_can_be_tried_again(asking):
    page = asking(REFUSES)
    button = page.locator("[data-record]")
    button.click()
    expect(page.locator("[data-record-time]")).to_have_text(
        button.get_attribute("data-no-microphone")
    )
    expect(button).to_be_enabled()
    assert chosen(page) == []


def test_where_nothing_can_be_recorded_there_is_no_button(asking):
    page = asking(CANNOT)
    expect(page.locator("[data-camera]")).to_be_attached()
    expect(page.locator("[data-record]")).to_be_hidden()
