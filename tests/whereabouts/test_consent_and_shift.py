"""One's own word on one's position, and being at work."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from liaison.accounts.models import Kind
from liaison.audit.models import Entry
from liaison.core.refused import Refused
from liaison.whereabouts.actions import begin_shift, end_shift, give_consent, withdraw_consent
from liaison.whereabouts.keeping import SKEW, LeftOut, why_left_out
from liaison.whereabouts.models import PositionConsent, Shift
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = "2026-03-05T10:00:00+08:00"


@pytest.fixture
def officer(time_machine):
    time_machine.move_to(NOW, tick=False)
    return make.OfficerFactory()


def words(person):
    rows = PositionConsent.objects.visible_to(person).order_by("pk")
    return list(rows.values_list("given", flat=True))


# --- consent ----------------------------------------------------------------------------------


def test_the_last_word_holds_and_every_word_stays(officer):
    assert PositionConsent.objects.current(officer) is None
    give_consent(by=officer)
    withdraw_consent(by=officer)
    give_consent(by=officer)
    assert words(officer) == [True, False, True]
    assert PositionConsent.objects.current(officer).given


def test_the_same_said_twice_is_said_once(officer):
    withdraw_consent(by=officer)
    give_consent(by=officer)
    give_consent(by=officer)
    withdraw_consent(by=officer)
    withdraw_consent(by=officer)
    assert words(officer) == [True, False]
    actions = Entry.objects.filter(actor=officer).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["position_consent.given", "position_consent.withdrawn"]


def test_a_word_is_not_changed_afterwards(officer):
    give_consent(by=officer)
    for change in (lambda rows: rows.update(given=False), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change(PositionConsent.objects.all())
    assert words(officer) == [True]


def test_nobody_else_reads_it(officer):
    give_consent(by=officer)
    begin_shift(by=officer)
    chief = make.ChiefFactory(unit=officer.unit)
    assert not PositionConsent.objects.visible_to(chief).exists()
    assert not Shift.objects.visible_to(chief).exists()


@pytest.mark.parametrize("kind", [Kind.BUREAU, Kind.CONTACT])
def test_who_makes_no_visits_has_neither(kind):
    person = make.UserFactory(kind=kind)
    for verb in (give_consent, begin_shift):
        with pytest.raises(Refused) as refused:
            verb(by=person)
        assert refused.value.code == "not_yours"


# --- shift ------------------------------------------------------------------------------------


def test_a_shift_lasts_until_it_is_ended(officer, time_machine):
    shift = begin_shift(by=officer)
    assert begin_shift(by=officer) == shift
    time_machine.shift(timedelta(hours=3))
    end_shift(by=officer)
    end_shift(by=officer)
    shift.refresh_from_db()
    assert shift.ended_at == timezone.now()
    assert not shift.is_on(timezone.now())
    assert begin_shift(by=officer) != shift


def test_a_forgotten_shift_ends_by_itself(officer, time_machine, settings):
    settings.SHIFT_HOURS = 8
    shift = begin_shift(by=officer)
    time_machine.shift(timedelta(hours=8) - timedelta(seconds=1))
    assert shift.is_on(timezone.now())
    time_machine.shift(timedelta(seconds=1))
    assert not shift.is_on(timezone.now())
    time_machine.shift(timedelta(days=1))
    again = begin_shift(by=officer)
    shift.refresh_from_db()
    assert shift.ended_at == shift.ends_by
    assert again.started_at == timezone.now()


def test_a_shift_ended_after_its_hours_ended_with_them(officer, time_machine):
    shift = begin_shift(by=officer)
    time_machine.shift(timedelta(days=2))
    end_shift(by=officer)
    shift.refresh_from_db()
    assert shift.ended_at == shift.ends_by


def test_the_database_keeps_one_open_shift(officer):
    begin_shift(by=officer)
    later = timezone.now() + timedelta(hours=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Shift.objects.create(person=officer, ends_by=later)
    with pytest.raises(IntegrityError), transaction.atomic():
        Shift.objects.filter(person=officer).update(ended_at=later + timedelta(days=1))


# --- whether a position may be kept -----------------------------------------------------------


def why(officer, **ago):
    return why_left_out(officer, timezone.now() - timedelta(**ago), timezone.now())


def test_without_consent_or_shift_nothing_is_kept(officer):
    assert why(officer) == LeftOut.NO_CONSENT
    begin_shift(by=officer)
    assert why(officer) == LeftOut.NO_CONSENT
    give_consent(by=officer)
    assert why(officer) == ""
    end_shift(by=officer)
    assert why(officer, minutes=-6) == LeftOut.OTHER_TIME
    withdraw_consent(by=officer)
    assert why(officer) == LeftOut.NO_CONSENT


def test_the_shift_is_the_one_at_which_it_was_measured(officer, time_machine):
    give_consent(by=officer)
    time_machine.shift(timedelta(hours=1))
    begin_shift(by=officer)
    time_machine.shift(timedelta(hours=4))
    end_shift(by=officer)
    # Sent in the evening.
    time_machine.shift(timedelta(hours=8))
    assert why(officer, hours=10) == ""
    assert why(officer, hours=1) == LeftOut.OFF_SHIFT
    # A phone's clock may be a little off.
    edge = timedelta(hours=12)
    assert why_left_out(officer, timezone.now() - edge - SKEW, timezone.now()) == ""
    before = timezone.now() - edge - SKEW - timedelta(seconds=1)
    assert why_left_out(officer, before, timezone.now()) == LeftOut.OFF_SHIFT


def test_what_was_measured_before_agreeing_is_not_kept_by_it(officer, time_machine):
    begin_shift(by=officer)
    give_consent(by=officer)
    time_machine.shift(timedelta(hours=1))
    withdraw_consent(by=officer)
    give_consent(by=officer)
    assert why(officer, minutes=30) == LeftOut.NO_CONSENT
    assert why(officer) == ""


def test_what_is_too_old_to_be_kept_is_not_taken_in(officer, time_machine, settings):
    make.on_duty(officer, hours=0)
    time_machine.shift(timedelta(days=settings.POSITION_KEEP_DAYS))
    assert why(officer, days=settings.POSITION_KEEP_DAYS) == LeftOut.TOO_OLD
    assert why(officer, days=settings.POSITION_KEEP_DAYS, seconds=-1) == ""


# --- the page ---------------------------------------------------------------------------------


@pytest.fixture
def page(officer):
    client = Client()
    client.force_login(officer)
    return client


def test_the_page_says_how_it_stands_and_does_what_it_offers(officer, page):
    for deed in ("agree", "begin", "end", "withdraw"):
        shown = page.get("/position/").content.decode()
        assert f'value="{deed}"' in shown
        assert page.post("/position/", {"deed": deed}).status_code == 302
    assert words(officer) == [True, False]
    assert Shift.objects.get(person=officer).ended_at


def test_what_the_page_does_not_offer_is_not_done(officer, page):
    assert page.post("/position/", {"deed": "agree; begin"}).status_code == 422
    assert words(officer) == []
