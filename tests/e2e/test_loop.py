"""The main loop as people do it, in a real browser."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from enterprises.models import Enterprise
from issues.models import Issue
from tests import factories as make
from tests.e2e.people import make_move, open_move, pick, sign_in, sign_out
from visits.models import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "photo.png"
    path.write_bytes(make.picture_bytes("red", (320, 240)))
    return path


def test_from_a_visit_to_a_close_out(page, photo):
    enterprise = make.AssignedEnterpriseFactory(name="示例铝业有限公司")
    make.ContactFactory(enterprise=enterprise, name="示例联系人")
    officer = make.handler_of(enterprise)
    chief = make.ChiefFactory(unit=enterprise.unit)

    sign_in(page, officer)
    page.get_by_role("link", name="记走访").click()
    pick(page, "企业", "sllyy")
    # What is known of it, and whom one meets there, come without losing the page.
    expect(page.locator("#about-enterprise")).to_contain_text("示例铝业有限公司")
    page.get_by_label("示例联系人").check()
    page.get_by_label("治安防范指导员").check()
    page.get_by_label("情况").fill("东区仓库门口堆料。")
    page.get_by_role("button", name="添加问题").click()
    page.get_by_label("一句话概括").fill("消防通道堆放铝材")
    page.get_by_role("button", name="保存走访").click()
    assert Visit.objects.get().met == "示例联系人"
    page.get_by_role("link", name="消防通道堆放铝材").click()

    make_move(page, "accept")
    make_move(page, "start")
    form = open_move(page, "propose")
    form.get_by_label("办理结果").fill("已清走")
    form.locator("button.primary").click()
    # Refused for want of photos; what was typed is still there.
    expect(page.get_by_text("申请销号还缺")).to_be_visible()
    form = page.locator("#move-propose form")
    expect(form.get_by_label("办理结果")).to_have_value("已清走")
    form.get_by_label("整改前照片").set_input_files(photo)
    form.get_by_label("整改后照片").set_input_files(photo)
    form.locator("button.primary").click()
    expect(page.get_by_role("status").first).to_contain_text("已完成")
    expect(page.locator('[data-move="close"]')).to_have_count(0)
    number = Issue.objects.get().number
    sign_out(page)

    sign_in(page, chief)
    page.get_by_role("link", name="待我审批").click()
    page.get_by_role("link", name="消防通道堆放铝材").click()
    open_move(page, "close").locator("button.primary").click()
    expect(page.locator(".stamp.done")).to_be_visible()
    assert Issue.objects.get(number=number).stage == "closed"


def test_of_two_people_one_wins_and_the_other_loses_no_word(page, browser, live_server):
    issue = make.WorkingIssueFactory(kind="other")
    chief = make.ChiefFactory(unit=issue.unit)
    new_handler = make.OfficerFactory(unit=issue.unit, name="示例新承办人")
    sign_in(page, chief)
    page.goto(f"/issues/{issue.number}/")
    form = open_move(page, "transfer")
    form.get_by_label("新承办人").select_option(label=new_handler.name)
    form.get_by_label("原因").fill("请熟悉该企业的同志办理")

    other = browser.new_context(base_url=live_server.url, locale="zh-CN").new_page()
    sign_in(other, issue.handler)
    other.goto(f"/issues/{issue.number}/")
    waiting = open_move(other, "wait")
    waiting.get_by_label("等待什么").fill("检测报告")
    waiting.get_by_label("等谁提供").fill("企业")
    waiting.get_by_label("等到哪天").fill(f"{timezone.localdate() + timedelta(days=3):%Y-%m-%d}")
    waiting.locator("button.primary").click()
    expect(other.get_by_role("status").first).to_contain_text("已完成")
    other.context.close()

    form.locator("button.primary").click()
    # The page says who was first and how it stands now, and keeps the words; sent again it goes.
    expect(page.get_by_role("alert").first).to_contain_text(str(issue.handler))
    form = page.locator("#move-transfer form")
    expect(form.get_by_label("原因")).to_have_value("请熟悉该企业的同志办理")
    form.locator("button.primary").click()
    expect(page.get_by_role("status").first).to_contain_text("已完成")
    now = Issue.objects.get(pk=issue.pk)
    assert (now.stage, now.handler) == ("waiting", new_handler)


def test_a_desk_gives_every_enterprise_its_officer(page):
    desk = make.DeskFactory()
    officer = make.OfficerFactory(unit=desk.unit, name="示例警官")
    for number in range(3):
        make.EnterpriseFactory(unit=desk.unit, name=f"示例第{number}厂")
    sign_in(page, desk)
    page.get_by_role("link", name="无责任警官").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    page.get_by_label("示例第0厂").check()
    page.get_by_label("指定给").select_option(label=officer.name)
    page.get_by_role("button", name="指定", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("1 家")
    page.goto("/enterprises/assignment/")
    page.get_by_role("link", name="推荐责任警官").click()
    page.get_by_role("button", name="保存勾选的").click()
    expect(page.get_by_role("status").first).to_contain_text("2 家")
    assert not Enterprise.objects.all().unassigned().exists()


def test_everything_goes_over_with_a_sheet_to_sign(page):
    issue = make.WorkingIssueFactory()
    desk = make.DeskFactory(unit=issue.unit)
    incoming = make.OfficerFactory(unit=issue.unit, name="示例接收人")
    sign_in(page, desk)
    page.goto("/enterprises/hand-over/")
    page.get_by_label("移交人").select_option(label=str(issue.handler))
    page.get_by_label("接收人").select_option(label=str(incoming))
    page.get_by_label("原因").fill("调动")
    button = page.locator("form button.primary")
    # A double click is no second thought.
    button.dblclick()
    expect(button).to_contain_text("确定")
    page.wait_for_timeout(800)
    button.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("示例接收人")
    expect(page.locator(".signatures")).to_be_visible()
    expect(page.get_by_text(issue.title)).to_be_visible()
    assert Issue.objects.get(pk=issue.pk).handler == incoming


def test_without_a_mouse(page):
    """Sign in, filter, open, move: Tab, Enter and Escape only."""
    issue = make.RaisedIssueFactory(kind="other", title="示例键盘问题")
    page.goto("/accounts/sign-in/")
    page.keyboard.type(issue.handler.username)
    page.keyboard.press("Tab")
    page.keyboard.type(make.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("今日必办")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()

    page.goto("/issues/")
    drop = page.locator("details[data-drop] > summary", has_text="类别")
    drop.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    page.wait_for_url("**kind=hazard**")
    expect(page.get_by_text("示例键盘问题")).to_have_count(0)

    page.goto(f"/issues/{issue.number}/")
    page.locator('form[data-move="accept"] button').focus()
    page.keyboard.press("Enter")
    expect(page.locator('form[data-move="start"]')).to_be_visible()
    page.locator('a[data-move="note"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator("#move-note")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.type("已电话联系")
    page.locator("#move-note form button").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".timeline")).to_contain_text("已电话联系")
