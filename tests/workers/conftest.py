import pytest
from django.test import Client

from tests import factories as make


@pytest.fixture
def enterprise(db):
    return make.AssignedEnterpriseFactory()


@pytest.fixture
def contact(enterprise):
    return make.ContactUserFactory(enterprise=enterprise)


@pytest.fixture
def chief(enterprise):
    return make.ChiefFactory(unit=enterprise.unit)


@pytest.fixture
def signed_in():
    def client(person):
        found = Client()
        found.force_login(person)
        return found

    return client
