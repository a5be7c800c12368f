"""A contact's nights on a telephone, and the month on the desk's screen."""

import pytest
from playwright.sync_api import expect

from patrols.models import Absence, SwapRequest, Wish
from tests import factories as make
from tests.e2e.people import sign_in
from tests.factories.patrol_evenings import patrolled

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def made():
    enterprise = make.AssignedEnterpriseFactory()
    return patrolled(enterprise) | {"enterprise": enterprise}


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_on_a_telephone_one_answers_a_swap_wishes_and_calls_in_sick(page, made):
    page.set_viewport_size(PHONE)
    sign_in(page, make.ContactUserFactory(enterprise=made["enterprise"]))
    page.goto("/portal/duties/")
    assert fits(page)
    page.get_by_role("button", name="我们替不了").click()
    expect(page.locator(".alert").first).to_be_visible()
    assert SwapRequest.objects.get().state == "refused"

    page.goto("/portal/duties/wishes/")
    assert fits(page)
    first = made["nights"].night_on.replace(day=1)
    page.locator("input[name=first]").fill(str(first.replace(year=first.year + 1)))
    page.get_by_role("radio", name="尽量不排").check()
    page.locator("main form.form button[type=submit]").click()
    expect(page.locator(".alert.success")).to_be_visible()
    assert Wish.objects.filter(kind="rather_not").count() == 1

    page.goto("/portal/duties/")
    page.locator("article a.title").click()
    assert fits(page)
    page.get_by_role("radio", name="都来不了").check()
    send = page.locator("button[data-confirm]")
    send.click()
    expect(send).to_have_text("从班上撤下并告知派出所？")
    # A double click is one press.
    page.wait_for_timeout(800)
    send.click()
    expect(page.locator(".alert.success")).to_be_visible()
    assert Absence.objects.filter(enterprise=made["enterprise"]).exists()


def test_the_desk_sees_the_month_and_puts_somebody_in(page, made):
    sign_in(page, make.DeskFactory(unit=made["enterprise"].unit))
    page.goto(f"/patrols/rosters/{made['rosters'].pk}/")
    expect(page.locator("table.roster tbody tr")).not_to_have_count(0)
    page.goto("/patrols/rosters/tonight/")
    page.locator("a.title").first.click()
    page.get_by_role("button", name="替班").first.click()
    expect(page.locator(".alert.success")).to_be_visible()
    assert Absence.objects.filter(substitute__isnull=False).count() == 1
