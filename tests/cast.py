"""Everybody who could have anything to do with one line of the bill, by what they are to it."""

from datetime import timedelta

from django.utils import timezone

from enterprises.actions import cover, set_deputy
from issues.models import Issue
from liaison.accounts.models import Kind, User
from tests import factories as make


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
