"""Every screen can be read and pressed, by day and by night."""

import json
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import expect

from tests import factories as make
from tests.e2e.phone.screens.reading import at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
# Fingers are as wide as ever.
TARGET = 44


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
