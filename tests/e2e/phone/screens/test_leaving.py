"""One phone and two officers: signing out, and somebody else signing in."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import factories as make
from tests.e2e.people import sign_in
from tests.e2e.phone.handset import OUTBOX, lost, says_json
from tests.e2e.phone.screens.reading import KEPT, SENT, at, toast
from visits.models import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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
