"""The tree of units, and whom one sees in it."""

import itertools

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from liaison.accounts.actions import PARENTS, create_unit, place_unit
from liaison.accounts.models import SWORN, Kind, Unit, User
from liaison.core.coordinates import Point, distance_m
from liaison.core.refused import Refused
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("kind", "above"), list(itertools.product(Unit.Kind, [None, *Unit.Kind])))
def test_each_kind_stands_where_it_may(kind, above):
    parent = None
    if above is not None:
        parent = {
            Unit.Kind.BUREAU: make.BureauFactory,
            Unit.Kind.STATION: make.StationFactory,
            Unit.Kind.SQUAD: make.SquadFactory,
        }[above]()
    given = {"code": "X", "name": "示例", "kind": kind, "parent": parent}
    if above in PARENTS[kind]:
        unit = create_unit(**given)
        assert unit.path == f"{parent.path if parent else '/'}{unit.pk}/"
    else:
        with pytest.raises(Refused):
            create_unit(**given)
        assert not Unit.objects.filter(code="X").exists()


def test_below_is_the_unit_and_what_hangs_on_it():
    city = make.BureauFactory()
    county = make.BureauFactory(parent=city)
    station = make.StationFactory(parent=county)
    squad = make.SquadFactory(parent=station)
    make.StationFactory()
    assert set(Unit.objects.all().below(city)) == {city, county, station, squad}
    assert set(Unit.objects.all().below(station)) == {station, squad}
    assert set(Unit.objects.all().below(city).stations()) == {station}


def test_a_unit_is_renamed_where_it_stands():
    station = make.StationFactory(name="示例派出所")
    before = (station.code, station.path)
    call_command("rename_unit", station.code, " 新名派出所 ")
    station.refresh_from_db()
    assert (station.name, station.code, station.path) == ("新名派出所", *before)
    for code, name in ((station.code, " "), (station.code, "长" * 61), ("NONE", "示例")):
        with pytest.raises(CommandError):
            call_command("rename_unit", code, name)
    station.refresh_from_db()
    assert station.name == "新名派出所"


def test_nothing_goes_round_the_verbs_and_their_record(client):
    """Django's admin would: no lock against guessing, no record, no administrators apart."""
    client.force_login(make.DeskFactory(is_staff=True, is_superuser=True))
    assert client.get("/admin/").status_code == 404
    assert not apps.is_installed("django.contrib.admin")


def test_a_path_is_no_prefix_of_a_neighbours():
    """/1/ is not the beginning of /10/."""
    units = [make.BureauFactory() for _ in range(12)]
    for unit in units:
        assert Unit.objects.all().below(unit).get() == unit


@pytest.mark.parametrize("kind", Kind)
def test_one_sees_ones_own_and_what_is_below(kind):
    station = make.StationFactory()
    person = make.UserFactory(kind=kind, unit=station)
    squad = make.SquadUserFactory(unit=make.SquadFactory(parent=station))
    make.BureauUserFactory(unit=station.parent)
    make.OfficerFactory()
    make.ContactUserFactory(unit=station)
    seen = set(User.objects.visible_to(person).exclude(pk=person.pk).filter(unit__isnull=False))
    desks = set(User.objects.filter(unit=station, kind=Kind.DESK)) - {person}
    if kind == Kind.CONTACT:
        assert seen == set()
        assert not Unit.objects.visible_to(person).exists()
    else:
        assert seen == {squad, *desks}
        assert set(Unit.objects.visible_to(person)) == {station, squad.unit}


def test_who_left_or_belongs_nowhere_sees_nobody():
    left = make.ChiefFactory(is_active=False)
    nowhere = make.DeskFactory(unit=None)
    assert not User.objects.visible_to(left).exists()
    assert User.objects.visible_to(nowhere).get() == nowhere
    for person in (left, nowhere):
        assert not Unit.objects.visible_to(person).exists()


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("active", [True, False])
def test_the_question_and_the_person_agree_on_who_may_answer(kind, active):
    person = make.UserFactory(kind=kind, is_active=active)
    may = User.objects.all().may_answer_for_enterprises().at(person.unit)
    assert may.filter(pk=person.pk).exists() == person.can_answer_at(person.unit)
    assert not person.can_answer_at(make.StationFactory())
    sworn = User.objects.all().sworn().filter(pk=person.pk).exists()
    assert sworn == (active and kind in SWORN) == (active and person.is_sworn)


def test_a_phone_is_kept_in_one_spelling():
    person = User(username="a", name="示例", kind=Kind.DESK, phone="+86 138 0000 1111")
    person.clean()
    assert person.phone == "13800001111"
    person.phone = "12"
    with pytest.raises(ValidationError):
        person.clean()


def test_where_a_station_is_can_be_said_in_any_map_s_numbers():
    unit = make.StationFactory(code="LSL")
    assert unit.point is None
    call_command("place_unit", "LSL", "116.404", "39.915", coordinates="gcj02")
    unit.refresh_from_db()
    assert distance_m(unit.point, Point(116.39775550083061, 39.91359571849836)) < 1
    call_command("place_unit", "LSL", "116.404", "39.915")
    unit.refresh_from_db()
    assert unit.point == Point(116.404, 39.915)
    place_unit(unit, None)
    assert Unit.objects.get(code="LSL").point is None
    for code, latitude in (("LSL", "99"), ("NONE", "39")):
        with pytest.raises(CommandError):
            call_command("place_unit", code, "116.4", latitude)
