"""Many speak for one enterprise at once: one is heard, the others are told."""

import pytest

from issues.actions import rate_issue, record_callback
from issues.actions.links import confirm_by_link, make_link
from issues.models import AccessLink, Callback, Issue, Rating
from liaison.core.refused import Conflict
from tests import factories as make
from tests.races.threads import all_at_once, losers, winners
from visits.actions import answer_word, say_of_visit
from visits.models import VisitWord

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
MANY = 16


@pytest.mark.parametrize("step", [1, 5])
def test_one_of_many_rates(step):
    line = make.ClosedIssueFactory(kind="service")
    people = [make.ContactUserFactory(enterprise=line.enterprise) for _ in range(MANY)]
    results = all_at_once(
        [
            lambda by=by: rate_issue(line, by=by, version=line.version, step=step, words="说明")
            for by in people
        ]
    )
    [won] = winners(results)
    assert all(isinstance(one, Conflict) for one in losers(results))
    assert Rating.objects.get() == won
    now = Issue.objects.get(pk=line.pk)
    assert now.generation == (2 if step == 1 else 1)
    assert now.events.filter(move="reopen").count() == (1 if step == 1 else 0)


def test_the_enterprise_rates_while_the_desk_calls():
    line = make.ClosedIssueFactory(kind="service")
    contact = make.ContactUserFactory(enterprise=line.enterprise)
    desks = [make.DeskFactory(unit=line.unit) for _ in range(MANY)]
    called = {"reached": True, "who": "李经理", "way": "phone", "at": line.closed_at}
    results = all_at_once(
        [
            lambda: rate_issue(line, by=contact, version=line.version, step=5),
            *(
                lambda by=by: record_callback(line, by=by, version=line.version, step=4, **called)
                for by in desks
            ),
        ]
    )
    assert len(winners(results)) == 1
    assert all(isinstance(one, Conflict) for one in losers(results))
    assert Rating.objects.count() == 1
    assert Callback.objects.count() == (Rating.objects.get().way == "callback")


def test_one_of_many_makes_the_link():
    line = make.ProposedIssueFactory(kind="service")
    desks = [make.DeskFactory(unit=line.unit) for _ in range(MANY)]
    results = all_at_once([lambda by=by: make_link(line, by=by, for_whom="门卫") for by in desks])
    assert all(isinstance(one, Conflict) for one in losers(results))
    assert AccessLink.objects.open().count() == 1


def test_a_close_out_is_confirmed_once():
    line = make.ProposedIssueFactory(kind="service")
    link, _key = make.link_to(line)
    results = all_at_once([lambda: confirm_by_link(link, version=line.version)] * MANY)
    assert len(winners(results)) == 1
    assert all(isinstance(one, Conflict) for one in losers(results))
    assert line.events.filter(move="close").count() == 1


def test_one_of_many_speaks_of_a_visit():
    visit = make.VisitFactory()
    people = [make.ContactUserFactory(enterprise=visit.enterprise) for _ in range(MANY)]
    results = all_at_once(
        [
            lambda by=by, came=n % 2 == 0: say_of_visit(visit, by=by, came=came, words="说明")
            for n, by in enumerate(people)
        ]
    )
    [won] = winners(results)
    assert all(isinstance(one, Conflict) for one in losers(results))
    assert VisitWord.objects.get() == won


def test_one_of_many_chiefs_answers():
    word = make.DisputedVisitFactory()
    chiefs = [make.ChiefFactory(unit=word.visit.unit) for _ in range(MANY)]
    results = all_at_once(
        [lambda by=by: answer_word(word, by=by, answer=f"{by} 已核实") for by in chiefs]
    )
    [won] = winners(results)
    assert all(isinstance(one, Conflict) for one in losers(results))
    assert won.answered_by in chiefs
