"""The forms of moves in a browser: brought when they are opened, and what is typed stays."""

import pytest
from playwright.sync_api import expect

from issues.models import Issue
from tests import factories as make
from tests.e2e.people import open_move, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_is_typed_for_one_move_stays_while_another_is_looked_at(page):
    issue = make.WorkingIssueFactory(kind="other")
    sign_in(page, issue.handler)
    page.goto(f"/issues/{issue.number}/")
    expect(page.locator(".move")).to_have_count(0)
    # An impatient finger brings it once.
    page.locator('a[data-move="propose"]').dblclick()
    expect(page.locator("#move-propose")).to_be_focused()
    page.locator("#move-propose").get_by_label("办理结果").fill("已清走")
    open_move(page, "wait")
    expect(page.locator("#move-wait")).to_be_focused()
    expect(page.locator("#move-propose")).to_be_hidden()
    page.go_back()
    expect(page.locator("#move-wait")).to_be_hidden()
    form = open_move(page, "propose")
    expect(form.get_by_label("办理结果")).to_have_value("已清走")
    expect(page.locator(".move")).to_have_count(2)
    form.get_by_role("link", name="取消").click()
    expect(page.locator("#move-propose")).to_be_hidden()


def test_without_javascript_the_page_opens_with_the_form(browser, live_server):
    issue = make.WorkingIssueFactory(kind="other")
    context = browser.new_context(
        base_url=live_server.url, locale="zh-CN", java_script_enabled=False
    )
    page = context.new_page()
    sign_in(page, issue.handler)
    page.goto(f"/issues/{issue.number}/")
    form = open_move(page, "note")
    form.get_by_role("link", name="取消").click()
    expect(page.locator("#move-note")).to_have_count(0)
    form = open_move(page, "note")
    form.locator("textarea").fill("已电话联系")
    form.locator("button.primary").click()
    expect(page.locator(".timeline")).to_contain_text("已电话联系")
    context.close()


def test_who_is_signed_out_meanwhile_is_asked_to_sign_in(page):
    issue = make.WorkingIssueFactory(kind="other")
    sign_in(page, issue.handler)
    page.goto(f"/issues/{issue.number}/")
    page.context.clear_cookies()
    page.locator('a[data-move="propose"]').click()
    page.wait_for_url("**/accounts/sign-in/**")
    assert Issue.objects.get(pk=issue.pk).stage == "working"


def test_a_line_that_has_moved_on_is_shown_as_it_is(page):
    issue = make.WorkingIssueFactory(kind="other")
    sign_in(page, issue.handler)
    page.goto(f"/issues/{issue.number}/")
    Issue.objects.filter(pk=issue.pk).update(handler=make.OfficerFactory(unit=issue.unit))
    page.locator('a[data-move="propose"]').click()
    expect(page.locator('a[data-move="propose"]')).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_contain_text(issue.title)
