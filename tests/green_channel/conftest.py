"""A contact at the door of an enterprise."""

import pytest

from tests import factories as make


@pytest.fixture
def enterprise():
    return make.AssignedEnterpriseFactory()


@pytest.fixture
def contact(enterprise, client):
    person = make.ContactUserFactory(enterprise=enterprise)
    client.force_login(person)
    return person
