"""What comes in during the day, and the sweep that plans anew."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from enterprises.actions import assign, cover, hand_over
from issues.actions import VERBS
from issues.models import Issue
from liaison.accounts.models import User
from liaison.core.coordinates import Point
from liaison.jobs.running import run
from liaison.schedule import job_named
from tests import factories as make
from visits.actions import Promised, plan_day
from visits.day_plans.sweep import forget_old, oldest_due, plan_due
from visits.models import DayPlan, PlannedCall, Urgency


def planned(town, officer=None):
    officer = officer or town.officer
    return plan_day(officer, timezone.localdate(), by=officer)


def swept(at=None):
    return plan_due(at or timezone.now())["day_plans"]


def test_nothing_has_come_in(town):
    town.site(1, overdue=1)
    planned(town)
    assert swept() == 0
    assert oldest_due(timezone.now()) is None


def test_a_line_that_is_raised(town):
    quiet = town.site(1)
    planned(town)
    assert town.calls == []
    make.RaisedIssueFactory(enterprise=quiet, raised_at=timezone.now() - timedelta(hours=20))
    assert oldest_due(timezone.now()) is not None
    assert swept() == 1
    assert town.calls == [quiet]
    assert swept() == 0
    assert not Urgency.objects.exists()


def test_one_given_to_me_by_the_desk(town):
    mine, colleague = town.site(1), make.OfficerFactory(unit=town.unit)
    line = make.LateIssueFactory(enterprise=mine)
    Issue.objects.filter(pk=line.pk).update(handler=colleague)
    line.refresh_from_db()
    planned(town)
    Urgency.objects.all().delete()
    VERBS["transfer"](line, by=town.desk, version=line.version, handler=town.officer, reason="轮休")
    assert swept() == 1
    assert town.calls == [mine]


def test_what_the_officer_does_with_a_line_plans_nothing(town):
    line = make.RaisedIssueFactory(enterprise=town.site(1))
    planned(town)
    VERBS["accept"](line, by=town.officer, version=line.version)
    assert swept() == 0


def test_a_line_that_falls_late_in_the_course_of_the_day(town, time_machine):
    morning = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    time_machine.move_to(morning, tick=False)
    site = town.site(1)
    line = make.AcceptedIssueFactory(enterprise=site)
    due_at = morning + timedelta(hours=6)
    Issue.objects.filter(pk=line.pk).update(next_due_at=due_at, resolve_due_at=due_at)
    planned(town)
    assert town.plan.calls.get().reasons[0]["code"] == "line_today"
    time_machine.move_to(due_at, tick=False)
    assert swept() == 0
    time_machine.move_to(due_at + timedelta(minutes=1), tick=False)
    assert swept() == 1
    assert town.plan.calls.get().reasons[0]["code"] == "line_late"
    assert swept() == 0


def test_a_promise_for_today(town):
    site = town.site(1)
    planned(town)
    today = timezone.localdate()
    make.VisitFactory(enterprise=site, channel="phone", promises=[Promised("回电", today)])
    assert swept() == 1
    assert town.calls == [site]
    later = [Promised("以后", today + timedelta(days=9))]
    make.VisitFactory(enterprise=site, channel="phone", promises=later)
    assert swept() == 0


def test_a_hand_over_changes_both_days(town):
    other = make.OfficerFactory(unit=town.unit)
    site = town.site(1, overdue=1)
    planned(town)
    theirs = planned(town, other)
    hand_over(town.officer, other, by=town.desk, reason="调离")
    assert swept() == 2
    assert town.calls == []
    assert [one.enterprise for one in theirs.calls.all()] == [site]


def test_an_enterprise_that_is_assigned(town):
    free = make.EnterpriseFactory(unit=town.unit)
    planned(town)
    assign(free, town.officer, by=town.desk)
    assert swept() == 1


def test_a_cover_that_begins_today(town):
    other = make.OfficerFactory(unit=town.unit)
    site = town.site(1, overdue=1, officer=other)
    planned(town)
    today = timezone.localdate()
    cover(other, town.officer, starts_on=today, ends_on=today, by=town.desk)
    assert swept() == 1
    assert town.calls == [site]


def test_who_has_no_plan_gets_none(town):
    make.LateIssueFactory(enterprise=town.site(1))
    assert Urgency.objects.exists()
    assert swept() == 0
    assert not Urgency.objects.exists()
    assert not DayPlan.objects.exists()


def test_a_deed_undone_leaves_nothing(town):
    site = town.site(1)
    Urgency.objects.all().delete()
    with transaction.atomic():
        make.LateIssueFactory(enterprise=site)
        assert Urgency.objects.exists()
        transaction.set_rollback(True)
    assert not Urgency.objects.exists()


def test_planning_by_hand_takes_what_has_come_in(town):
    planned(town)
    make.LateIssueFactory(enterprise=town.site(1))
    planned(town)
    assert not Urgency.objects.exists()
    assert swept() == 0


def test_somebody_who_no_longer_serves_here_is_planned_for_no_more(town):
    town.site(1, overdue=1)
    planned(town)
    DayPlan.objects.update(due_at=timezone.now())
    User.objects.filter(pk=town.officer.pk).update(unit=make.StationFactory())
    User.objects.filter(pk=town.officer.pk).update(kind="desk")
    assert swept() == 1
    assert town.plan.due_at is None
    assert len(town.calls) == 1


def test_a_day_that_is_over_is_planned_no_more(town, time_machine):
    planned(town)
    DayPlan.objects.update(due_at=timezone.now())
    time_machine.move_to(timezone.now() + timedelta(days=1))
    assert swept() == 0


def test_one_that_fails_is_put_off_and_the_others_go_on(town, caplog):
    other = make.OfficerFactory(unit=town.unit)
    broken = planned(town)
    good = planned(town, other)
    site = town.site(1, overdue=1, officer=other)
    bad = town.site(2, overdue=1)
    type(bad).objects.filter(pk=bad.pk).update(latitude=99)
    now = timezone.now()
    DayPlan.objects.update(due_at=now)
    Urgency.objects.all().delete()
    assert plan_due(now) == {"day_plans": 1, "failed": 1}
    assert [one.enterprise for one in good.calls.all()] == [site]
    broken.refresh_from_db()
    assert broken.due_at > now
    assert "is put off" in caplog.text


def test_the_job_of_every_minute(town):
    planned(town)
    make.LateIssueFactory(enterprise=town.site(1))
    assert run(job_named("plan-days"), timezone.now()) == {"day_plans": 1}


def test_positions_are_gone_the_next_night_and_plans_after_a_month(town, settings):
    settings.DAY_PLAN_KEEP_DAYS = 30
    town.site(1, overdue=1)
    today = timezone.localdate()
    given = Point(120.4, 36.8)
    plan_day(town.officer, today, by=town.officer, start=given)
    now = timezone.now()
    assert forget_old(now) == {"day_plans_forgotten": 0}
    assert town.plan.start == given
    forget_old(now + timedelta(days=1))
    assert town.plan.start is None
    assert town.plan.calls.count() == 1
    # One that began at the station tells nothing of a person.
    DayPlan.objects.all().delete()
    planned(town)
    forget_old(now + timedelta(days=30))
    assert town.plan.start is not None
    assert forget_old(now + timedelta(days=31)) == {"day_plans_forgotten": 1}
    assert not PlannedCall.objects.exists()
