"""Writing down a visit on the phone."""

import pytest
from playwright.sync_api import expect

from issues.models import Issue
from liaison.evidence.models import Evidence
from tests import factories as make
from tests.e2e.phone.screens.reading import KEPT, SENT, at, photo, renewed, sent, toast
from visits.models import Promise, Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_TAPS = 5


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
