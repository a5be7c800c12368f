import pytest

from tests.visits.day_plans.town import Town


@pytest.fixture
def town(db):
    return Town()
