"""What an enterprise has begun to write, on a bad connection and on somebody else's device."""

import re

import pytest
from playwright.sync_api import expect

from issues.actions import VERBS
from issues.models import Issue
from tests import factories as make
from tests.e2e.people import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ASK = "/portal/bill/ask/hazard/"
WORDS = "东门外有人倾倒废料。已经三天了"


@pytest.fixture
def contact():
    return make.ContactUserFactory(enterprise=make.AssignedEnterpriseFactory())


def begin(page):
    page.goto(ASK)
    page.locator("textarea").fill(WORDS)
    photo = {"name": "east.png", "mimeType": "image/png", "buffer": make.picture_bytes()}
    page.locator("input[type=file][multiple]").set_input_files(photo)
    kept(page)


def kept(page):
    """Until it is on the disk."""
    page.wait_for_function(
        """() => new Promise((resolve) => {
          const asked = indexedDB.open("liaison-portal");
          asked.onsuccess = () => {
            const rows = asked.result.transaction("bytes").objectStore("bytes").getAll();
            rows.onsuccess = () => {
              asked.result.close();
              resolve(rows.result.length === 1 && rows.result[0].files.length === 1);
            };
          };
        })"""
    )


def drafts(page):
    return page.evaluate(
        """() => new Promise((resolve) => {
          const asked = indexedDB.open("liaison-portal");
          asked.onsuccess = () => {
            const rows = asked.result.transaction("drafts").objectStore("drafts").getAll();
            rows.onsuccess = () => {
              asked.result.close();
              resolve(rows.result.length);
            };
          };
        })"""
    )


def test_without_a_connection_it_is_kept_and_sent_once_when_it_is_back(page, contact):
    sign_in(page, contact)
    begin(page)
    page.context.set_offline(True)
    send = page.locator("form[data-draft] button[type=submit]")
    send.click()
    notice = page.locator("form[data-draft] .draft")
    expect(notice).to_be_visible()
    expect(page.locator("textarea")).to_have_value(WORDS)
    assert not Issue.objects.exists()
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("textarea")).to_have_value(WORDS)
    expect(notice).to_be_visible()
    assert page.locator("input[type=file][multiple]").evaluate("one => one.files.length") == 1
    send.click()
    page.wait_for_url(re.compile(r"/portal/bill/[^/]+-\d{4}-\d+/$"))
    issue = Issue.objects.get()
    assert issue.text == WORDS
    assert issue.attachments.count() == 1
    page.goto(ASK)
    expect(page.locator("textarea")).to_have_value("")
    assert drafts(page) == 0


def test_a_server_that_is_away_takes_no_form_with_it(page, contact):
    """The browser believes it has a connection, and nothing answers."""
    sign_in(page, contact)
    begin(page)
    page.route("**/healthz", lambda route: route.abort())
    page.locator("form[data-draft] button[type=submit]").click()
    expect(page.locator("form[data-draft] .draft")).to_be_visible()
    expect(page.locator("textarea")).to_have_value(WORDS)
    page.unroute("**/healthz")
    # It answers, and the answer to the form itself is lost: sent again it is the same line.
    page.route(f"**{ASK}", lost_answer)
    page.locator("form[data-draft] button[type=submit]").click()
    page.wait_for_timeout(1500)
    page.unroute(f"**{ASK}")
    # With the answer its cookie was lost, which the test's own asking has kept.
    page.context.clear_cookies(name="draft_taken")
    assert Issue.objects.count() == 1
    page.goto(ASK)
    expect(page.locator("textarea")).to_have_value(WORDS)
    page.locator("form[data-draft] button[type=submit]").click()
    page.wait_for_url(re.compile(r"/portal/bill/[^/]+-\d{4}-\d+/$"))
    assert Issue.objects.count() == 1


def lost_answer(route):
    if route.request.method == "POST":
        route.fetch(max_redirects=0)
        route.abort()
    else:
        route.continue_()


def test_a_refused_form_keeps_its_files_once(page, contact):
    sign_in(page, contact)
    begin(page)
    # Longer than may be: past the browser's own check.
    page.locator("textarea").evaluate("one => { one.removeAttribute('maxlength'); }")
    page.locator("textarea").fill("长" * 4001)
    page.locator("form[data-draft] button[type=submit]").click()
    expect(page.locator("ul.error").first).to_be_visible()
    page.locator("textarea").fill(WORDS)
    photo = {"name": "east.png", "mimeType": "image/png", "buffer": make.picture_bytes()}
    page.locator("input[type=file][multiple]").set_input_files(photo)
    page.locator("form[data-draft] button[type=submit]").click()
    page.wait_for_url(re.compile(r"/portal/bill/[^/]+-\d{4}-\d+/$"))
    assert Issue.objects.get().attachments.count() == 1


def test_nothing_of_it_is_there_for_the_next_person(page, contact):
    sign_in(page, contact)
    begin(page)
    page.context.clear_cookies()
    other = make.ContactUserFactory(enterprise=contact.contact_for.get().enterprise)
    sign_in(page, other)
    page.goto(ASK)
    expect(page.locator("textarea")).to_have_value("")
    assert drafts(page) == 0


def test_signing_out_takes_it_away(page, contact):
    sign_in(page, contact)
    begin(page)
    page.goto("/portal/mine/")
    page.locator("form[data-ends-session] button").click()
    page.wait_for_url("**/accounts/sign-in/**")
    assert drafts(page) == 0


def test_asked_proposed_disputed_and_confirmed_from_both_sides(page, contact):
    sign_in(page, contact)
    page.goto("/portal/")
    page.locator('a[href="/portal/bill/ask/help/"]').click()
    page.locator('label.chip:has(input[value="service"])').click()
    page.locator("textarea").fill("要一份门卫制度样本")
    page.locator("form[data-draft] button[type=submit]").click()
    page.wait_for_url(re.compile(r"/portal/bill/[^/]+-\d{4}-\d+/$"))
    issue = Issue.objects.get()
    officer = issue.handler
    for name, values in (("accept", {}), ("start", {}), ("propose", {"summary": "已送到"})):
        issue = VERBS[name](issue, by=officer, version=issue.version, **values)
    page.goto("/portal/")
    page.locator(f'a[href="/portal/bill/{issue.number}/moves/dispute/"]').click()
    page.locator("textarea").fill("还没有收到")
    page.locator("form[data-draft] button[type=submit]").click()
    expect(page.locator(".timeline")).to_contain_text("还没有收到")
    issue.refresh_from_db()
    assert issue.stage == "working"
    issue = VERBS["propose"](issue, by=officer, version=issue.version, summary="重新送到")
    page.goto(f"/portal/bill/{issue.number}/")
    page.locator('a[data-move="close"]').click()
    page.locator("form[data-draft] button[type=submit]").click()
    expect(page.locator("[data-move=reopen]")).to_be_visible()
    issue.refresh_from_db()
    assert issue.stage == "closed"


def test_asked_for_with_the_keyboard_alone(page, contact):
    sign_in(page, contact)
    reach(page, "报隐患")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{ASK}")
    reach(page, "text", "name")
    page.keyboard.type(WORDS)
    reach(page, "发送给派出所")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/portal/bill/[^/]+-\d{4}-\d+/$"))
    assert Issue.objects.get().text == WORDS


def reach(page, wanted, what="innerText"):
    """By the Tab key, as somebody does who has no mouse; what is reached is seen to be."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            """(what) => {
              const one = document.activeElement;
              const seen = getComputedStyle(one).outlineStyle !== "none";
              return [one[what] || "", seen || one.matches("textarea, input")];
            }""",
            what,
        )
        if focused[0].strip().startswith(wanted):
            assert focused[1], "the focus cannot be seen"
            return
    raise AssertionError(f"no way to “{wanted}” by the Tab key")
