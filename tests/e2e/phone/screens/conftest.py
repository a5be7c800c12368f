"""A phone in the hand of an officer with one enterprise."""

import pytest
from playwright.sync_api import expect

from tests import factories as make


@pytest.fixture
def enterprise(officer):
    enterprise = make.AssignedEnterpriseFactory(
        unit=officer.unit, officer=officer, name="示例铝业有限公司"
    )
    make.ContactFactory(enterprise=enterprise, name="示例联系人", phone="13900001111")
    return enterprise


@pytest.fixture
def page(phone):
    """At today's calls, once the phone knows them."""
    expect(phone.page.locator("#main")).not_to_contain_text("正在取")
    return phone.page
