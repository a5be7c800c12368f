import pytest

from liaison.accounts.models import Kind
from tests import factories as make
from tests.mobile.phone import Phone


@pytest.fixture
def enterprise(db):
    return make.AssignedEnterpriseFactory()


@pytest.fixture
def officer(enterprise):
    return make.handler_of(enterprise)


@pytest.fixture
def phone(officer):
    return Phone(officer)


@pytest.fixture
def desk(enterprise):
    return make.someone(Kind.DESK, enterprise.unit)
