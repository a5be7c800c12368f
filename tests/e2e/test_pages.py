"""Every page in every width: nothing serious for assistive technology, nothing sticks out."""

import json
from pathlib import Path

import axe_playwright_python
import pytest

from tests.addresses import NAMED
from tests.e2e.people import sign_in
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
WIDTHS = (1440, 768, 360)
# The API's documentation is drawn by Swagger UI, whose buttons hold buttons.
NOT_OURS = {"exclude": [[".swagger-ui"]]}
# Parts of a page, which htmx puts into it.
PARTS = {"unit_options"}
# What a role may open at least; fewer would mean that the walk has lost its way.
PAGES = {"administrator": 25, "chief": 22, "officer": 12, "bureau": 9, "contact": 2}


def pages(world, role):
    """Addresses that answer this role with a page: the API's answers and files are none."""
    for address in NAMED:
        is_page = not address.route.startswith("api/v1/") and address.name not in PARTS
        if is_page and address.rule.admits(world.people[role]):
            yield address.path(world.stands_for)


@pytest.mark.parametrize("role", PAGES)
def test_nothing_serious_and_nothing_wider_than_the_screen(page, role):
    world = World()
    sign_in(page, world.people[role])
    asks = page.context.request
    found, walked = {}, 0
    for path in pages(world, role):
        answer = asks.get(path, max_redirects=0)
        is_page = answer.headers.get("content-type", "").startswith("text/html")
        if answer.status != 200 or not is_page or "attachment" in str(answer.headers):
            assert answer.status in (200, 302, 404, 405), (path, answer.status)
            continue
        walked += 1
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        page.goto(path)
        # By the debugger's protocol: the content policy allows no foreign script element.
        page.evaluate(AXE.read_text())
        result = page.evaluate(f"axe.run({json.dumps(NOT_OURS)})")
        wrong = [
            f"{one['id']}: {one['nodes'][0]['html'][:160]}"
            for one in result["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append(f"wider than {width}")
        if wrong:
            found[path] = wrong
    assert not found, json.dumps(found, ensure_ascii=False, indent=1)
    assert walked >= PAGES[role]
