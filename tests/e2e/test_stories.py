"""Stories 1 to 4 of the trade, from the enterprise's side and the station's, in a real browser.

The pictures stay in ``var/stories/`` (or where STORIES says), numbered in the order of each story.
"""

import os
import re
from itertools import count
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from green_channel.models import Application, Item
from issues.models import Issue
from liaison.core.sheets import read_sheet
from tests import factories as make
from tests.e2e.people import make_move, open_move, pick, sign_in
from visits.models import Visit, VisitWord
from workers.checking.headings import ALIASES
from workers.models import Worker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
KEPT = Path(os.environ.get("STORIES", ROOT / "var" / "stories"))
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def story(page, browser, live_server, request):
    """The same browser for everybody at the station, a telephone for the enterprise."""
    context = browser.new_context(base_url=live_server.url, viewport=PHONE, locale="zh-CN")
    context.set_default_timeout(15_000)
    phone = context.new_page()
    name = request.node.name.removeprefix("test_")
    numbers = count(1)
    KEPT.mkdir(parents=True, exist_ok=True)

    def keep(shown, what):
        shown.screenshot(path=KEPT / f"{name}-{next(numbers):02d}-{what}.png", full_page=True)

    yield Story(page, phone, keep)
    context.close()


class Story:
    def __init__(self, station, enterprise, keep):
        self.station, self.enterprise, self.keep = station, enterprise, keep

    def at_the_station(self, person):
        # A page still loading would set its cookies after they are cleared, and the next
        # person's sign-in would be refused as forged.
        self.station.goto("about:blank")
        self.station.context.clear_cookies()
        sign_in(self.station, person)
        return self.station

    def at_the_enterprise(self, contact):
        sign_in(self.enterprise, contact)
        return self.enterprise

    def asks(self, tile, words, kind="", photo=None):
        """By a tile of the home page; the line that came of it."""
        phone = self.enterprise
        phone.goto("/portal/")
        phone.get_by_role("link", name=tile).click()
        if kind:
            phone.get_by_label(kind, exact=True).check()
        phone.get_by_label("情况说明").fill(words)
        if photo:
            phone.locator("input[type=file][multiple]").set_input_files(photo)
        phone.get_by_role("button", name="发送给派出所").click()
        phone.wait_for_url(re.compile(r"/portal/bill/[^/]+-\d{4}-\d+/$"))
        # By when one hears, and by when it is done, at once.
        expect(phone.get_by_text("承诺时限")).to_be_visible()
        return Issue.objects.latest("pk")

    def rates(self, line, step):
        phone = self.enterprise
        phone.goto(f"/portal/bill/{line.number}/")
        phone.get_by_role("link", name="评价", exact=True).click()
        phone.get_by_label(step, exact=True).check()
        phone.locator("main form button[type=submit]").click()
        expect(phone.get_by_role("status").first).to_be_visible()


@pytest.fixture
def photo():
    return {"name": "photo.png", "mimeType": "image/png", "buffer": make.picture_bytes()}


def contact_of(enterprise):
    return make.ContactUserFactory(enterprise=enterprise, name="示例联系人")


def goes_on(page, *moves):
    for move in moves:
        make_move(page, move)


def test_1_a_project_and_the_trees_on_its_land(story, photo):
    project = make.AssignedEnterpriseFactory(
        name="示例储能新建项目", kind="project", stage="signed"
    )
    contact, officer = contact_of(project), make.handler_of(project)
    second = make.OfficerFactory(unit=project.unit)
    phone = story.at_the_enterprise(contact)
    line = story.asks("要帮助", "村民在已征地块上抢栽树苗，施工队进不了场。", "矛盾纠纷", photo)
    assert (line.kind.code, line.source, line.handler) == ("dispute", "portal", officer)
    story.keep(phone, "promise")

    desk = story.at_the_station(officer)
    desk.goto(f"/issues/{line.number}/")
    goes_on(desk, "accept", "start")
    form = open_move(desk, "propose")
    form.get_by_label("办理结果").fill("三方签了调解协议，树苗已移走。")
    form.locator("input[type=file]").first.set_input_files(photo)
    form.locator("button.primary").click()
    expect(desk.get_by_role("status").first).to_contain_text("已完成")
    story.keep(desk, "mediated")

    # The last trees are still there: the enterprise says so before it is struck off.
    phone.goto(f"/portal/bill/{line.number}/")
    phone.get_by_role("link", name="还没解决").click()
    phone.locator("#reply textarea, main form textarea").first.fill("北侧还有两垄没有移。")
    phone.locator("main form button[type=submit]").first.click()
    expect(phone.locator(".timeline").get_by_text("北侧还有两垄没有移。")).to_be_visible()
    story.keep(phone, "not-yet")
    line.refresh_from_db()
    assert line.stage == "working"

    desk.goto(f"/issues/{line.number}/")
    form = open_move(desk, "propose")
    form.get_by_label("办理结果").fill("北侧两垄已移走，施工队进场。")
    if form.locator("input[type=file]").count():
        form.locator("input[type=file]").first.set_input_files(photo)
    form.locator("button.primary").click()
    expect(desk.get_by_role("status").first).to_contain_text("已完成")
    desk = story.at_the_station(second)
    desk.goto(f"/issues/{line.number}/")
    open_move(desk, "close").locator("button.primary").click()
    expect(desk.locator(".stamp.done")).to_be_visible()
    story.rates(line, "非常满意")
    story.keep(phone, "rated")
    assert line.ratings.get().step == 5


def test_2_dozens_of_outside_workers_registered_in_days(story):
    plant = make.AssignedEnterpriseFactory(name="示例精密铸造有限公司")
    contact, desk_officer = contact_of(plant), make.DeskFactory(unit=plant.unit)
    rows = [make.person(n) for n in range(30)]
    rows[7]["id_number"] = rows[7]["id_number"][:17] + "A"
    rows[12]["name"] = ""
    phone = story.at_the_enterprise(contact)
    phone.goto("/portal/workers/")
    phone.get_by_role("link", name="提交名单").first.click()
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    phone.locator("input[type=file]").first.set_input_files(
        {"name": "名单.xlsx", "mimeType": sheet, "buffer": make.list_of(rows)}
    )
    phone.get_by_role("button", name="核对名单").click()
    story.keep(phone, "checked")
    assert not Worker.objects.exists()
    phone.get_by_role("button", name=re.compile("28")).click()
    expect(phone.get_by_text("2 行退回")).to_be_visible()
    story.keep(phone, "handed-in")
    assert Worker.objects.count() == 28
    line = Issue.objects.get()
    assert (line.kind.code, line.next_due_at > timezone.now()) == ("approval", True)

    # What came back is repaired in the same spreadsheet, and goes into the same batch.
    with phone.expect_download() as download:
        phone.get_by_role("link", name=re.compile("下载待修正名单")).click()
    back = read_sheet(Path(download.value.path()).read_bytes(), aliases=ALIASES)
    assert len(back.rows) == 2
    repaired = [
        {**row.values, "name": row.values["name"] or "王示例", "id_number": make.resident_id()}
        for row in back.rows
    ]
    phone.get_by_role("link", name="上传修正后的名单").click()
    phone.locator("input[type=file]").first.set_input_files(
        {"name": "修正.xlsx", "mimeType": sheet, "buffer": make.list_of_repaired(repaired)}
    )
    phone.get_by_role("button", name="核对名单").click()
    phone.get_by_role("button", name=re.compile("2")).click()
    expect(phone.get_by_text("2 行退回")).to_have_count(0)
    assert Worker.objects.count() == 30
    batch = Worker.objects.first().batch
    phone.get_by_role("link", name="上传照片").click()
    phone.locator("input[type=file]").first.set_input_files(
        {
            "name": "照片.zip",
            "mimeType": "application/zip",
            "buffer": make.photos_of(
                [one["id_number"] for one in (*rows, *repaired) if one["id_number"][-1] != "A"]
            ),
        }
    )
    phone.locator("main form button[type=submit]").click()
    expect(phone.get_by_text("还没有照片")).to_have_count(0)

    desk = story.at_the_station(desk_officer)
    desk.goto(f"/workers/batches/{batch.pk}/")
    for move in ("核对无误", "登记并发证"):
        desk.get_by_role("link", name=re.compile(move)).click()
        desk.locator("main form button.primary").click()
    story.keep(desk, "registered")
    assert {one.status for one in Worker.objects.all()} == {"registered"}
    phone.goto(f"/portal/workers/batches/{batch.pk}/")
    story.keep(phone, "certificates")
    with phone.expect_download() as download:
        phone.get_by_role("link", name=re.compile("凭证")).first.click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")


def test_3_aluminium_is_missing_and_three_are_caught(story):
    plant = make.AssignedEnterpriseFactory(name="示例铝业有限公司")
    contact, officer = contact_of(plant), make.handler_of(plant)
    chief = make.ChiefFactory(unit=plant.unit)
    desk = story.at_the_station(officer)
    desk.get_by_role("link", name="记走访").click()
    pick(desk, "企业", "sllyy")
    expect(desk.locator("#about-enterprise")).to_contain_text("示例铝业有限公司")
    desk.get_by_label("示例联系人").check()
    desk.get_by_label("情况").fill("经理反映近几天铝材缺数。")
    desk.get_by_role("button", name="保存走访").click()
    visit = Visit.objects.get()
    story.keep(desk, "visit")

    phone = story.at_the_enterprise(contact)
    phone.goto("/portal/visits/")
    phone.get_by_role("link", name="是否属实").first.click()
    phone.get_by_label("属实", exact=True).check()
    phone.get_by_role("button", name="提交").click()
    assert VisitWord.objects.get(visit=visit).came
    line = story.asks("报隐患", "仓库铝锭盘点少了两吨，请尽快来人。", "案件线索")
    assert line.sensitive
    story.keep(phone, "reported")

    desk.goto(f"/issues/{line.number}/")
    goes_on(desk, "accept", "start")
    form = open_move(desk, "propose")
    form.get_by_label("办理结果").fill("抓获三名嫌疑人，追回铝锭。")
    form.get_by_label("挽回损失").fill("36000")
    form.locator("button.primary").click()
    desk = story.at_the_station(chief)
    desk.goto(f"/issues/{line.number}/")
    open_move(desk, "close").locator("button.primary").click()
    expect(desk.locator(".stamp.done")).to_be_visible()
    story.keep(desk, "closed")
    line.refresh_from_db()
    assert (line.stage, line.loss_recovered) == ("closed", 36000)
    story.rates(line, "满意")
    story.keep(phone, "rated")


def test_4_an_executives_household_registration_on_site(story, photo):
    plant = make.AssignedEnterpriseFactory(name="示例生物科技有限公司")
    contact, officer = contact_of(plant), make.handler_of(plant)
    item = Item.objects.get(code="household_in")
    phone = story.at_the_enterprise(contact)
    phone.goto("/portal/")
    phone.get_by_role("link", name="办证照").click()
    phone.get_by_role("link", name=str(item), exact=True).click()
    story.keep(phone, "what-is-needed")
    phone.get_by_role("link", name="申请", exact=True).click()
    phone.get_by_label("代办", exact=True).check()
    phone.locator("textarea").fill("引进的技术负责人一家三口落户，请上门办理。")
    papers = phone.locator("main form input[type=file]")
    for n in range(papers.count() - 1):
        papers.nth(n).set_input_files(photo)
    phone.get_by_role("button", name="提交申请").click()
    phone.wait_for_url(re.compile(r"/portal/green/applications/\d+/$"))
    story.keep(phone, "applied")
    application = Application.objects.get()

    # One paper is missing: all that is missing is said once, and the clock stands still.
    desk = story.at_the_station(officer)
    desk.goto(f"/green/{application.pk}/")
    desk.get_by_role("link", name=re.compile("补正")).first.click()
    desk.locator("#step form [name=words]").fill("请补齐清单所列材料")
    desk.locator("#step form button.primary").click()
    story.keep(desk, "correction")
    application.issue.refresh_from_db()
    assert application.issue.stage == "waiting"
    phone.reload()
    story.keep(phone, "what-is-missing")
    phone.locator("main form input[type=file]").first.set_input_files(photo)
    phone.locator("main form button[type=submit]").first.click()
    expect(phone.get_by_text("已发给责任警官")).to_be_visible()
    story.keep(phone, "supplied")
    # With the last paper the clock runs on by itself.
    application.issue.refresh_from_db()
    assert application.issue.stage == "working"

    desk.goto(f"/green/{application.pk}/")
    desk.get_by_role("link", name=re.compile("作出决定")).first.click()
    form = desk.locator("#step form")
    form.get_by_label("准予", exact=True).check()
    for box in form.locator("input[type=text]").all():
        box.fill("派出所窗口，工作日 8:30-17:30")
    if form.locator("input[type=file]").count():
        form.locator("input[type=file]").first.set_input_files(photo)
    form.locator("button.primary").click()
    story.keep(desk, "decided")
    phone.goto(f"/portal/green/applications/{application.pk}/")
    story.keep(phone, "ready")
    phone.get_by_role("button", name=re.compile("已领取|已收到")).click()
    application.issue.refresh_from_db()
    assert application.issue.stage == "closed"
    story.rates(application.issue, "非常满意")
    story.keep(phone, "rated")
