"""The page of cards to print: what the ledger shows, and a code that leads to the gate."""

import re

import pytest
import zxingcpp
from django.test import Client
from PIL import Image, ImageDraw

from enterprises.models import GateCode
from enterprises.views.cards import AT_ONCE, qr_of
from liaison.accounts.models import Kind
from tests import factories as make

pytestmark = pytest.mark.django_db
PAGE = "/enterprises/cards/"


@pytest.fixture
def enterprise():
    return make.AssignedEnterpriseFactory(name="示例铝业有限公司")


@pytest.fixture
def desk(enterprise):
    client = Client()
    client.force_login(make.someone(Kind.DESK, enterprise.unit))
    return client


def drawn(svg):
    """The picture of a code: segno draws it in lines one unit wide, of which each step is a move
    from where the last one ended."""
    side = int(re.search(r'viewBox="0 0 (\d+) \d+"', svg)[1])
    scale = 4
    picture = Image.new("L", (side * scale, side * scale), 255)
    pen = ImageDraw.Draw(picture)
    x = y = 0.0
    for letter, numbers in re.findall(r"([Mmh])([-\d. ]+)", re.search(r' d="([^"]+)"', svg)[1]):
        steps = [float(one) for one in re.findall(r"-?\d*\.?\d+", numbers)]
        if letter == "h":
            top = (y - 0.5) * scale
            pen.rectangle((x * scale, top, (x + steps[0]) * scale - 1, top + scale - 1), fill=0)
            x += steps[0]
        elif letter == "M":
            x, y = steps
        else:
            x, y = x + steps[0], y + steps[1]
    return picture


def read(svg):
    [found] = zxingcpp.read_barcodes(drawn(svg))
    return found.text


def codes_on(page):
    return [read(one) for one in re.findall(r"<svg[^>]*class=\"qr\".*?</svg>", page, re.DOTALL)]


def test_a_code_reads_as_its_address_and_holds_nothing_inline():
    for address in ("http://127.0.0.1:8000/g/abcdefghijklmnop/", "https://jq.example.cn/g/-_0/"):
        svg = qr_of(address)
        assert read(svg) == address
        assert "style" not in svg
        assert "<script" not in svg


def test_looking_makes_no_code_and_the_button_makes_them(desk, enterprise):
    assert "card-sheet" not in desk.get(PAGE).content.decode()
    assert not GateCode.objects.exists()
    answer = desk.post(f"{PAGE}?q=%E9%93%9D%E4%B8%9A", follow=True)
    assert answer.redirect_chain == [(f"{PAGE}?q=%E9%93%9D%E4%B8%9A", 302)]
    code = enterprise.gate_codes.get().code
    assert codes_on(answer.content.decode()) == [f"http://testserver/g/{code}/"]


def test_a_card_names_the_station_the_enterprise_and_the_officer(desk, enterprise):
    make.gate_code_of(enterprise)
    page = desk.get(PAGE).content.decode()
    card = re.search(r"<article.*?</article>", page, re.DOTALL)[0]
    for words in (enterprise.name, enterprise.unit.name, make.handler_of(enterprise).name):
        assert words in card


def test_the_card_is_chinese_whoever_prints_it(desk, enterprise):
    make.gate_code_of(enterprise)
    chinese = re.search(r"<article.*?</article>", desk.get(PAGE).content.decode(), re.DOTALL)[0]
    desk.cookies["django_language"] = "en"
    page = desk.get(PAGE).content.decode()
    assert "Gate cards" in page
    assert re.search(r"<article.*?</article>", page, re.DOTALL)[0] == chinese


def test_the_address_is_the_servers_own_where_it_has_one(desk, enterprise, settings):
    settings.SITE_URL = "https://liaison.example"
    code = make.gate_code_of(enterprise).code
    assert codes_on(desk.get(PAGE).content.decode()) == [f"https://liaison.example/g/{code}/"]


def test_it_prints_what_the_ledger_shows_but_for_what_is_closed_down(desk, enterprise):
    unit = enterprise.unit
    key = make.EnterpriseFactory(unit=unit, tier="key")
    closed = make.EnterpriseFactory(unit=unit, tier="key", stage="closed")
    elsewhere = make.EnterpriseFactory(tier="key")
    for one in (enterprise, key, elsewhere):
        make.gate_code_of(one)
    page = desk.get(f"{PAGE}?tier=key").content.decode()
    assert key.name in page
    for other in (enterprise, closed, elsewhere):
        assert other.name not in page


def test_one_enterprise_and_none_that_is_not_there(desk, enterprise):
    other = make.EnterpriseFactory(unit=enterprise.unit)
    elsewhere = make.EnterpriseFactory()
    for one in (enterprise, other, elsewhere):
        make.gate_code_of(one)
    assert len(codes_on(desk.get(f"{PAGE}?enterprise={other.pk}").content.decode())) == 1
    for missing in (elsewhere.pk, 10**17, "x"):
        assert "card-sheet" not in desk.get(f"{PAGE}?enterprise={missing}").content.decode()


@pytest.mark.parametrize(("paper", "sheets"), [("", 2), ("a4", 2), ("a6", 5)])
def test_four_on_a_sheet_or_one(desk, enterprise, paper, sheets):
    for one in [enterprise, *(make.EnterpriseFactory(unit=enterprise.unit) for _ in range(4))]:
        make.gate_code_of(one)
    page = desk.get(f"{PAGE}?paper={paper}").content.decode()
    assert page.count('class="card-sheet"') == sheets
    assert page.count("<article") == 5
    assert f"cards-{paper or 'a4'}.css" in page


def test_many_come_a_page_at_a_time_and_none_is_left_out(desk, enterprise):
    for _ in range(AT_ONCE + 1):
        make.EnterpriseFactory(unit=enterprise.unit)
    desk.post(PAGE)
    assert GateCode.objects.count() == AT_ONCE
    first = desk.get(PAGE).content.decode()
    after = re.search(r'href="\?after=([^"&]+)"', first)[1]
    rest = desk.post(f"{PAGE}?after={after}", follow=True).content.decode()
    assert first.count("<article") == AT_ONCE
    assert rest.count("<article") == 2
    assert GateCode.objects.count() == AT_ONCE + 2


# --- replacing one ----------------------------------------------------------------------------


def test_a_card_is_replaced_with_a_reason(desk, enterprise):
    old = make.gate_code_of(enterprise)
    where = f"/enterprises/{enterprise.pk}/card/renew/"
    assert f'value="{old.pk}"' in desk.get(where).content.decode()
    assert desk.post(where, {"replaces": old.pk, "reason": ""}).status_code == 422
    answer = desk.post(where, {"replaces": old.pk, "reason": "被撕毁"})
    assert answer["Location"] == f"{PAGE}?enterprise={enterprise.pk}"
    assert desk.post(where, {"replaces": old.pk, "reason": "被撕毁"}).status_code == 409
    assert enterprise.gate_codes.holding().get().reason == "被撕毁"


def test_what_has_no_card_has_none_to_replace(desk, enterprise):
    where = f"/enterprises/{enterprise.pk}/card/renew/"
    assert f"{PAGE}?enterprise={enterprise.pk}" in desk.get(where).content.decode()
    elsewhere = make.gate_code_of(make.EnterpriseFactory())
    for replaces in (elsewhere.pk, "", "x"):
        assert desk.post(where, {"replaces": replaces, "reason": "丢失"}).status_code == 422
    assert elsewhere.enterprise.gate_codes.count() == 1


def test_the_ledger_and_the_dossier_lead_there(desk, enterprise):
    assert f"{PAGE}?tier=key" in desk.get("/enterprises/?tier=key").content.decode()
    dossier = desk.get(f"/enterprises/{enterprise.pk}/").content.decode()
    assert f"{PAGE}?enterprise={enterprise.pk}" in dossier
    officer = Client()
    officer.force_login(make.handler_of(enterprise))
    assert PAGE not in officer.get("/enterprises/").content.decode()
