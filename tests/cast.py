"""Everybody who could have anything to do with one line of the bill, by what they are to it."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from enterprises.actions import cover, set_deputy
from issues.models import Issue
from liaison.accounts.models import Kind, Unit, User
from tests import factories as make


def chief_of_a_station() -> User:
    """With a desk, and a bureau above: whoever a ladder may tell is there."""
    unit = make.StationFactory()
    make.DeskFactory(unit=unit)
    make.BureauUserFactory(unit=unit.parent)
    return make.ChiefFactory(unit=unit)


def who_may_set_rules(
    chief: User, may: Callable[[User, Unit | None], bool]
) -> set[tuple[str, str]]:
    """Of everybody who might want to: who may (``may`` tries it) at the chief's own station, and
    what holds everywhere."""
    unit, top = chief.unit, chief.unit.parent
    people = {
        "chief": chief,
        "other chief": make.ChiefFactory(),
        "officer": make.OfficerFactory(unit=unit),
        "desk": make.DeskFactory(unit=unit),
        "administrator of the station": make.DeskFactory(unit=unit, admin_duty="system"),
        "bureau": make.BureauUserFactory(unit=top),
        "security at the top": make.DeskFactory(unit=top, admin_duty="security"),
        "administrator at the top": make.DeskFactory(unit=top, admin_duty="system"),
        "of no unit": make.DeskFactory(unit=None, admin_duty="system"),
        "contact": make.ContactUserFactory(enterprise__unit=unit),
    }
    return {
        (who, place)
        for who, person in people.items()
        for place, where in (("own", unit), ("general", None))
        if may(person, where)
    }


def cast_of(issue: Issue) -> dict[str, User]:
    """The handler is on leave today, so that somebody is acting for him."""
    unit, bureau = issue.unit, issue.unit.parent
    desk = make.someone(Kind.DESK, unit, besides=issue.raised_by)
    people = {
        "handler": issue.handler,
        "acting": make.OfficerFactory(unit=unit),
        "deputy": make.OfficerFactory(unit=unit),
        "raiser": issue.raised_by,
        "another_officer": make.OfficerFactory(unit=unit),
        "auxiliary": make.AuxiliaryFactory(unit=unit),
        "desk": desk,
        "chief": make.ChiefFactory(unit=unit),
        "bureau": make.BureauUserFactory(unit=bureau),
        "squad": make.SquadUserFactory(unit=make.SquadFactory(parent=bureau)),
        "squad_of_the_station": make.SquadUserFactory(unit=make.SquadFactory(parent=unit)),
        "contact": make.ContactUserFactory(enterprise=issue.enterprise),
        "former_contact": make.ContactUserFactory(enterprise=issue.enterprise),
        "former_chief": make.ChiefFactory(unit=unit, is_active=False),
        "stranger_officer": make.OfficerFactory(),
        "stranger_chief": make.ChiefFactory(),
        "stranger_contact": make.ContactUserFactory(),
        "of_no_unit": make.DeskFactory(unit=None),
    }
    today = timezone.localdate()
    people["former_contact"].contact_for.update(left_on=today - timedelta(days=1))
    set_deputy(issue.enterprise, people["deputy"], by=desk)
    cover(people["handler"], people["acting"], starts_on=today, ends_on=today, by=desk)
    return people
