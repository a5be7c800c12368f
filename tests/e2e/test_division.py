"""Teams put together by hand: dragged on the map, on tiles and in the lists, and by keyboard."""

import pytest
from playwright.sync_api import expect

from patrols.actions.dividing import Asked, propose_division
from patrols.actions.settling import set_pin
from patrols.models import Barrier, Draft, Membership, Pin
from tests import factories as make
from tests.e2e.people import sign_in
from tests.factories.patrols import in_rows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHINA = "/patrols/teams/division/"


@pytest.fixture
def chief():
    return make.ChiefFactory()


@pytest.fixture
def places(chief):
    return in_rows(chief.unit, 4, rows=2, apart=0.004, step=0.002)


@pytest.fixture
def desk(page, chief, places):
    """The page of a draft in which each row is a team."""
    propose_division(chief.unit, Asked(2, 3, 5), by=chief, rounds=12)
    sign_in(page, chief)
    page.goto(CHINA)
    return page


def team_of(enterprise):
    return Draft.objects.get().places.get(enterprise=enterprise).team_number


def dot_of(page, enterprise):
    return page.locator(f'svg.division a[href="{CHINA}places/{enterprise.pk}/"] circle')


def carry(page, from_, to):
    """By the mouse, in steps as a hand does. Both are in sight at once, or it cannot be done."""
    from_.scroll_into_view_if_needed()
    height = page.viewport_size["height"]
    assert all(0 < one.bounding_box()["y"] < height for one in (from_, to))
    for locator, press in ((from_, page.mouse.down), (to, page.mouse.up)):
        box = locator.bounding_box()
        at = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.move(*at, steps=8)
        press()


def moved(page):
    expect(page.locator(".alert.success")).to_be_visible()


def test_on_the_map_a_dot_is_dragged_onto_another_team_and_onto_none(desk, places):
    one, other = places[0], places[7]
    carry(desk, dot_of(desk, one), dot_of(desk, other))
    moved(desk)
    assert team_of(one) == team_of(other)
    row = desk.locator(f"#team-{team_of(one)} tr", has_text=one.name)
    expect(row).to_contain_text(str(Draft.objects.get().places.get(enterprise=one).moved_by))
    carry(desk, dot_of(desk, one), desk.locator('.team-chips [data-team="none"]'))
    moved(desk)
    assert team_of(one) is None
    expect(desk.locator("#team-none")).to_contain_text(one.name)


def test_let_go_of_beside_a_team_nothing_moves_and_a_click_opens_the_form(desk, places):
    one = places[0]
    group = desk.locator(f'svg.division a[href="{CHINA}places/{one.pk}/"] g.dot')
    before = group.get_attribute("transform")
    carry(desk, dot_of(desk, one), desk.locator("#map h2"))
    expect(desk).to_have_url(f"{desk.url.split('/patrols')[0]}{CHINA}")
    assert group.get_attribute("transform") == before
    assert Draft.objects.get().version == 1
    dot_of(desk, one).click()
    desk.wait_for_url(f"**{CHINA}places/{one.pk}/")


def test_in_the_lists_a_row_is_dragged_onto_another_list(desk, places):
    one = places[0]
    target = 3 - team_of(one)
    row = desk.locator(f'tr[data-moves="{CHINA}places/{one.pk}/"]')
    row.drag_to(desk.locator(f"section#team-{target}"))
    moved(desk)
    assert team_of(one) == target


def test_by_keyboard_one_chooses_where_it_goes(desk, places):
    one = places[0]
    target = 3 - team_of(one)
    desk.locator("tr[data-moves] a", has_text=one.name).focus()
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**{CHINA}places/{one.pk}/")
    desk.locator("input[name=team]:checked").focus()
    desk.keyboard.press("ArrowRight" if target == 2 else "ArrowLeft")
    desk.keyboard.press("Enter")
    moved(desk)
    assert team_of(one) == target


def test_what_is_settled_is_not_dragged_apart(desk, chief, places):
    one, other = places[:2]
    before = team_of(one)
    set_pin(chief.unit, Pin.Kind.TOGETHER, one, by=chief, other=other)
    carry(desk, dot_of(desk, one), dot_of(desk, places[7]))
    expect(desk.locator("form.form")).to_contain_text(other.name)
    assert desk.locator("input[name=team]:checked").input_value() == str(3 - before)
    assert team_of(one) == before


def test_a_river_drawn_on_the_map_divides_the_next_proposal(desk, chief, places):
    # Along its own row each has its neighbours; the river runs across both.
    desk.goto("/patrols/teams/barriers/")
    box = desk.locator("svg.division").bounding_box()
    middle = box["x"] + box["width"] / 2
    for y in (box["y"] + 6, box["y"] + box["height"] - 30):
        desk.mouse.click(middle, y)
    assert len(desk.locator("#id_line").input_value().splitlines()) == 2
    desk.locator("input[name=kind][value=river]").check(force=True)
    desk.locator("input[name=name]").fill("示例河")
    desk.locator("main form.form button[type=submit]").click()
    moved(desk)
    assert Barrier.objects.get().name == "示例河"
    desk.goto(f"{CHINA}new/")
    desk.locator("main form.form button[type=submit]").click()
    moved(desk)
    east = {team_of(one) for n, one in enumerate(places) if n % 4 >= 2}
    west = {team_of(one) for n, one in enumerate(places) if n % 4 < 2}
    assert len(east) == len(west) == 1
    assert east != west
    desk.goto(f"{CHINA}publish/")
    desk.locator("main form.form button[type=submit]").click()
    moved(desk)
    assert Membership.objects.count() == len(places)


def test_on_tiles_a_marker_is_dragged_and_opened_by_keyboard(desk, places, settings, live_server):
    settings.TILE_URL = live_server.url + "/static/tiles/{z}/{x}/{y}.png"
    desk.goto(CHINA)
    one, other = places[0], places[7]

    def marker(enterprise):
        return desk.locator(f'.leaflet-marker-icon[aria-label^="{enterprise.name}"]')

    carry(desk, marker(one), marker(other))
    moved(desk)
    assert team_of(one) == team_of(other)
    marker(other).focus()
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**{CHINA}places/{other.pk}/")
    desk.goto("/patrols/teams/barriers/")
    for x in (100, 300):
        desk.locator(".map.tiles").click(position={"x": x, "y": 60})
    assert len(desk.locator("#id_line").input_value().splitlines()) == 2


def test_on_a_telephone_the_draft_is_read_and_changed(page, chief, places):
    page.set_viewport_size({"width": 360, "height": 740})
    propose_division(chief.unit, Asked(2, 3, 5), by=chief, rounds=12)
    sign_in(page, chief)
    for path in (CHINA, f"{CHINA}publish/", "/patrols/teams/pins/", "/patrols/teams/barriers/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.goto(CHINA)
    one = places[0]
    target = 3 - team_of(one)
    page.locator("tr[data-moves] a", has_text=one.name).click()
    page.locator(f"label:has(input[name=team][value='{target}'])").click()
    page.locator("main form.form button[type=submit]").click()
    moved(page)
    assert team_of(one) == target
