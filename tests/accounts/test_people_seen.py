"""Which people somebody sees."""

import pytest

from liaison.accounts.models import User
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    """A bureau with two stations, a squad below one of them, somebody at each."""
    bureau = make.BureauFactory()
    stations = make.StationFactory.create_batch(2, parent=bureau)
    squad = make.SquadFactory(parent=stations[0])
    return [make.DeskFactory(unit=unit) for unit in (bureau, *stations, squad)]


def test_one_sees_ones_own_unit_and_what_is_below_it(tree):
    at_bureau, at_first, at_second, at_squad = tree
    expected = {
        at_bureau: set(tree),
        at_first: {at_first, at_squad},
        at_second: {at_second},
        at_squad: {at_squad},
    }
    assert {one: set(User.objects.all().visible_to(one)) for one in tree} == expected
