"""How content the enterprise is: five steps, once for each close-out, the lowest two reopen."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from issues.actions import VERBS, rate_issue
from issues.deadlines import REOPENED_DAYS
from issues.models import Issue, Rating
from liaison.core.refused import Conflict, Refused
from liaison.core.workdays import CHINA
from liaison.notices.models import Notice
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(time_machine):
    """Monday morning."""
    time_machine.move_to(datetime(2026, 3, 2, 10, tzinfo=CHINA), tick=False)
    return make.ClosedIssueFactory(kind="service")


@pytest.fixture
def contact(closed):
    return make.ContactUserFactory(enterprise=closed.enterprise)


def rate(line, by, step=5, words=""):
    return rate_issue(line, by=by, version=line.version, step=step, words=words)


@pytest.mark.parametrize("step", [5, 4, 3])
def test_a_good_rating_leaves_the_line_closed_and_the_enterprise_heard(step, closed, contact):
    assert closed.callback_due_on is not None
    rating = rate(closed, contact, step)
    line = Issue.objects.get(pk=closed.pk)
    assert (line.stage, line.generation, line.callback_due_on) == ("closed", 1, None)
    assert (rating.step, rating.way, rating.said_by) == (step, "portal", str(contact))
    [event] = line.events.filter(move="rate")
    assert (event.public, event.values["rating"]) == (True, step)
    assert line in Issue.objects.all().rated()


@pytest.mark.parametrize("step", [2, 1])
def test_a_low_rating_brings_the_line_back_with_five_working_days(step, closed, contact):
    chief = make.ChiefFactory(unit=closed.unit)
    rate(closed, contact, step, "水管仍在漏水")
    line = Issue.objects.get(pk=closed.pk)
    assert (line.stage, line.generation, line.callback_due_on) == ("working", 2, None)
    assert line.resolve_days == REOPENED_DAYS == 5
    assert line.next_due_at == datetime(2026, 3, 9, 10, tzinfo=CHINA)
    reopened = line.events.get(move="reopen")
    assert (reopened.public, reopened.text) == (True, "水管仍在漏水")
    assert line not in Issue.objects.all().rated(), "the next close-out is rated anew"
    assert Notice.objects.filter(recipient=chief, kind="issue.rate").count() == 1
    assert Notice.objects.filter(recipient=line.handler, kind="issue.reopen").count() == 1


def test_what_a_low_rating_is_about_must_be_said(closed, contact):
    with pytest.raises(Refused) as refused:
        rate(closed, contact, 1, "  ")
    assert (refused.value.code, refused.value.field) == ("missing", "words")
    assert not Rating.objects.exists()
    assert Issue.objects.get(pk=closed.pk).version == closed.version


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"step": 0}, "invalid"), ({"step": 6}, "invalid"), ({"words": "x" * 1001}, "too_long")],
)
def test_nonsense_is_refused(changes, code, closed, contact):
    with pytest.raises(Refused) as refused:
        rate(closed, contact, **changes)
    assert refused.value.code == code
    assert not Rating.objects.exists()


def test_once_for_each_close_out(closed, contact):
    rate(closed, contact, 1, "没有解决")
    line = Issue.objects.get(pk=closed.pk)
    line = make.STEPS["close"](make.STEPS["propose"](line))
    rate(line, contact, 4)
    line.refresh_from_db()
    assert [one.step for one in line.ratings.all()] == [1, 4]
    with pytest.raises(Conflict) as refused:
        rate(line, contact, 5)
    assert refused.value.code == "rated"
    assert Rating.objects.count() == 2


def test_it_stands_as_it_was_given(closed, contact):
    rating = rate(closed, contact, 3)
    for change in (
        lambda: Rating.objects.filter(pk=rating.pk).update(step=5),
        lambda: Rating.objects.filter(pk=rating.pk).delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_who_may_not(closed, contact):
    others = {
        "handler": closed.handler,
        "desk": make.DeskFactory(unit=closed.unit),
        "chief": make.ChiefFactory(unit=closed.unit),
        "stranger": make.ContactUserFactory(),
        "former": make.ContactUserFactory(enterprise=closed.enterprise),
    }
    others["former"].contact_for.update(left_on="2026-03-01")
    for who, person in others.items():
        with pytest.raises(Refused) as refused:
            rate(closed, person)
        assert refused.value.code == "not_allowed", who


def test_a_line_that_is_open_or_was_declined_is_not_rated(contact):
    for made in (make.WorkingIssueFactory, make.DeclinedIssueFactory):
        line = made()
        with pytest.raises(Conflict) as refused:
            rate(line, make.ContactUserFactory(enterprise=line.enterprise))
        assert refused.value.code == "wrong_stage"


def test_after_thirty_days_it_is_too_late(closed, contact, time_machine):
    time_machine.move_to(closed.closed_at + timedelta(days=30), tick=False)
    version = closed.version
    time_machine.shift(timedelta(seconds=1))
    with pytest.raises(Refused) as refused:
        rate_issue(closed, by=contact, version=version, step=1, words="又坏了")
    assert refused.value.code == "too_late"
    time_machine.shift(timedelta(seconds=-1))
    rate_issue(closed, by=contact, version=version, step=1, words="又坏了")
    assert Issue.objects.get(pk=closed.pk).stage == "working"


def test_who_saw_an_older_line_is_told(closed, contact):
    chief = make.ChiefFactory(unit=closed.unit)
    VERBS["reopen"](closed, by=chief, version=closed.version, reason="又出现")
    with pytest.raises(Conflict):
        rate(closed, contact)
    assert not Rating.objects.exists()


def test_numbers_for_a_report(unit_of_ratings):
    chief = unit_of_ratings
    seen = Rating.objects.all().visible_to(chief)
    numbers = seen.numbers()
    assert {name: numbers[name] for name in ("step_5", "step_4", "step_1", "all")} == {
        "step_5": 2, "step_4": 1, "step_1": 1, "all": 4,
    }  # fmt: skip
    assert numbers["mean"] == pytest.approx(3.75)
    assert seen.in_force().numbers()["all"] == 3, "what was brought back is not rated any more"
    assert Rating.objects.all().visible_to(make.ChiefFactory()).numbers()["mean"] is None


@pytest.fixture
def unit_of_ratings():
    unit = make.StationFactory()
    for step in (5, 5, 4, 1):
        make.RatedIssueFactory(enterprise__unit=unit, step=step)
    make.RatedIssueFactory()
    return make.ChiefFactory(unit=unit)


# --- in the browser ---------------------------------------------------------------------------


def page(person):
    client = Client()
    client.force_login(person)
    client.cookies["django_language"] = "en"
    return client


def test_the_page_takes_a_rating_and_shows_it(closed, contact):
    where, client = f"/portal/bill/{closed.number}/rate/", page(contact)
    asked = client.get(where).content.decode()
    for words in ("Very satisfied", "Fairly satisfied", "Very dissatisfied"):
        assert words in asked
    answer = client.post(
        where, {"version": closed.version, "step": 4, "words": "很快"}, follow=True
    )
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert "Satisfied" in shown
    assert "很快" in shown
    assert "<form" not in shown.partition("<main")[2]


def test_a_low_one_without_words_keeps_what_was_chosen(closed, contact):
    answer = page(contact).post(
        f"/portal/bill/{closed.number}/rate/", {"version": closed.version, "step": 1}
    )
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "Say what is not right" in shown
    [chosen] = re.findall(r'<input[^>]*name="step"[^>]*checked[^>]*>', shown)
    assert 'value="1"' in chosen


def test_a_second_one_is_told_and_what_it_typed_is_kept(closed, contact):
    version = closed.version
    rate(closed, contact, 5)
    answer = page(contact).post(
        f"/portal/bill/{closed.number}/rate/", {"version": version, "step": 3, "words": "一般"}
    )
    assert answer.status_code == 409
    assert Rating.objects.get().step == 5


def test_the_stations_page_and_the_api_show_it(closed, contact):
    rate(closed, contact, 5, "谢谢警官")
    client = page(closed.handler)
    assert "谢谢警官" in client.get(f"/issues/{closed.number}/").content.decode()
    shown = client.get(f"/api/v1/issues/{closed.number}/").json()["rating"]
    assert (shown["step"], shown["words"], shown["said_by"]) == (5, "谢谢警官", str(contact))
