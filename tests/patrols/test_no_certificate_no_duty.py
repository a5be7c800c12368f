"""Acceptance: by no path does a guard without a certificate that holds through the night come onto
duty. Every path is tried with every fault of a certificate; it is refused in words that a person
can use, and nothing is written. Below them the database refuses by itself (on both).
"""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from liaison.accounts.models import User
from liaison.core.refused import Refused
from patrols.actions.absences import report_absence, take_substitute
from patrols.actions.doors import make_link, make_pin, open_by_pin
from patrols.actions.duty_guards import put_all_on_duty, put_on_duty
from patrols.actions.nights import change_night
from patrols.actions.publishing_teams import publish_division
from patrols.actions.rostering import make_roster, publish_roster
from patrols.actions.swapping import ask_swap, move_swap
from patrols.models import (
    Absence,
    Draft,
    DraftPlace,
    Duty,
    DutyGuard,
    DutyNight,
    Guard,
    PatrolTeam,
    Roster,
    SwapRequest,
)
from patrols.nights import at, evening_of
from patrols.roster_dates import month_of, next_month
from tests import factories as make
from tests.api.people import client_of
from tests.factories.patrols import GuardFactory, duty_of, join, team_of
from tests.patrols.test_guard_lists import row, sheet
from tests.rows import everything

pytestmark = pytest.mark.django_db
# What a guard's certificate is on an evening: the number and the day on which it ends.
FAULTS = {
    "missing": lambda evening: ("", None),
    "expired": lambda evening: ("示证坏", timezone.localdate() - timedelta(days=1)),
    "ends before the night": lambda evening: ("示证坏", evening),
}


@dataclass
class Night:
    """Two enterprises are out with a guard each, a third has nobody but ``bad``."""

    team: PatrolTeam
    row: DutyNight
    duties: list[Duty]
    third: Any
    bad: Guard
    desk: User
    fault: tuple[str, date | None]

    @property
    def evening(self) -> date:
        return self.row.night_on

    def spoil(self, *guards: Guard) -> None:
        """Behind the verbs' back, as an old row or a mistake in a migration might."""
        number, until = self.fault
        for guard in guards:
            Guard.objects.filter(pk=guard.pk).update(
                certificate=number and f"示证{guard.pk}", certificate_until=until
            )


@pytest.fixture(params=FAULTS)
def night(request):
    evening = evening_of(timezone.now()) + timedelta(days=3)
    number, until = FAULTS[request.param](evening)
    team = team_of(2, 1)
    third = make.AssignedEnterpriseFactory(unit=team.unit)
    join(team, third)
    bad = GuardFactory(
        enterprise=third, name="示例无证", certificate=number, certificate_until=until
    )
    duties = [duty_of(one.enterprise, evening) for one in team.memberships.order_by("pk")[:2]]
    put_all_on_duty([(one, [one.enterprise.guards.get()]) for one in duties])
    chief = make.ChiefFactory(unit=team.unit)
    Roster.objects.update(state="published", published_by=chief, published_at=timezone.now())
    rows = Duty.objects.select_related("night__roster", "night__team__unit", "enterprise__unit")
    return Night(
        team=team,
        row=DutyNight.objects.select_related("team__unit", "roster").get(),
        duties=list(rows.order_by("pk")),
        third=third,
        bad=bad,
        desk=make.DeskFactory(unit=team.unit),
        fault=(number, until),
    )


def browser(person):
    client = Client()
    client.force_login(person)
    return client


def a_page_refuses(client, path, sent, word):
    """With a message after its redirect, or within the form; nothing is written."""
    before = everything()
    answer = client.post(path, sent, follow=True)
    assert answer.redirect_chain or answer.status_code == 422
    assert word in answer.content.decode()
    assert everything() == before
    return answer


def messages_of(answer):
    return " ".join(str(one) for one in answer.context["messages"])


def refused_and_nothing_written(verb, *words):
    """``words`` are in what is said."""
    before = everything()
    with pytest.raises(Refused) as refused, transaction.atomic():
        verb()
    said = str(refused.value)
    for word in words:
        assert word in said
    assert everything() == before
    return refused.value


# --- by hand --------------------------------------------------------------------------------------


def test_the_page_of_a_night(night):
    client, here = browser(night.desk), f"/patrols/rosters/nights/{night.row.pk}/change/"
    sent = {f"of_{one.enterprise_id}": [one.guards.get().guard_id] for one in night.duties}
    sent |= {"version": night.row.version, f"of_{night.third.pk}": [night.bad.pk]}
    page = client.get(here)
    assert night.bad.name in page.content.decode(), "named, with the reason"
    assert not page.context["form"].fields[f"of_{night.third.pk}"].choices, "and not offered"
    answer = a_page_refuses(client, here, sent, night.bad.name)
    assert night.bad.name in str(answer.context["form"].errors[f"of_{night.third.pk}"])


def test_the_verb_by_hand(night):
    sends = {one.enterprise_id: [one.guards.get().guard_id] for one in night.duties}
    refused = refused_and_nothing_written(
        lambda: change_night(
            night.row,
            {**sends, night.third.pk: [night.bad.pk]},
            by=night.desk,
            version=night.row.version,
        ),
        night.bad.name,
    )
    assert refused.code == "certificate"


def test_one_more_guard_on_a_duty(night):
    bad = GuardFactory(enterprise=night.duties[0].enterprise)
    night.spoil(bad)
    refused = refused_and_nothing_written(
        lambda: put_on_duty(night.duties[0], [bad], by=night.desk), bad.name
    )
    assert refused.code == "certificate"


# --- by swaps -------------------------------------------------------------------------------------


def test_a_swap_is_not_asked_of_who_has_nobody(night):
    contact = make.ContactUserFactory(enterprise=night.duties[0].enterprise)
    refused_and_nothing_written(
        lambda: ask_swap(night.duties[0], night.third, by=contact), night.third.name
    )
    here, sent = f"/portal/duties/{night.duties[0].pk}/swap/", {"instead": f"{night.third.pk}:"}
    answer = a_page_refuses(browser(contact), here, sent, night.third.name)
    assert night.third.name in str(answer.context["swap_form"].errors)


@pytest.mark.parametrize("name", ["accept", "approve"])
def test_a_swap_that_was_lawful_when_it_was_asked(night, name):
    """The certificate was lost since: each later step looks again."""
    good = GuardFactory(enterprise=night.third)
    swap = ask_swap(night.duties[0], night.third, by=night.desk)
    if name == "approve":
        move_swap(swap, "accept", by=night.desk)
    night.spoil(good)
    refused_and_nothing_written(lambda: move_swap(swap, name, by=night.desk), night.third.name)
    here = f"/patrols/rosters/swaps/{swap.pk}/{name}/"
    answer = a_page_refuses(browser(night.desk), here, {}, night.third.name)
    assert night.third.name in messages_of(answer)
    assert SwapRequest.objects.get().state == {"accept": "asked", "approve": "accepted"}[name]


def test_nor_in_return(night):
    """Who asks has to serve the other's night: it is looked at as well."""
    good = GuardFactory(enterprise=night.third)
    later = duty_of(night.third, night.evening + timedelta(days=2))
    put_all_on_duty([(later, [good])])
    mine = night.duties[0].guards.get().guard
    # Lawful on the first night, not any more on the other's.
    Guard.objects.filter(pk=mine.pk).update(certificate_until=night.evening + timedelta(days=1))
    refused_and_nothing_written(
        lambda: ask_swap(
            night.duties[0], night.third, by=night.desk, takes_on=later.night.night_on
        ),
        night.duties[0].enterprise.name,
    )


# --- by substitutes -------------------------------------------------------------------------------


def test_a_substitute_from_another_enterprise(night):
    absence = report_absence(night.duties[0], by=night.desk)
    refused_and_nothing_written(
        lambda: take_substitute(absence, night.third, by=night.desk), night.third.name
    )
    client = browser(night.desk)
    page = client.get(f"/patrols/rosters/nights/{night.row.pk}/")
    [shown] = page.context["absences"]
    assert shown.offers == []
    here = f"/patrols/rosters/nights/{night.row.pk}/substitute/{absence.pk}/"
    answer = a_page_refuses(client, here, {"enterprise": night.third.pk}, night.third.name)
    assert night.third.name in messages_of(answer)


def test_a_colleague_as_substitute(night):
    mine = night.duties[0]
    colleague = GuardFactory(enterprise=mine.enterprise)
    night.spoil(colleague)
    absence = report_absence(mine, by=night.desk, guard=mine.guards.get().guard)
    refused_and_nothing_written(
        lambda: take_substitute(absence, mine.enterprise, by=night.desk), mine.enterprise.name
    )
    assert Absence.objects.get().substitute is None


# --- by the solver --------------------------------------------------------------------------------


def test_a_month_is_made_without_them(night):
    """On the page for all teams. Whoever lacks a certificate for a night is not out on it."""
    for one in night.duties:
        GuardFactory.create_batch(2, enterprise=one.enterprise)
    month = next_month(month_of(night.evening))
    browser(night.desk).post("/patrols/rosters/make/", {"month": f"{month:%Y-%m}"})
    made = Roster.objects.get(month=month)
    assert made.nights.count() > 27
    assert not made.conflicts
    assert not DutyGuard.objects.filter(guard=night.bad).exists()


def test_a_month_that_needs_them_is_not_made(night):
    """One of the two others alone cannot send two people every night."""
    month = next_month(month_of(night.evening))
    DutyGuard.objects.all().delete()
    night.spoil(*Guard.objects.all())
    answer = browser(night.desk).post(
        "/patrols/rosters/make/", {"month": f"{month:%Y-%m}"}, follow=True
    )
    made = Roster.objects.get(month=month)
    assert made.conflicts
    assert not made.nights.exists()
    assert answer.context["messages"]
    page = browser(night.desk).get(f"/patrols/rosters/{made.pk}/").content.decode()
    named = [one["who"] for one in made.conflicts if one["cause"] == "certificate"]
    assert all(who in page for who in named)


def test_a_roster_in_use_is_not_made_again_with_them(night):
    """What stands is unlawful by now, and nobody lawful is there: it is said, nothing is moved."""
    night.spoil(*Guard.objects.all())
    duties = list(DutyGuard.objects.values_list())
    made = make_roster(night.team, month_of(night.evening), by=night.desk)
    assert made.conflicts
    assert list(DutyGuard.objects.values_list()) == duties


def test_a_draft_that_holds_one_by_now_is_not_published(night):
    GuardFactory.create_batch(2, enterprise=night.third)
    GuardFactory.create_batch(2, enterprise=night.duties[0].enterprise)
    draft = make_roster(night.team, next_month(month_of(night.evening)), by=night.desk)
    chief = make.ChiefFactory(unit=night.team.unit)
    last = DutyGuard.objects.filter(duty__night__roster=draft).order_by("-night_on").first()
    night.spoil(last.guard)
    refused = refused_and_nothing_written(
        lambda: publish_roster(draft, by=chief, version=draft.version), last.guard.name
    )
    assert refused.code == "unlawful"
    client, sent = browser(chief), {"version": draft.version, "month": f"{draft.month:%Y-%m}"}
    for here in (f"/patrols/rosters/{draft.pk}/publish/", "/patrols/rosters/publish/"):
        answer = a_page_refuses(client, here, sent, last.guard.name)
        assert last.guard.name in messages_of(answer)


# --- from the side of the guard: what would make a night on the roster unlawful -------------------


def edited(night):
    """What a form says of the guard who is out, with the certificate of the fault."""
    guard = night.duties[0].guards.get().guard
    number, until = night.fault
    facts = {
        "name": guard.name,
        "phone": guard.phone,
        "employer": guard.employer,
        "company": guard.company,
        "certificate": number and "示证新",
        "certificate_until": until.isoformat() if until else "",
        "joined_on": guard.joined_on.isoformat(),
        "version": guard.version,
    }
    return guard, facts


@pytest.mark.parametrize("door", ["patrols", "portal"])
def test_the_form_of_a_guard_who_is_out(night, door):
    guard, facts = edited(night)
    contact = make.ContactUserFactory(enterprise=guard.enterprise)
    client = browser(night.desk if door == "patrols" else contact)
    answer = a_page_refuses(client, f"/{door}/guards/{guard.pk}/edit/", facts, guard.name)
    assert "off_duty" in answer.context["form"].errors
    # Agreed to, it is the guard who goes.
    assert client.post(f"/{door}/guards/{guard.pk}/edit/", {**facts, "off_duty": "on"})["Location"]
    assert not DutyGuard.objects.filter(guard=guard).exists()


def test_a_guard_who_is_out_over_the_api(night):
    guard, facts = edited(night)
    facts["certificate_until"] = facts["certificate_until"] or None
    client = client_of(night.desk)
    before = everything()
    answer = client.post(f"/api/v1/guards/{guard.pk}/edit/", facts, format="json")
    assert answer.status_code == 422
    assert answer.json()["nights"] == [night.evening.isoformat()]
    assert everything() == before


def test_a_list_of_guards(night):
    """The certificate in the list is another: whoever is out on a night that this makes unlawful
    is taken off it. A guard whom the list brings goes nowhere by that."""
    guard, facts = edited(night)
    name = guard.enterprise.name
    listed = {
        "enterprise": name,
        "name": guard.name,
        "phone": guard.phone,
        "company": guard.company,
        "certificate": facts["certificate"] or None,
        "certificate_until": facts["certificate_until"] or None,
    }
    new = row(7, enterprise=name, certificate=None, certificate_until=None)
    answer = browser(night.desk).post(
        "/patrols/guards/lists/new/",
        {"file": SimpleUploadedFile("名单.xlsx", sheet(row(1, **listed), new))},
    )
    assert not set(unlawful()), "a preview changes nothing"
    browser(night.desk).post(f"{answer['Location']}apply/")
    assert Guard.objects.filter(enterprise=guard.enterprise, name="示例7").exists()
    guard.refresh_from_db()
    # An empty cell says nothing about a certificate that is known.
    says = bool(night.fault[0])
    assert (guard.certificate_until == night.fault[1]) == says
    assert DutyGuard.objects.filter(guard=guard).exists() == (not says)
    assert not unlawful()


def unlawful():
    """Whoever is on duty now and may not be."""
    rows = DutyGuard.objects.select_related("guard")
    return [one for one in rows if not one.guard.may_serve(one.night_on)]


# --- by a division into teams, and at the guard's own door ----------------------------------------


def test_a_division_puts_nobody_on_duty(night):
    """Moved into another team by drag, and published: some leave their nights, nobody comes."""
    duties = set(DutyGuard.objects.values_list())
    draft = Draft.objects.create(
        unit=night.team.unit, smallest=1, largest=3, teams=2, seed=0, made_by=night.desk
    )
    for member in night.team.memberships.all():
        DraftPlace.objects.create(draft=draft, enterprise=member.enterprise, team_number=1)
    client = browser(night.desk)
    moved = {"team": 2, "version": draft.version}
    assert client.post(f"/patrols/teams/division/places/{night.third.pk}/", moved).status_code < 400
    draft.refresh_from_db()
    publish_division(
        draft, timezone.localdate(), by=night.desk, version=draft.version, any_size=True
    )
    assert set(DutyGuard.objects.values_list()) <= duties


def test_the_door_of_a_night_does_not_open(night):
    """One who lost the certificate after the roster was made gets neither link nor PIN."""
    guard = night.duties[0].guards.get().guard
    pin = make_pin(night.row, by=night.desk)
    night.spoil(guard)
    guard.refresh_from_db()
    refused_and_nothing_written(lambda: make_link(night.row, guard, by=night.desk))
    evening = at(night.evening, time(22))
    with pytest.raises(Refused):
        open_by_pin(guard.phone, pin, evening)


@pytest.mark.parametrize("verb", ["post", "put", "patch", "delete"])
def test_the_api_of_the_nights_is_to_read(night, verb):
    client = client_of(night.desk)
    before = everything()
    for path in ("/api/v1/duty-nights/", f"/api/v1/duty-nights/{night.row.pk}/"):
        body = {"duties": [{"enterprise": night.third.pk, "guards": [night.bad.pk]}]}
        assert getattr(client, verb)(path, body, format="json").status_code == 405
    assert everything() == before


# --- the database ---------------------------------------------------------------------------------


def test_the_database_itself_refuses(night):
    duty = Duty.objects.create(night=night.row, enterprise=night.third)
    fine = DutyGuard.objects.order_by("pk").first()
    before = everything()
    for deed in (
        lambda: DutyGuard.objects.create(duty=duty, guard=night.bad, night_on=night.evening),
        lambda: DutyGuard.objects.bulk_create(
            [DutyGuard(duty=duty, guard=night.bad, night_on=night.evening)]
        ),
        lambda: DutyGuard.objects.filter(pk=fine.pk).update(guard=night.bad),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()
    assert everything() == before
