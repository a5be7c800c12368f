"""What every proposal keeps to."""

import pytest

from liaison.core.coordinates import Point
from liaison.core.refused import Conflict, Refused
from patrols.actions.settling import set_barrier, set_pin
from patrols.models import Barrier, Pin
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_of_what_is_settled_nonsense_and_twice_is_refused(unit, chief, places):
    one, other = places[:2]
    stranger = make.AssignedEnterpriseFactory()
    for kind, more, field in (
        ("nonsense", {}, "kind"),
        ("together", {}, "other"),
        ("apart", {"other": one}, "other"),
        ("team", {}, "team_number"),
        ("together", {"other": stranger}, "other"),
    ):
        with pytest.raises(Refused) as refused:
            set_pin(unit, kind, one, by=chief, **more)
        assert refused.value.field == field
    set_pin(unit, "together", one, by=chief, other=other)
    with pytest.raises(Conflict):
        set_pin(unit, "apart", other, by=chief, other=one)
    assert Pin.objects.count() == 1
    for kind, name, line, field in (
        ("wall", "示例", [Point(120, 36), Point(121, 36)], "kind"),
        ("river", " ", [Point(120, 36), Point(121, 36)], "name"),
        ("river", "示例", [Point(120, 36)], "line"),
        ("river", "示例", [Point(120, 36)] * 201, "line"),
    ):
        with pytest.raises(Refused) as refused:
            set_barrier(unit, kind, name, line, by=chief)
        assert refused.value.field == field
    assert not Barrier.objects.exists()
