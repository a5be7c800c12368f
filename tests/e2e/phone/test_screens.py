"""What an officer sees and presses on the phone."""

import json
from pathlib import Path

import axe_playwright_python
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from enterprises.models import Cadence, Enterprise
from issues.models import Event, Issue
from liaison.evidence.models import Evidence
from tests import factories as make
from tests.e2e.people import sign_in
from tests.e2e.phone.handset import EVERYTHING, OUTBOX, lost, says_json, wait_for_worker
from visits.models import Promise, Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
# Fingers are as wide as ever.
TARGET = 44
MOST_TAPS = 5
NO_STORE = "indexedDB.open = () => { throw new DOMException('no', 'SecurityError'); };"
KEPT, SENT = "已保存到手机", "全部已传到所里"


@pytest.fixture
def enterprise(officer):
    enterprise = make.AssignedEnterpriseFactory(
        unit=officer.unit, officer=officer, name="示例铝业有限公司"
    )
    make.ContactFactory(enterprise=enterprise, name="示例联系人", phone="13900001111")
    return enterprise


@pytest.fixture
def page(phone):
    """At today's calls, once the phone knows them."""
    expect(phone.page.locator("#main")).not_to_contain_text("正在取")
    return phone.page


def at(page, path):
    page.goto(path)
    expect(page.locator("#main .screen")).to_be_visible()
    return page


def renewed(phone):
    """The phone knows what has been made since."""
    phone.run("await phone.refresh();")


def sent(page):
    """What was saved last is at the station."""
    expect(toast(page)).to_contain_text(KEPT)
    at(page, "/m/outbox/")
    expect(page.get_by_text(SENT)).to_be_visible()


def toast(page):
    return page.locator("#head .toast")


def photo(name="image.jpg"):
    return {"name": name, "mimeType": "image/png", "buffer": make.picture_bytes("red")}


def test_from_the_enterprise_to_a_saved_visit_in_five_taps(page, enterprise):
    """Besides what must be typed."""
    at(page, f"/m/enterprises/{enterprise.pk}/")
    taps = []

    def tap(locator):
        taps.append(str(locator))
        locator.tap()

    tap(page.locator("#main").get_by_role("link", name="记走访"))
    tap(page.locator(".chip", has_text="风险隐患化解员"))
    tap(page.get_by_label("情况", exact=True))
    page.keyboard.type("东区仓库门口堆料已清走一半")
    tap(page.get_by_role("button", name="保存走访"))
    expect(toast(page)).to_contain_text(KEPT)
    assert len(taps) <= MOST_TAPS
    page.goto("/m/outbox/")
    expect(page.get_by_text(SENT)).to_be_visible()
    visit = Visit.objects.get()
    assert (visit.channel, visit.roles) == ("on_site", ["risk_resolver"])
    assert visit.summary == "东区仓库门口堆料已清走一半"


def test_a_visit_with_all_there_is_to_say(page, enterprise):
    at(page, f"/m/visits/new/?enterprise={enterprise.pk}")
    page.get_by_label("情况", exact=True).fill("看了仓库")
    page.locator('[data-photos="visit"] input[multiple]').set_input_files([photo(), photo()])
    expect(page.locator('[data-photos="visit"] img')).to_have_count(2)
    page.locator("[data-add-finding]").tap()
    finding = page.locator(".finding")
    finding.get_by_label("什么问题").fill("消防通道堆料")
    finding.get_by_label("类别").select_option("hazard")
    finding.locator("input[multiple]").set_input_files(photo())
    expect(finding.locator("img")).to_have_count(1)
    page.locator("details.more summary").tap()
    page.locator(".chip", has_text="示例联系人").tap()
    page.get_by_label("我承诺的事").fill("周五复查")
    page.get_by_role("button", name="保存走访").tap()
    sent(page)
    visit = Visit.objects.get()
    assert (visit.met, visit.files.count()) == ("示例联系人", 2)
    assert Promise.objects.get().text == "周五复查"
    assert Issue.objects.get().title == "消防通道堆料"
    assert Evidence.objects.count() == 3
    # What was promised is ticked off where it was made.
    at(page, f"/m/enterprises/{enterprise.pk}/")
    page.get_by_role("button", name="标记兑现").tap()
    sent(page)
    assert Promise.objects.get().kept_at


def test_a_visit_that_says_nothing_is_not_kept_and_nothing_is_lost(page, enterprise):
    at(page, f"/m/visits/new/?enterprise={enterprise.pk}")
    page.get_by_role("button", name="保存走访").tap()
    expect(page.locator("[data-wrong]")).to_contain_text("请写明")
    assert page.evaluate("location.pathname") == "/m/visits/new/"


def test_what_is_typed_survives_the_page(page, enterprise):
    at(page, f"/m/visits/new/?enterprise={enterprise.pk}")
    page.get_by_label("情况", exact=True).fill("写到一半")
    page.locator(".chip", has_text="治安防范指导员").tap()
    page.locator('[data-photos="visit"] input[multiple]').set_input_files(photo())
    expect(page.locator('[data-photos="visit"] img')).to_have_count(1)
    page.wait_for_timeout(500)
    page.reload()
    expect(page.get_by_label("情况", exact=True)).to_have_value("写到一半")
    expect(page.locator(".chip", has_text="治安防范指导员").locator("input")).to_be_checked()
    expect(page.locator('[data-photos="visit"] img')).to_have_count(1)
    # And is found again where the day begins.
    at(page, "/m/")
    page.get_by_role("link", name=enterprise.name).first.tap()
    expect(page.get_by_label("情况", exact=True)).to_have_value("写到一半")


def test_another_enterprise_keeps_what_was_typed(phone, page, enterprise, officer):
    other = make.AssignedEnterpriseFactory(unit=officer.unit, officer=officer, name="示例纺织厂")
    renewed(phone)
    at(page, f"/m/visits/new/?enterprise={enterprise.pk}")
    page.get_by_label("情况", exact=True).fill("写到一半")
    page.get_by_label("企业 / 项目").select_option(str(other.pk))
    expect(page.get_by_label("情况", exact=True)).to_have_value("写到一半")
    page.get_by_role("button", name="保存走访").tap()
    expect(toast(page)).to_contain_text(KEPT)
    page.wait_for_url(f"**/m/enterprises/{other.pk}/")
    sent(page)
    assert Visit.objects.get().enterprise == other


def test_a_line_is_raised_and_worked_on(page, enterprise):
    at(page, f"/m/issues/new/?enterprise={enterprise.pk}")
    page.get_by_label("什么问题").fill("门前路灯不亮")
    page.locator(".chip", has_text="服务诉求").tap()
    page.get_by_role("button", name="记入账单").tap()
    sent(page)
    line = Issue.objects.get()
    for name in ("受理", "开始办理"):
        at(page, f"/m/issues/{line.pk}/")
        page.get_by_role("link", name=name).tap()
        page.get_by_role("button", name=name).tap()
        expect(toast(page)).to_contain_text(KEPT)
        at(page, "/m/outbox/")
        expect(page.get_by_text(SENT)).to_be_visible()
    line.refresh_from_db()
    assert line.stage == "working"


def test_several_moves_in_a_row_without_network(phone, page, enterprise):
    """Each on what the one before will have left."""
    line = make.RaisedIssueFactory(enterprise=enterprise)
    renewed(phone)
    with phone.without_network():
        at(page, f"/m/issues/{line.pk}/")
        for name in ("受理", "开始办理", "申请销号"):
            page.get_by_role("link", name=name).tap()
            if name == "申请销号":
                page.locator("form textarea").first.fill("当场办好")
            page.get_by_role("button", name=name).tap()
            expect(toast(page)).to_contain_text(KEPT)
        expect(page.locator("#main")).to_contain_text("之后：")
    page.get_by_role("link", name="待发").first.tap()
    page.get_by_role("button", name="现在发送").tap()
    expect(page.get_by_text(SENT)).to_be_visible()
    line.refresh_from_db()
    assert (line.stage, line.version) == ("proposed", 4)


def test_a_close_out_wants_its_proofs_and_has_them(phone, page, enterprise):
    line = make.WorkingIssueFactory(enterprise=enterprise, kind="hazard")
    renewed(phone)
    at(page, f"/m/issues/{line.pk}/?move=propose")
    form = page.locator("form")
    form.locator("textarea").first.fill("通道已清")
    form.locator("input[multiple]").set_input_files([photo(), photo()])
    expect(form.locator("img")).to_have_count(2)
    form.get_by_role("button", name="申请销号").tap()
    sent(page)
    proofs = Event.objects.get(move="propose").attachments.values_list("proof", flat=True)
    assert sorted(proofs) == ["after", "before"]


def test_who_was_first_stands_beside_me_and_one_tap_does_it_again(phone, page, enterprise):
    """Failure 25: nothing is overwritten, and nothing of mine is lost."""
    line = make.RaisedIssueFactory(enterprise=enterprise)
    renewed(phone)
    at(page, f"/m/issues/{line.pk}/?move=accept")
    page.locator("form textarea").fill("马上去看")
    with phone.without_network():
        page.get_by_role("button", name="受理").tap()
        expect(toast(page)).to_contain_text(KEPT)
        Issue.objects.filter(pk=line.pk).update(version=9, title="改过的标题")
    at(page, "/m/outbox/")
    page.get_by_role("button", name="现在发送").tap()
    expect(page.locator("#head .sync")).to_contain_text("1 条要处理")
    page.locator("#main .rows a").tap()
    mine, theirs = page.locator(".sides .card").all()
    expect(mine).to_contain_text("马上去看")
    expect(theirs).to_contain_text("改过的标题")
    page.get_by_role("button", name="按现在的情况重新提交").tap()
    expect(page.get_by_text(SENT)).to_be_visible()
    assert Event.objects.get(move="accept").text == "马上去看"


def test_what_is_refused_is_mended_in_its_form(page, enterprise):
    at(page, f"/m/visits/new/?enterprise={enterprise.pk}")
    page.get_by_label("情况", exact=True).fill("看了现场")
    page.locator("details.more summary").tap()
    page.get_by_label("走访时间").fill("2099-01-01T10:00")
    page.get_by_role("button", name="保存走访").tap()
    expect(toast(page)).to_contain_text(KEPT)
    at(page, "/m/outbox/")
    page.get_by_role("link", name="看了现场").tap()
    expect(page.locator("#main")).to_contain_text("时间不能晚于现在")
    page.get_by_role("button", name="修改后重新保存").tap()
    expect(page.get_by_label("情况", exact=True)).to_have_value("看了现场")
    page.locator("details.more summary").tap()
    page.get_by_label("走访时间").fill("2026-01-05T10:00")
    page.get_by_role("button", name="保存走访").tap()
    sent(page)
    assert Visit.objects.count() == 1


def test_without_network_everything_is_there_and_said_to_be_old(phone, page, enterprise):
    wait_for_worker(page)
    with phone.offline():
        at(page, "/m/")
        expect(page.locator("#head .sync")).to_contain_text("离线")
        expect(page.locator("#head")).to_contain_text("没有网络")
        at(page, "/m/enterprises/")
        page.get_by_role("link", name=enterprise.name).tap()
        expect(page.locator("#main")).to_contain_text("13900001111")


def test_a_card_at_a_gate_opens_the_form_without_network(phone, page, enterprise):
    code = make.gate_code_of(enterprise)
    renewed(phone)
    wait_for_worker(page)
    with phone.offline():
        page.goto(f"/g/{code.code}/")
        page.wait_for_url("**/m/visits/new/**")
        expect(page.get_by_label("企业 / 项目")).to_have_value(str(enterprise.pk))


def test_a_browser_that_keeps_nothing_says_so_before_anything_is_typed(
    handsets, officer, enterprise
):
    page = handsets(init_script=NO_STORE).signed_in(officer).page
    at(page, f"/m/visits/new/?enterprise={enterprise.pk}")
    expect(page.get_by_role("alert").first).to_contain_text("不允许保存")
    page.get_by_label("情况", exact=True).fill("照样能写")
    page.get_by_role("button", name="保存走访").tap()
    expect(toast(page)).to_contain_text("已发送")
    assert Visit.objects.get().summary == "照样能写"


def test_where_nothing_is_kept_and_nothing_sent_the_form_keeps_it(handsets, officer, enterprise):
    phone = handsets(init_script=NO_STORE).signed_in(officer)
    page = at(phone.page, f"/m/visits/new/?enterprise={enterprise.pk}")
    page.get_by_label("情况", exact=True).fill("照样能写")
    with phone.answered(EVERYTHING, lost):
        page.get_by_role("button", name="保存走访").tap()
        expect(page.locator("[data-wrong]")).to_be_visible()
    expect(page.get_by_label("情况", exact=True)).to_have_value("照样能写")
    page.get_by_role("button", name="保存走访").tap()
    expect(toast(page)).to_contain_text("已发送")
    assert Visit.objects.count() == 1


def test_signing_out_warns_of_what_was_not_sent(phone, page, officer, enterprise):
    with phone.answered(OUTBOX, says_json(503, {"code": "busy", "message": "忙"})):
        at(page, f"/m/visits/new/?enterprise={enterprise.pk}")
        page.get_by_label("情况", exact=True).fill("还没传")
        page.get_by_role("button", name="保存走访").tap()
        expect(toast(page)).to_contain_text(KEPT)
        at(page, "/m/more/")
        expect(page.locator("#main")).to_contain_text("没有传到所里")
        with page.expect_download() as saved:
            page.get_by_role("button", name="存成文件").tap()
        told = json.loads(Path(saved.value.path()).read_text())
        assert told["operations"][0]["body"]["summary"] == "还没传"
        page.get_by_role("button", name="加密保留").tap()
        page.wait_for_url("**/accounts/sign-in/**")
    sign_in(page, officer)
    at(page, "/m/outbox/")
    expect(page.get_by_text(SENT)).to_be_visible()
    assert Visit.objects.get().summary == "还没传"


def test_another_officer_is_shown_nothing_of_the_first(phone, page, officer, enterprise):
    with phone.answered(OUTBOX, lost):
        at(page, f"/m/visits/new/?enterprise={enterprise.pk}")
        page.get_by_label("情况", exact=True).fill("我写的")
        page.get_by_role("button", name="保存走访").tap()
        expect(toast(page)).to_contain_text(KEPT)
        phone.context.clear_cookies()
    sign_in(page, make.OfficerFactory(unit=officer.unit, name="另一位"))
    at(page, "/m/outbox/")
    expect(page.get_by_text(SENT)).to_be_visible()
    at(page, "/m/more/")
    expect(page.locator("#main")).to_contain_text("另一位")
    expect(page.locator("#main")).not_to_contain_text("没有传到所里")
    assert Visit.objects.count() == 0


def test_an_open_page_is_emptied_for_another_and_begins_anew(phone, page, officer, enterprise):
    other = phone.tab()
    at(page, f"/m/enterprises/{enterprise.pk}/")
    phone.context.clear_cookies()
    sign_in(other, make.OfficerFactory(unit=officer.unit, name="另一位"))
    other.goto("/m/")
    expect(other.locator("#main .day")).to_contain_text("另一位")
    # As when one comes back to it.
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("alert").first).to_contain_text("另一人登录")
    page.get_by_role("button", name="重新打开").tap()
    page.locator('#tabs a[href="/m/more/"]').tap()
    expect(page.locator("#main")).to_contain_text("另一位")


def test_without_network_the_way_goes_to_the_nearest(handsets, officer, enterprise):
    """The plan chooses; the order from where one stands needs no server."""
    Enterprise.objects.filter(pk=enterprise.pk).update(longitude=120.50, latitude=36.80)
    near = make.AssignedEnterpriseFactory(
        unit=officer.unit, officer=officer, name="示例近邻厂", longitude=120.41, latitude=36.80
    )
    Cadence.objects.update(next_contact_due_on=timezone.localdate())
    phone = handsets(
        geolocation={"longitude": 120.40, "latitude": 36.80}, permissions=["geolocation"]
    ).signed_in(officer)
    page = phone.page
    expect(page.locator(".first")).to_be_visible()
    with phone.answered("**/day-plan/", lost):
        page.get_by_role("button", name="按我现在的位置重排").tap()
        expect(toast(page)).to_contain_text("没有网络")
    expect(page.locator(".first")).to_contain_text(near.name)
    expect(page.locator(".rows .leg").first).to_contain_text("公里")


def test_a_notice_is_read_where_there_is_no_network(phone, page, officer):
    make.NoticeFactory(recipient=officer, title="请今天去看一看", text="东区仓库有人反映")
    renewed(phone)
    at(page, "/m/inbox/")
    page.get_by_text("请今天去看一看").tap()
    expect(page.get_by_text("东区仓库有人反映")).to_be_visible()


def test_letters_grow(page):
    at(page, "/m/more/")
    before = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    page.get_by_role("button", name="大字").tap()
    page.reload()
    expect(page.locator("#main .screen")).to_be_visible()
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") > before * 1.2


def screens(enterprise, line):
    return [
        "/m/",
        "/m/enterprises/",
        f"/m/enterprises/{enterprise.pk}/",
        f"/m/visits/new/?enterprise={enterprise.pk}",
        "/m/issues/",
        f"/m/issues/{line.pk}/",
        f"/m/issues/{line.pk}/?move=accept",
        f"/m/issues/new/?enterprise={enterprise.pk}",
        "/m/inbox/",
        "/m/outbox/",
        "/m/more/",
        "/m/nothing/of/the/kind/",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_screen_can_be_read_and_pressed(handsets, officer, enterprise, scheme):
    """Axe finds nothing serious, nothing is wider than the phone, nothing is too small for a
    thumb, in small letters and in large."""
    line = make.RaisedIssueFactory(enterprise=enterprise)
    page = handsets(color_scheme=scheme).signed_in(officer).page
    found = {}
    for path in screens(enterprise, line):
        at(page, path)
        page.evaluate(AXE.read_text())
        result = page.evaluate("axe.run()")
        wrong = [
            f"{one['id']}: {one['nodes'][0]['html'][:160]}"
            for one in result["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        wrong += [f"too small: {one}" for one in page.evaluate(SMALL, TARGET)]
        for letters in ("", "large"):
            page.evaluate("(name) => { document.documentElement.className = name; }", letters)
            if page.evaluate("document.documentElement.scrollWidth") > page.viewport_size["width"]:
                wrong.append(f"wider than the phone in {letters or 'small'} letters")
        if wrong:
            found[path] = wrong
    assert not found, json.dumps(found, ensure_ascii=False, indent=1)


# A link in running text is as high as its line.
SMALL = """(least) => Array.from(document.querySelectorAll("a, button, input, select, textarea"))
  .filter((one) => !one.closest("p, .chip, .tick, .skip") && one.getClientRects().length)
  .map((one) => [one.outerHTML.slice(0, 100), one.getBoundingClientRect()])
  .filter(([, box]) => box.height < least - 0.5 || box.width < least - 0.5)
  .map(([html, box]) => `${html} ${box.width}x${box.height}`)"""
