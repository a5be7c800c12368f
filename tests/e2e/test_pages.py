"""Every page in every width: nothing serious for assistive technology, nothing sticks out."""

import json
from pathlib import Path

import axe_playwright_python
import pytest

from liaison.accounts.access import rule_of
from tests import factories as make
from tests.e2e.people import sign_in
from tests.test_access_grid import NAMED, build_world, path_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
WIDTHS = (1440, 768, 360)
# Answers that are no pages: files, and addresses that only take POST.
NO_PAGE = ("export", "file", "template", "api")


def pages(world, role):
    """The address of every page this role may open, from the URL configuration."""
    for route, entry in NAMED:
        if entry.callback is None or route.startswith("api/v1"):
            continue
        if any(word in (entry.name or "") for word in NO_PAGE):
            continue
        if rule_of(entry.callback).admits(world["people"][role]):
            yield path_of(entry, world)


@pytest.mark.parametrize("role", ["desk", "chief", "officer", "bureau", "contact"])
def test_nothing_serious_and_nothing_wider_than_the_screen(page, role):
    world = build_world()
    make.EnterpriseFactory(unit=world["issue"].unit)
    make.LateIssueFactory(unit=world["issue"].unit)
    sign_in(page, world["people"][role])
    found, walked = {}, 0
    for path in pages(world, role):
        answer = page.goto(path)
        if answer.status == 405:
            continue
        walked += 1
        assert answer.status in (200, 404), (path, answer.status)
        # By the debugger's protocol: the content policy allows no foreign script element.
        page.evaluate(AXE.read_text())
        result = page.evaluate("axe.run()")
        serious = [
            f"{one['id']}: {one['nodes'][0]['html'][:160]}"
            for one in result["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                serious.append(f"wider than {width}")
        if serious:
            found[path] = serious
    assert walked >= (1 if role == "contact" else 8)
    assert not found, json.dumps(found, ensure_ascii=False, indent=1)
