"""The documentation of the API works under our content policy, from our own server."""

import pytest
from playwright.sync_api import expect

from enterprises.models import Assignment
from tests import factories as make
from tests.e2e.people import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def operation(page, method, path):
    return page.locator(".opblock").filter(
        has=page.locator(f'.opblock-summary-{method} [data-path="{path}"]')
    )


def test_an_enterprise_is_assigned_from_the_documentation(page, live_server):
    enterprise = make.EnterpriseFactory()
    officer = make.OfficerFactory(unit=enterprise.unit)
    desk = make.DeskFactory(unit=enterprise.unit)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    sign_in(page, desk)
    page.goto("/api/docs/")
    expect(page.locator(".opblock")).not_to_have_count(0)

    # What each move takes is shown.
    moves = operation(page, "post", "/api/v1/issues/{id}/moves/")
    moves.locator(".opblock-summary").click()
    expect(moves).to_contain_text("propose")

    assign = operation(page, "post", "/api/v1/enterprises/{id}/assign/")
    assign.locator(".opblock-summary").click()
    assign.get_by_role("button", name="Try it out").click()
    assign.get_by_placeholder("id").fill(str(enterprise.pk))
    assign.locator("textarea").first.fill(f'{{"officer": {officer.pk}}}')
    assign.get_by_role("button", name="Execute").click()
    expect(assign.locator(".live-responses-table .response-col_status").last).to_contain_text("200")
    assert Assignment.objects.get().officer == officer
    outside = [url for url in asked if not url.startswith((live_server.url, "data:", "blob:"))]
    assert not outside
