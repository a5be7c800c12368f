import pytest

from tests.clockwork import at, staffed_station


@pytest.fixture
def begin(time_machine, db):
    """Monday afternoon, without holidays near."""
    moment = at(2026, 3, 9, 15)
    time_machine.move_to(moment, tick=False)
    return moment


@pytest.fixture
def station(begin):
    return staffed_station()
