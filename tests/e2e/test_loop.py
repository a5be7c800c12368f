"""The main loop as people do it, in a real browser, by mouse and by keyboard."""

import json
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import expect

from issues.models import Issue
from tests import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"


def sign_in(page, user):
    page.goto("/accounts/sign-in/")
    page.get_by_label("手机号或用户名").fill(user.username)
    page.get_by_label("密码").fill(make.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def sign_out(page):
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_label("密码")).to_be_visible()


def open_move(page, name):
    page.locator(f'[data-move="{name}"] > summary').click()
    return page.locator(f'[data-move="{name}"] form')


def test_from_a_visit_to_a_close_out(page, tmp_path):
    enterprise = make.AssignedEnterpriseFactory(name="示例铝业有限公司")
    officer = make.handler_of(enterprise)
    chief = make.ChiefFactory(unit=enterprise.unit)
    photo = tmp_path / "photo.png"
    photo.write_bytes(make.picture_bytes("red", (320, 240)))

    sign_in(page, officer)
    page.goto(f"/visits/new/?enterprise={enterprise.pk}")
    page.get_by_text("治安防范指导员").click()
    page.get_by_label("情况").fill("东区仓库门口堆料。")
    page.get_by_role("button", name="+ 添加问题").click()
    page.get_by_label("一句话概括").fill("消防通道堆放铝材")
    page.get_by_role("button", name="保存走访").click()
    page.get_by_role("link", name="消防通道堆放铝材").click()

    for move in ("accept", "start"):
        open_move(page, move).get_by_role("button").click()
        expect(page.get_by_role("status").first).to_contain_text("已完成")
    form = open_move(page, "propose")
    form.get_by_label("办理结果").fill("已清走")
    form.get_by_role("button").click()
    # Refused for want of photos; what was typed is still there.
    expect(page.get_by_text("申请销号还缺")).to_be_visible()
    form = page.locator('[data-move="propose"] form')
    expect(form.get_by_label("办理结果")).to_have_value("已清走")
    form.get_by_label("整改前照片").set_input_files(photo)
    form.get_by_label("整改后照片").set_input_files(photo)
    form.get_by_role("button").click()
    expect(page.locator('[data-move="close"]')).to_have_count(0)
    number = Issue.objects.get().number
    sign_out(page)

    sign_in(page, chief)
    page.goto(f"/issues/{number}/")
    open_move(page, "close").get_by_role("button").click()
    expect(page.locator(".stamp.done")).to_be_visible()
    assert Issue.objects.get().stage == "closed"


def test_nothing_serious_for_those_who_cannot_see_or_use_a_mouse(page):
    issue = make.ProposedIssueFactory(kind="hazard")
    chief = make.ChiefFactory(unit=issue.unit)
    make.VisitFactory(enterprise=issue.enterprise)
    make.EnterpriseFactory(unit=issue.unit)
    sign_in(page, chief)
    paths = (
        "/",
        "/enterprises/",
        f"/enterprises/{issue.enterprise_id}/",
        f"/enterprises/{issue.enterprise_id}/edit/",
        "/enterprises/assignment/",
        "/enterprises/assignment/propose/",
        "/enterprises/hand-over/",
        "/issues/",
        f"/issues/{issue.number}/",
        "/issues/new/",
        "/visits/",
        f"/visits/new/?enterprise={issue.enterprise_id}",
        "/visits/inspections/new/",
        "/map/",
        "/search/?q=a",
    )
    found = {}
    for path in paths:
        page.goto(path)
        # By the debugger's protocol: the content policy allows no foreign script element.
        page.evaluate(AXE.read_text())
        result = page.evaluate("axe.run()")
        serious = [
            f"{one['id']}: {one['nodes'][0]['html'][:160]}"
            for one in result["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        if serious:
            found[path] = serious
    assert not found, json.dumps(found, ensure_ascii=False, indent=1)


@pytest.mark.parametrize("width", [1440, 768, 360])
def test_no_page_is_wider_than_the_screen(page, width):
    issue = make.ProposedIssueFactory(kind="hazard")
    sign_in(page, make.ChiefFactory(unit=issue.unit))
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("/", "/enterprises/", "/issues/", f"/issues/{issue.number}/", "/visits/new/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
