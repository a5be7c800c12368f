import pytest

from tests import factories as make
from tests.staff.week.seen import WEDNESDAY


@pytest.fixture(autouse=True)
def wednesday(time_machine):
    time_machine.move_to(WEDNESDAY, tick=False)


@pytest.fixture
def unit():
    return make.StationFactory()


@pytest.fixture
def officer(unit):
    return make.OfficerFactory(unit=unit)
