"""A month that is made, made again or published."""

import pytest

from patrols.actions.rostering import make_roster, publish_roster
from patrols.models import (
    DutyGuard,
    Guard,
    Roster,
)
from patrols.roster_dates import month_of, next_month
from tests import factories as make
from tests.factories.patrols import GuardFactory
from tests.patrols.no_certificate_no_duty.nights import (
    a_page_refuses,
    browser,
    messages_of,
    refused_and_nothing_written,
)

pytestmark = pytest.mark.django_db


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
