"""An enterprise that nobody answers for rings within a working day."""

from datetime import date

from enterprises.actions import assign, change_stage, recompute_cadence
from enterprises.actions.reminding import remind_due
from enterprises.models import Cadence
from liaison.calendars.actions import import_calendar
from liaison.core.workdays import CalendarRow, DayKind
from tests import factories as make
from tests.clockwork import DAY, at, person
from tests.enterprises.reminding.clockwork import steps, told


def test_an_enterprise_without_an_officer_rings_after_a_working_day(station, begin, time_machine):
    time_machine.move_to(at(2026, 3, 13, 15), tick=False)  # a Friday
    enterprise = make.EnterpriseFactory(unit=station)
    desk, chief = person(station, "desk"), person(station, "chief")
    assert remind_due(at(2026, 3, 16, 14, 59)) == {}
    remind_due(at(2026, 3, 16, 15))
    assert told(at(2026, 3, 16, 15), "officer_due") == {desk, chief}
    remind_due(at(2026, 3, 18, 15))
    assert told(at(2026, 3, 18, 15), "officer_due") == {chief, station.parent.people.get()}
    assert steps(enterprise, "officer") == [(date(2026, 3, 16), 1), (date(2026, 3, 16), 2)]


def test_the_steps_towards_an_officer_follow_the_calendar(station, begin):
    enterprise = make.EnterpriseFactory(unit=station)
    due = begin + DAY
    remind_due(due)
    import_calendar([CalendarRow(date(2026, 3, 11), DayKind.HOLIDAY)], by=None)
    remind_due(due)
    assert Cadence.objects.get(enterprise=enterprise).next_reminder_at == due + 3 * DAY


def test_an_officer_found_in_time_rings_with_nobody(station, begin):
    enterprise = make.EnterpriseFactory(unit=station)
    assert Cadence.objects.get(enterprise=enterprise).officer_due_at == begin + DAY
    assign(enterprise, make.OfficerFactory(unit=station), by=person(station, "desk"))
    assert Cadence.objects.get(enterprise=enterprise).officer_due_at is None
    remind_due(begin + 2 * DAY)
    assert steps(enterprise, "officer") == []


def test_an_enterprise_that_comes_back_wants_an_officer_from_then_on(station, begin, time_machine):
    enterprise = make.AssignedEnterpriseFactory(unit=station)
    desk = person(station, "desk")
    change_stage(enterprise, "closed", by=desk, version=enterprise.version, reason="注销")
    back = at(2026, 6, 3, 9)
    time_machine.move_to(back, tick=False)
    enterprise.refresh_from_db()
    change_stage(enterprise, "operating", by=desk, version=enterprise.version, reason="复产")
    assert Cadence.objects.get(enterprise=enterprise).officer_due_at == back + DAY


def test_nobody_hears_of_an_officer_missing_since_before_it_was_looked_at_twice(station, begin):
    """The due moment stands, whatever else is recomputed meanwhile."""
    enterprise = make.EnterpriseFactory(unit=station)
    remind_due(begin + DAY)
    recompute_cadence([enterprise])
    assert remind_due(begin + DAY) == {}
    assert steps(enterprise, "officer") == [(date(2026, 3, 10), 1)]
