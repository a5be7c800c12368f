"""The week's page as the tests of it see it."""

from datetime import date, timedelta

from django.test import Client
from django.utils import timezone

from enterprises.models import Cadence
from issues.models import Issue
from liaison.core.due import start_of
from tests import factories as make

# A Wednesday of an ordinary week, 10:00 in China.
WEDNESDAY = "2026-03-11T02:00:00+00:00"


def see(person, query=""):
    client = Client()
    client.force_login(person)
    return client.get(f"/week/{query}")


def blocks(page):
    """Titles by day; overdue ones under None."""
    shown = {None: page.context["overdue"], **{one.day: one for one in page.context["days"]}}
    return {day: [row.title for row in block.rows] for day, block in shown.items() if block.rows}


def line_due(officer, moment, **more):
    line = make.WorkingIssueFactory(enterprise=quiet(officer), **{"title": f"账单{moment}", **more})
    Issue.objects.filter(pk=line.pk).update(next_due_at=moment, resolve_due_at=moment)
    return line


def quiet(officer, contact=400, visit=400, **more):
    """An enterprise of the officer's, due so many days from now."""
    made = make.AssignedEnterpriseFactory(unit=officer.unit, officer=officer, **more)
    today = timezone.localdate()
    Cadence.objects.filter(enterprise=made).update(
        next_contact_due_on=today + timedelta(contact),
        next_visit_due_on=today + timedelta(visit),
    )
    return made


def at(day, hour, minute=0):
    return start_of(date.fromisoformat(day)) + timedelta(hours=hour, minutes=minute)


def quiet_again(enterprise):
    far = timezone.localdate() + timedelta(400)
    Cadence.objects.filter(enterprise=enterprise).update(
        next_contact_due_on=far, next_visit_due_on=far
    )
