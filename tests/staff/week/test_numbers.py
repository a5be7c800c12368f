"""Each number of the week's page leads to as many rows, and the page costs the same with many."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from enterprises.actions import cover
from enterprises.filters import EnterpriseFilter
from enterprises.models import Enterprise
from issues.filters import IssueFilter
from issues.models import Issue
from liaison.accounts.models import Kind
from liaison.staff.week import SHOWN
from tests import factories as make
from tests.staff.week.seen import at, line_due, quiet, quiet_again, see
from visits.actions import Promised

pytestmark = pytest.mark.django_db


def test_a_chief_without_a_week_of_their_own_finds_the_officers(officer, unit):
    page = see(make.ChiefFactory(unit=unit)).content.decode()
    assert f'<a class="btn small" href="?officer={officer.pk}">' in page


def rows_behind(user, url):
    client = Client()
    client.force_login(user)
    page = client.get(url)
    assert not page.context["filter"].complaints
    filter_class, model = (
        (IssueFilter, Issue) if url.startswith("/issues/") else (EnterpriseFilter, Enterprise)
    )
    asked = filter_class(page.wsgi_request.GET, user=user)
    return asked.apply(model.objects.visible_to(user)).count()


@pytest.mark.parametrize("query", ["", "?from=2026-03-09"])
def test_of_too_many_the_link_leads_to_as_many_as_it_says(query, officer, unit):
    away = make.OfficerFactory(unit=unit)
    desk = make.someone(Kind.DESK, unit)
    cover(away, officer, starts_on=date(2026, 3, 11), ends_on=date(2026, 3, 13), by=desk)
    for n in range(SHOWN):
        whose = (officer, away)[n % 2]
        for day in ("2026-03-10", "2026-03-11", "2026-03-12"):
            line_due(whose, at(day, 20, n))
            make_cold(whose, day)
    for whose in (officer, away):
        line_due(whose, at("2026-03-13", 0))
        line_due(whose, at("2026-03-12", 0))
        make_cold(whose, "2026-03-12")
        make_cold(whose, "2026-03-10")
    for user, own in ((officer, ""), (desk, f"officer={officer.pk}")):
        page = see(user, "&".join(filter(None, (query or "?", own))))
        shown = [page.context["overdue"], *page.context["days"]]
        found = 0
        for block in shown:
            for more in block.more:
                said = int("".join(filter(str.isdigit, more.words)))
                assert said > SHOWN
                assert rows_behind(user, more.url) == said, (more, block.day)
                found += 1
        assert found == 4
        assert all(len(block.rows) <= 2 * SHOWN for block in shown)


def make_cold(officer, day):
    days = (date.fromisoformat(day) - timezone.localdate()).days
    return quiet(officer, contact=days, visit=days)


def test_promises_have_no_ledger_and_are_all_shown_when_asked(officer):
    enterprise = quiet(officer)
    promises = [Promised(f"承诺{n}", date(2026, 3, 12)) for n in range(SHOWN + 3)]
    make.VisitFactory(enterprise=enterprise, promises=promises)
    quiet_again(enterprise)
    tomorrow = see(officer).context["days"][1]
    assert (len(tomorrow.rows), tomorrow.total) == (SHOWN, SHOWN + 3)
    [more] = tomorrow.more
    whole = see(officer, more.url.partition("#")[0]).context["days"][1]
    assert len(whole.rows) == whole.total == SHOWN + 3
    assert not whole.more


def test_the_page_costs_the_same_at_ten_rows_and_at_a_hundred(officer, unit):
    away, chief = make.OfficerFactory(unit=unit), make.ChiefFactory(unit=unit)
    desk = make.someone(Kind.DESK, unit)
    cover(away, officer, starts_on=date(2026, 3, 11), ends_on=date(2026, 3, 13), by=desk)

    def fill(rows):
        for n in range(rows):
            whose = (officer, away)[n % 2]
            line_due(whose, at("2026-03-12", 9, n % 60))
            cold = quiet(whose, contact=n % 7, visit=n % 5)
            make.VisitFactory(
                enterprise=cold, by=whose, promises=[Promised("示例", date(2026, 3, 13))]
            )
            quiet(whose, contact=-n)
            make.OfficerFactory(unit=unit)

    def costs():
        found = {}
        for who, person, query in (
            ("officer", officer, ""),
            ("chief", chief, ""),
            ("chief", chief, f"?officer={officer.pk}"),
            ("desk", desk, f"?officer={officer.pk}&from=2026-03-09&all=1"),
        ):
            client = Client()
            client.force_login(person)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"/week/{query}").status_code == 200
            found[who, query] = len(queries)
        return found

    fill(2)  # five rows each
    few = costs()
    fill(18)
    assert costs() == few
    assert max(few.values()) <= 12, few
