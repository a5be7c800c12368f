"""Cards as they come out of the printer, and the way from a scanned card to the phone's form."""

import io
import re

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests import factories as make
from tests.e2e.people import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
POINTS_PER_MM = 72 / 25.4
LONG = "示例新材料科技（示例市高新技术产业开发区）股份有限公司第二分公司东厂区"


@pytest.fixture
def station():
    unit = make.StationFactory(name="示例市公安局高新区分局示例路派出所")
    enterprises = [make.AssignedEnterpriseFactory(unit=unit) for _ in range(4)]
    enterprises.append(make.AssignedEnterpriseFactory(unit=unit, name=LONG))
    for one in enterprises:
        make.gate_code_of(one)
    return unit


def sizes_of(pdf):
    """Width and height of each sheet of a PDF, in whole millimetres."""
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    return [tuple(round(float(one) / POINTS_PER_MM) for one in box) for box in boxes]


@pytest.mark.parametrize(("paper", "sheets"), [("a4", [(210, 297)] * 2), ("a6", [(105, 148)] * 5)])
def test_the_printed_sheets_hold_the_cards_and_nothing_else(page, station, paper, sheets):
    sign_in(page, make.DeskFactory(unit=station))
    page.goto(f"/enterprises/cards/?paper={paper}")
    assert sizes_of(page.pdf(prefer_css_page_size=True, print_background=True)) == sheets
    page.emulate_media(media="print")
    expect(page.locator(".page-head")).to_be_hidden()
    for card in page.locator(".gate-card").all():
        box = card.evaluate("one => [one.scrollHeight, one.clientHeight]")
        assert box[0] <= box[1], "nothing is cut off"


@pytest.mark.parametrize("width", [1440, 360])
def test_the_codes_are_read_from_what_is_seen(page, station, width):
    sign_in(page, make.DeskFactory(unit=station))
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/enterprises/cards/")
    seen = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    read = {one.text for one in zxingcpp.read_barcodes(seen)}
    codes = [one.gate_codes.get().code for one in station.enterprises.all()]
    assert read == {page.evaluate("location.origin") + f"/g/{code}/" for code in codes}


def test_from_the_card_to_the_phones_form_of_a_visit(page, station):
    enterprise = station.enterprises.get(name__startswith=LONG[:6])
    page.set_viewport_size({"width": 360, "height": 760})
    page.goto(f"/g/{enterprise.gate_codes.get().code}/")
    page.locator("a.btn.primary").click()
    officer = make.handler_of(enterprise)
    page.get_by_label("手机号或用户名").fill(officer.username)
    page.get_by_label("密码").fill(make.PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/m/visits/new/\?enterprise={enterprise.pk}$"))
