"""Two who merge the same entries at once."""

import pytest

from enterprises.models import Enterprise
from liaison.endings.actions import merge
from liaison.endings.preview import preview_of
from tests import factories as make
from tests.races.threads import all_at_once, losers, winners

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]


def test_each_into_the_other_leaves_one_of_them():
    unit = make.StationFactory()
    one, other = make.AssignedEnterpriseFactory.create_batch(2, unit=unit, credit_code="")
    desk = make.DeskFactory(unit=unit)
    agreed = {pair: preview_of(*pair).agreed for pair in ((one, other), (other, one))}
    results = all_at_once(
        [
            lambda pair=pair: merge(*pair, by=desk, reason="登记重复", agreed=agreed[pair])
            for pair in (*agreed, *agreed)
        ]
    )
    assert (len(winners(results)), len(losers(results))) == (1, 3)
    assert Enterprise.objects.filter(merged_into__isnull=False).count() == 1
