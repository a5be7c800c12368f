"""Rosters in the browser of the station, and the enterprise's own nights."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from patrols.actions.rostering import make_roster
from patrols.models import Absence, Duty, DutyGuard, DutyNight, Roster, SwapRequest, Wish
from patrols.nights import evening_of
from patrols.roster_dates import month_of, next_month
from tests import factories as make
from tests.factories.patrol_evenings import patrolled
from tests.factories.patrols import UncertifiedGuardFactory, team_of

pytestmark = pytest.mark.django_db


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def made():
    """Beside the two who are out and the one who cannot come there is one at home."""
    enterprise = make.AssignedEnterpriseFactory()
    return patrolled(enterprise) | {"enterprise": enterprise}


@pytest.fixture
def desk(made):
    return signed_in(make.DeskFactory(unit=made["enterprise"].unit))


@pytest.fixture
def contact(made):
    return signed_in(make.ContactUserFactory(enterprise=made["enterprise"]))


def test_from_all_teams_of_a_month_to_a_published_sheet():
    team = team_of(6)
    client = signed_in(make.ChiefFactory(unit=team.unit))
    month = next_month(month_of(timezone.localdate()))
    asked = {"month": f"{month:%Y-%m}"}
    assert client.post("/patrols/rosters/make/", asked).status_code == 302
    roster = Roster.objects.get()
    here = f"/patrols/rosters/{roster.pk}/"
    page = client.get(here).content.decode()
    assert all(one.enterprise.name in page for one in team.memberships.all())
    assert client.post("/patrols/rosters/publish/", asked).status_code == 302
    roster.refresh_from_db()
    assert roster.state == Roster.State.PUBLISHED
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get(f"{here}export.xlsx"))))
    rows = list(book.active.values)
    nights = DutyNight.objects.count()
    assert len(rows) == 3 + nights + 1
    assert sum(one for one in rows[-1][3:-2] if one) == Duty.objects.count()
    assert client.get(f"{here}export.csv").content.decode("utf-8-sig").count("\n") == nights + 1
    ics = client.get(f"{here}nights.ics").content.decode()
    assert ics.count("BEGIN:VEVENT") == Duty.objects.count()
    assert client.get(f"{here}sheet/").status_code == 200
    assert client.get(f"{here}export.pdf").status_code == 404


def test_an_old_page_neither_publishes_nor_makes_again(made, desk):
    roster = made["rosters"]
    for verb in ("make", "publish"):
        answer = desk.post(f"/patrols/rosters/{roster.pk}/{verb}/", {"version": 9}, follow=True)
        assert answer.context["messages"]
    assert DutyNight.objects.count() == 1


def test_the_night_by_hand_keeps_what_was_typed_and_takes_no_uncertified_guard(made, desk):
    night, enterprise = made["nights"], made["enterprise"]
    bad = UncertifiedGuardFactory(enterprise=enterprise)
    there = f"/patrols/rosters/nights/{night.pk}/change/"
    field = desk.get(there).context["form"].fields[f"of_{enterprise.pk}"]
    assert bad.name in field.help_text, "named with the reason, not offered"
    assert bad.pk not in dict(field.choices)
    sent = {"version": night.version, f"of_{enterprise.pk}": [bad.pk]}
    assert desk.post(there, sent).status_code == 422
    one = list(enterprise.guards.exclude(pk=bad.pk).values_list("pk", flat=True))
    alone = {"version": night.version, f"of_{enterprise.pk}": one}
    assert desk.post(there, alone).status_code == 422
    assert not DutyGuard.objects.filter(guard=bad).exists()
    other = Duty.objects.exclude(enterprise=enterprise).get()
    both = alone | {f"of_{other.enterprise_id}": [other.guards.get().guard_id]}
    assert desk.post(there, both | {"version": 7}).status_code == 409
    assert desk.post(there, both).status_code == 302
    assert DutyGuard.objects.count() == 3


def test_absence_and_substitute_with_one_press(made, desk):
    night, duty = made["nights"], made["duties"]
    here = f"/patrols/rosters/nights/{night.pk}/"
    assert desk.post(f"{here}absent/{duty.pk}/", {"who": "x"}).status_code == 422
    assert desk.post(f"{here}absent/{duty.pk}/", {"who": "all"}).status_code == 302
    absence = Absence.objects.get(enterprise=made["enterprise"])
    page = desk.get(here)
    [offer] = next(one for one in page.context["absences"] if one.pk == absence.pk).offers
    answer = desk.post(
        f"{here}substitute/{absence.pk}/", {"enterprise": offer.enterprise.pk}, follow=True
    )
    assert offer.enterprise.name in answer.content.decode()
    absence.refresh_from_db()
    assert absence.substitute == offer.enterprise


def test_a_contact_wishes_answers_and_says_that_nobody_comes(made, contact):
    page = contact.get("/portal/duties/").content.decode()
    duty, swap = made["duties"], made["swaps"]
    assert duty.guards.get().guard.name in page
    assert contact.post(f"/portal/duties/swaps/{swap.pk}/refuse/").status_code == 302
    swap.refresh_from_db()
    assert swap.state == SwapRequest.State.REFUSED
    first = evening_of(timezone.now()) + timedelta(days=5)
    wish = {
        "enterprise": made["enterprise"].pk, "first": first, "last": first + timedelta(days=2),
        "kind": "blocked",
    }  # fmt: skip
    assert contact.post("/portal/duties/wishes/", wish).status_code == 302
    assert Wish.objects.filter(enterprise=made["enterprise"], kind="blocked").count() == 3
    worse = wish | {"last": first - timedelta(days=1)}
    assert contact.post("/portal/duties/wishes/", worse).status_code == 422
    mine = Wish.objects.filter(kind="blocked").first()
    assert contact.post(f"/portal/duties/wishes/{mine.pk}/remove/").status_code == 302
    assert contact.get("/portal/duties/ours.ics").content.count(b"BEGIN:VEVENT") == 1
    here = f"/portal/duties/{duty.pk}/"
    assert contact.post(f"{here}swap/", {"instead": "1:x"}).status_code == 422
    assert contact.post(f"{here}absent/", {"who": "all"}).status_code == 302
    assert contact.get(here).status_code == 404


def test_a_contact_asks_for_a_swap(made, contact):
    team, enterprise = made["rosters"].team, made["enterprise"]
    free = team.memberships.exclude(enterprise__in=Duty.objects.values("enterprise")).exclude(
        enterprise__in=Absence.objects.values("enterprise")
    )
    asked = next(one.enterprise for one in free if one.enterprise_id != enterprise.pk)
    here = f"/portal/duties/{made['duties'].pk}/"
    assert asked.name in contact.get(here).content.decode()
    answer = contact.post(f"{here}swap/", {"instead": f"{asked.pk}:", "reason": "停产"})
    assert answer.status_code == 302
    assert SwapRequest.objects.filter(asking=enterprise, asked=asked, takes_on=None).exists()


def test_the_pages_of_a_month_cost_the_same_however_much_is_in_it(desk, made):
    team = team_of(3, unit=made["enterprise"].unit)
    big = team_of(9, unit=team.unit)
    month = next_month(month_of(timezone.localdate()))
    by = make.ChiefFactory(unit=team.unit)

    def cost(path):
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(path).status_code == 200
        return len(queries)

    small, large = (make_roster(one, month, by=by) for one in (team, big))
    for path in ("/", "/sheet/"):
        costs = [cost(f"/patrols/rosters/{one.pk}{path}") for one in (small, large)]
        assert costs[0] == costs[1] <= 20
    nights = [one.nights.first() for one in (small, large)]
    costs = [cost(f"/patrols/rosters/nights/{one.pk}/") for one in nights]
    assert costs[0] == costs[1] <= 20


def test_tonight_stands_on_the_desk_in_the_dossier_and_at_the_enterprises_door(made, desk, contact):
    duty, enterprise = made["duties"], made["enterprise"]
    guard = duty.guards.get().guard
    numbers = desk.get("/").context["patrols"]
    assert (numbers.teams, numbers.people, numbers.short) == (1, 2, 0)
    page = desk.get(f"/enterprises/{enterprise.pk}/")
    assert page.context["team"] == made["rosters"].team
    nights = {one.pk: one.duty_on for one in page.context["guards"]}
    assert nights[guard.pk] == duty.night.night_on
    assert len(nights) == 2
    home = contact.get("/portal/")
    assert [(one.pk, one.tonight) for one in home.context["duties"]] == [(duty.pk, True)]
    assert guard.name in home.content.decode()

    guard.duties.all().delete()
    assert desk.get("/").context["patrols"].short == 1
    Roster.objects.update(state="draft")
    assert desk.get("/").context["patrols"] is None
    assert contact.get("/portal/").context["duties"] == []
    page = desk.get(f"/enterprises/{enterprise.pk}/")
    assert {one.duty_on for one in page.context["guards"]} == {None}


def test_the_roster_of_a_night_says_where_it_is_short_and_who_is_missing(made, desk):
    absence = made["absences"]
    [night] = desk.get("/patrols/rosters/tonight/").context["page"].items
    assert (night.people, night.short, night.missing) == (2, False, [absence])
    made["duties"].guards.all().delete()
    page = desk.get("/patrols/rosters/tonight/")
    assert page.context["page"].items[0].short
    assert absence.enterprise.name in page.content.decode()
    other = desk.get("/patrols/rosters/tonight/?on=2026-01-01")
    assert not other.context["is_tonight"]
    assert other.status_code == 200
