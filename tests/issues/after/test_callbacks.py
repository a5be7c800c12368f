"""回访: every closed line is called back about, by somebody other than its handler."""

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from enterprises.actions import cover
from issues.actions import rate_issue, record_callback
from issues.deadlines import callback_due_on
from issues.models import Callback, Issue
from liaison.calendars.models import CalendarDay
from liaison.calendars.signals import days_changed
from liaison.core.refused import Conflict, Refused
from liaison.core.workdays import CHINA, WorkCalendar
from liaison.notices.models import Notice
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(time_machine):
    """Monday morning."""
    time_machine.move_to(datetime(2026, 3, 2, 10, tzinfo=CHINA), tick=False)
    return make.ClosedIssueFactory(kind="service")


@pytest.fixture
def desk(closed):
    return make.DeskFactory(unit=closed.unit)


def call(line, by, **more):
    told = {"reached": True, "who": "李经理", "way": "phone", "at": timezone.now()} | more
    return record_callback(line, by=by, version=line.version, **told)


def test_who_was_reached_is_heard(closed, desk):
    made = call(closed, desk, words="已经解决", step=5)
    line = Issue.objects.get(pk=closed.pk)
    assert line.callback_due_on is None
    assert (made.who, made.rating.step, made.rating.way) == ("李经理", 5, "callback")
    assert made.rating.said_by == "李经理"
    event = line.events.get(move="callback")
    assert not event.public, "whom the station spoke to is between colleagues"


def test_an_attempt_leaves_it_due(closed, desk):
    call(closed, desk, reached=False, who="")
    call(closed, desk, reached=False, who="")
    line = Issue.objects.get(pk=closed.pk)
    assert line.callback_due_on == closed.callback_due_on == date(2026, 3, 9)
    assert [one.reached for one in line.callbacks.all()] == [False, False]
    call(line, desk)
    assert Issue.objects.get(pk=closed.pk).callback_due_on is None


def test_a_low_rating_at_a_callback_brings_the_line_back(closed, desk):
    call(closed, desk, step=2, words="还是漏")
    line = Issue.objects.get(pk=closed.pk)
    assert (line.stage, line.generation) == ("working", 2)
    assert line.events.get(move="reopen").text == "还是漏"
    [made] = Callback.objects.all()
    assert (made.generation, made.rating.generation) == (1, 1)


def test_after_thirty_days_a_low_one_is_the_chiefs_to_act_on(closed, desk, time_machine):
    chief = make.ChiefFactory(unit=closed.unit)
    time_machine.shift(timedelta(days=31))
    call(closed, desk, step=1, words="又漏了")
    line = Issue.objects.get(pk=closed.pk)
    assert (line.stage, line.callback_due_on) == ("closed", None)
    assert Notice.objects.filter(recipient=chief, kind="issue.rate").exists()


def test_the_enterprises_own_rating_counts_as_heard(closed, desk):
    contact = make.ContactUserFactory(enterprise=closed.enterprise)
    rate_issue(closed, by=contact, version=closed.version, step=5)
    line = Issue.objects.get(pk=closed.pk)
    assert not Issue.objects.filter(pk=line.pk).unheard().exists()
    with pytest.raises(Conflict) as refused:
        call(line, desk, step=4)
    assert refused.value.code == "rated"
    call(line, desk)


def test_somebody_reached_is_written_down_once(closed, desk):
    call(closed, desk)
    line = Issue.objects.get(pk=closed.pk)
    with pytest.raises(Conflict) as refused:
        call(line, desk)
    assert refused.value.code == "called_back"


def test_never_by_the_handler_or_who_acts_for_them(closed, desk):
    today = timezone.localdate()
    acting = make.OfficerFactory(unit=closed.unit)
    cover(closed.handler, acting, starts_on=today, ends_on=today, by=desk)
    for person in (
        closed.handler,
        acting,
        make.DeskFactory(),
        make.BureauUserFactory(unit=closed.unit.parent),
        make.ContactUserFactory(enterprise=closed.enterprise),
    ):
        with pytest.raises(Refused) as refused:
            call(closed, person)
        assert refused.value.code == "not_allowed"
    assert not Callback.objects.exists()
    with pytest.raises(IntegrityError, match="callback_by_another"), transaction.atomic():
        Callback.objects.create(
            issue=closed, generation=1, handler=closed.handler, by=closed.handler,
            at=timezone.now(), way="phone", reached=True, who="李经理",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"who": " "}, "who"),
        ({"way": "fax"}, "way"),
        ({"at": datetime(2026, 3, 2, 11, tzinfo=CHINA)}, "at"),
        ({"at": datetime(2026, 3, 2, 9, 59, tzinfo=CHINA)}, "at"),
        ({"reached": False}, "reached"),
        ({"reached": False, "who": "", "step": 5}, "reached"),
        ({"step": 1}, "words"),
        ({"step": 9}, "step"),
        ({"words": "x" * 1001}, "words"),
    ],
)
def test_what_makes_no_sense_is_refused(more, field, closed, desk):
    with pytest.raises(Refused) as refused:
        call(closed, desk, **more)
    assert refused.value.field == field
    assert not Callback.objects.exists()
    assert Issue.objects.get(pk=closed.pk).version == closed.version
    assert not closed.events.filter(move__in=("callback", "rate")).exists()


def test_it_is_written_for_good(closed, desk):
    made = call(closed, desk)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Callback.objects.filter(pk=made.pk).update(who="王经理")


@pytest.mark.parametrize(
    ("closed_on", "due_on"),
    [
        (date(2026, 3, 2), date(2026, 3, 9)),
        (date(2026, 3, 6), date(2026, 3, 13)),
        (date(2026, 3, 7), date(2026, 3, 13)),  # a Saturday
        (date(2026, 3, 8), date(2026, 3, 13)),
        (date(2026, 3, 9), date(2026, 3, 16)),
    ],
)
def test_due_within_five_working_days_and_late_after_that(closed_on, due_on):
    calendar = WorkCalendar()
    for hour in (0, 12, 23):
        closed_at = datetime(closed_on.year, closed_on.month, closed_on.day, hour, 30, tzinfo=CHINA)
        assert callback_due_on(closed_at, calendar) == due_on


def test_the_last_day_follows_the_calendar_but_what_is_late_stays(closed, time_machine):
    """A holiday is declared within the five days; later the days of an old one are mended."""
    holiday = date(2026, 3, 4)
    CalendarDay.objects.update_or_create(on=holiday, defaults={"kind": "holiday"})
    days_changed.send(CalendarDay, first=holiday, last=holiday)
    assert Issue.objects.get(pk=closed.pk).callback_due_on == date(2026, 3, 10)
    time_machine.move_to(datetime(2026, 3, 11, 10, tzinfo=CHINA), tick=False)
    CalendarDay.objects.filter(on=holiday).delete()
    days_changed.send(CalendarDay, first=holiday, last=holiday)
    line = Issue.objects.get(pk=closed.pk)
    assert line.callback_due_on == date(2026, 3, 10)
    assert line in Issue.objects.all().callback_late(timezone.localdate())


# --- in the browser ---------------------------------------------------------------------------


def page(person):
    client = Client()
    client.force_login(person)
    client.cookies["django_language"] = "en"
    return client


def test_the_list_is_oldest_first_and_says_what_is_late(closed, desk, time_machine):
    time_machine.shift(timedelta(days=5))
    newer = make.ClosedIssueFactory(kind="service", enterprise__unit=closed.unit)
    time_machine.shift(timedelta(days=3))
    other = make.ClosedIssueFactory(kind="service")
    client = page(desk)
    shown = client.get("/issues/callbacks/").content.decode()
    assert shown.index(closed.number) < shown.index(newer.number)
    assert other.number not in shown
    late = client.get("/issues/callbacks/?late=1").content.decode()
    assert closed.number in late
    assert newer.number not in late
    home = client.get("/").content.decode()
    duty = home.partition("Late callbacks")
    assert 'href="/issues/callbacks/?late=1" class="hot"' in duty[0]
    assert duty[2].partition('class="num">')[2].startswith("1<")


def test_the_form_writes_it_down_and_keeps_what_was_typed(closed, desk):
    where, client = f"/issues/{closed.number}/callback/", page(desk)
    sent = {"version": closed.version, "reached": "1", "at": "2026-03-02T10:00", "way": "phone"}
    answer = client.post(where, sent | {"words": "挺好"})
    assert answer.status_code == 422
    assert "Say who was reached" in answer.content.decode()
    assert "挺好" in answer.content.decode()
    answer = client.post(where, sent | {"who": "李经理", "words": "挺好", "step": "4"})
    assert answer.status_code == 302
    shown = client.get(f"/issues/{closed.number}/").content.decode()
    assert "李经理" in shown
    assert "挺好" in shown
    assert "Every enterprise" in client.get("/issues/callbacks/").content.decode()


def test_there_is_no_form_for_the_handler(closed):
    client = page(closed.handler)
    assert client.get(f"/issues/{closed.number}/callback/").status_code == 404
    assert "/callback/" not in client.get(f"/issues/{closed.number}/").content.decode()
    assert "somebody else calls" in client.get("/issues/callbacks/").content.decode()


def test_a_contact_reads_nothing_of_whom_the_station_tried(closed, desk):
    contact = make.ContactUserFactory(enterprise=closed.enterprise)
    call(closed, desk, who="只给派出所看的人", words="内部记录的话")
    client = page(contact)
    for where in (
        f"/portal/bill/{closed.number}/rate/",
        f"/api/v1/issues/{closed.number}/",
        f"/api/v1/issues/{closed.number}/events/",
    ):
        body = client.get(where).content.decode()
        assert "只给派出所看的人" not in body, where
        assert "内部记录的话" not in body, where
