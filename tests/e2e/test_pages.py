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
WCAG = {"wcag2a", "wcag2aa", "wcag21a", "wcag21aa"}
# The API's documentation is drawn by Swagger UI, whose buttons hold buttons.
NOT_OURS = {"exclude": [[".swagger-ui"]]}
# Names that are said and hold letters, but no word of Chinese.
LATIN = """() => [...document.querySelectorAll(
    "[aria-label], [alt], [title], label, button, summary, th")]
  .filter((one) => !one.closest(".swagger-ui"))
  .flatMap((one) => [one.getAttribute("aria-label"), one.getAttribute("alt"),
    one.getAttribute("title"), /^(LABEL|BUTTON|SUMMARY|TH)$/.test(one.tagName) && one.innerText])
  .filter((said) => said && /[a-z]{3}/i.test(said) && !/[\\u4e00-\\u9fff]/.test(said))"""
# Parts of a page, which a script puts into it.
PARTS = {"unit_options", "patrol_now"}
# What a role may open at least; fewer would mean that the walk has lost its way.
PAGES = {"administrator": 25, "chief": 22, "officer": 12, "bureau": 9, "contact": 4, "elder": 4}
# 长辈模式: a contact's pages once more, in large letters.
ELDER = {"elder": "contact"}


def pages(world, role):
    """Addresses that answer this role with a page: the API's answers and files are none."""
    for address in NAMED:
        is_page = not address.route.startswith("api/v1/") and address.name not in PARTS
        if is_page and address.rule.admits(world.people[role]):
            yield address.path(world.stands_for)


@pytest.mark.parametrize("role", PAGES)
def test_nothing_serious_and_nothing_wider_than_the_screen(page, role):
    world = World()
    person = ELDER.get(role, role)
    sign_in(page, world.people[person])
    if role in ELDER:
        page.context.add_cookies([{"name": "elder", "value": "1", "url": page.url}])
    asks = page.context.request
    found, walked = {}, 0
    for path in pages(world, person):
        answer = asks.get(path, max_redirects=0)
        is_page = answer.headers.get("content-type", "").startswith("text/html")
        if answer.status != 200 or not is_page or "attachment" in str(answer.headers):
            assert answer.status in (200, 302, 404, 405), (path, answer.status)
            continue
        walked += 1
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        page.goto(path)
        if path.startswith("/portal/"):
            assert page.locator("html.elder").count() == (role in ELDER)
        # By the debugger's protocol: the content policy allows no foreign script element.
        page.evaluate(AXE.read_text())
        result = page.evaluate(f"axe.run({json.dumps(NOT_OURS)})")
        wrong = [
            f"{one['id']}: {one['nodes'][0]['html'][:160]}"
            for one in result["violations"]
            if one["impact"] in ("serious", "critical") or WCAG & set(one["tags"])
        ]
        if person == "contact":
            # What a screen reader says is Chinese; each language names itself.
            wrong += [f"label: {one}" for one in page.evaluate(LATIN) if one != "English"]
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append(f"wider than {width}")
        if wrong:
            found[path] = wrong
    assert not found, json.dumps(found, ensure_ascii=False, indent=1)
    assert walked >= PAGES[role]
