"""Two processes count at once."""

import pytest
from django.utils import timezone

from liaison.accounts.models import Unit
from liaison.summaries.actions import count_due
from liaison.summaries.models import Summary
from liaison.summaries.reading import counted
from liaison.summaries.topics import TOPICS
from tests import factories as make
from tests.races.threads import all_at_once

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]


def test_each_station_is_counted_once_and_the_bureau_is_whole():
    bureau, now = make.BureauFactory(), timezone.now()
    for _ in range(3):
        make.EnterpriseFactory(unit=make.StationFactory(parent=bureau))
    results = all_at_once([lambda: count_due(now)] * 4)
    assert sum(one["summaries"] for one in results) == 3 * len(TOPICS)
    assert not any(one["failed"] for one in results)
    assert Summary.objects.count() == Unit.objects.count() * len(TOPICS)
    assert counted(bureau)["enterprises"]["live"] == 3
