import pytest

from tests import factories as make
from tests.issues.limits.terms import at


@pytest.fixture
def chief(time_machine):
    time_machine.move_to(at(2026, 3, 2, 10), tick=False)
    return make.ChiefFactory()
