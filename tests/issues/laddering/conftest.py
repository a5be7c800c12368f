from datetime import datetime

import pytest

from liaison.core.workdays import CHINA
from tests.cast import chief_of_a_station


@pytest.fixture
def begin(time_machine):
    """A Monday without holidays near."""
    moment = datetime(2026, 3, 9, 10, tzinfo=CHINA)
    time_machine.move_to(moment, tick=False)
    return moment


@pytest.fixture
def chief(begin):
    return chief_of_a_station()
