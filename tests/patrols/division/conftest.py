"""A station with its chief, and eight enterprises in two rows."""

import pytest

from tests import factories as make
from tests.factories.patrols import in_rows


@pytest.fixture
def unit():
    return make.StationFactory()


@pytest.fixture
def chief(unit):
    return make.ChiefFactory(unit=unit)


@pytest.fixture
def places(unit):
    """Two rows of four, a kilometre apart."""
    return in_rows(unit, 4, rows=2, apart=0.01)
