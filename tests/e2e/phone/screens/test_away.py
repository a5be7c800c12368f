"""Where there is no network, and where nothing can be kept."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from enterprises.models import Cadence, Enterprise
from tests import factories as make
from tests.e2e.phone.handset import EVERYTHING, lost, wait_for_worker
from tests.e2e.phone.screens.reading import NO_STORE, at, renewed, toast
from visits.models import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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
