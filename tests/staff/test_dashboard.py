"""The duty desk: each number equals the rows that its link shows, for everybody."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from enterprises.filters import EnterpriseFilter
from enterprises.models import Cadence, Enterprise
from issues.filters import CallbackFilter, IssueFilter
from issues.models import HeldRequest, Issue
from issues.workflow import Stage
from liaison.accounts.models import OVERSEERS
from liaison.summaries.actions import count_due
from tests import factories as make
from tests.world import World
from visits.forms import VisitFilter
from visits.models import Visit

pytestmark = pytest.mark.django_db
LEDGERS = {
    "/enterprises/": (EnterpriseFilter, Enterprise),
    "/issues/": (IssueFilter, Issue),
    "/visits/": (VisitFilter, Visit),
    "/issues/callbacks/": (CallbackFilter, Issue),
}
# Where the number of a desk may lead to; the last two are for who hears the enterprises.
DUTIES = {"/enterprises/", "/issues/"}
HEARD = {"/issues/callbacks/", "/issues/held/", "/visits/"}
PEOPLE = ("officer", "handler", "auxiliary", "chief", "desk", "administrator", "bureau")


@pytest.fixture(scope="module")
def world(module_db):
    world = World(stages=Stage.values)
    unit = world.unit
    for _ in range(2):
        make.LateIssueFactory(enterprise__unit=unit)
    # Proposed by one officer for another to approve, by every close rule.
    for kind in ("hazard", "other", "service"):
        make.ProposedIssueFactory(enterprise__unit=unit, kind=kind)
    enterprises = Enterprise.objects.filter(unit=unit).live().order_by("pk")
    today = timezone.localdate()
    for days, enterprise in zip((-3, -1, 0), enterprises, strict=False):
        due = today + timedelta(days=days)
        Cadence.objects.filter(enterprise=enterprise).update(next_contact_due_on=due)
    return world


def rows_behind(client, url, user):
    """What the ledger behind a link counts, all pages of it."""
    page = client.get(url)
    assert page.status_code == 200
    if url == "/issues/held/":
        # Has nothing to be filtered by.
        return HeldRequest.objects.visible_to(user).pending().count()
    assert not page.context["filter"].complaints
    filter_class, model = LEDGERS[url.partition("?")[0]]
    asked = filter_class(page.wsgi_request.GET, user=user)
    rows = model.objects.visible_to(user)
    return asked.apply(rows.unheard() if filter_class is CallbackFilter else rows).count()


@pytest.mark.parametrize("role", PEOPLE)
def test_every_number_equals_the_rows_behind_it(role, world):
    user = world.people[role]
    count_due(timezone.now())
    client = Client()
    client.force_login(user)
    context = client.get("/").context
    duties = context["duties"]
    hears = user.kind in OVERSEERS
    where = {duty.url.partition("?")[0] for duty in duties}
    assert where == DUTIES | (HEARD if hears else set())
    for duty in duties:
        assert duty.number == rows_behind(client, duty.url, user), duty
    for result in context["results"]:
        if "," not in result.number and "元" not in result.label:
            assert int(result.number) == rows_behind(client, result.url, user), result


def test_somebody_elses_proposal_waits_for_an_officer_too(world):
    client = Client()
    client.force_login(world.people["officer"])
    waiting = {duty.label: duty.number for duty in client.get("/").context["duties"]}
    assert waiting["待我审批"] >= 1


@pytest.mark.parametrize("who", ["desk", "chief", "handler", "administrator", "bureau"])
def test_who_relies_on_being_reminded_is_told_that_nothing_rings(world, who):
    """Whatever has stopped the sweep: a step has been due for long and nobody has taken it."""
    now = timezone.now()
    Issue.objects.update(next_escalation_at=None)
    Cadence.objects.update(next_reminder_at=None)
    client = Client()
    client.force_login(world.people[who])

    def page(ago):
        line = Issue.objects.filter(handler=world.people["handler"]).open().earliest("pk")
        Issue.objects.filter(pk=line.pk).update(next_escalation_at=now - timedelta(minutes=ago))
        return client.get("/")

    assert page(ago=5).context["silent_since"] is None
    answer = page(ago=20)
    assert answer.context["silent_since"] == now - timedelta(minutes=20)
    assert ("/jobs/" in answer.content.decode().partition("<main")[2]) == (who == "administrator")


def test_reminders_that_do_not_come_are_missed_too(world):
    Issue.objects.update(next_escalation_at=None)
    since = timezone.now() - timedelta(hours=2)
    Cadence.objects.update(next_reminder_at=since)
    client = Client()
    client.force_login(world.people["desk"])
    assert client.get("/").context["silent_since"] == since
