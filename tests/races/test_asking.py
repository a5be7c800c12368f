"""Several at once on what an enterprise sends in."""

import pytest

from issues.actions import ask, reject_held, release_held
from issues.models import HeldRequest, Issue, Submission
from liaison.core.refused import Conflict
from tests import factories as make
from tests.races.threads import all_at_once, losers, winners

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("time", range(3))
def test_a_form_that_is_sent_many_times_at_once_is_one_line(time):
    contact = make.ContactUserFactory(enterprise=make.AssignedEnterpriseFactory())
    enterprise, sent = contact.contact_for.get().enterprise, make.sent()
    kind = make.kind_of("service")
    results = all_at_once(
        [lambda: ask(enterprise, kind=kind, title="门坏了", text="门坏了", by=contact, sent=sent)]
        * 6
    )
    assert {one.pk for one in winners(results)} == {Issue.objects.get().pk}
    assert len(winners(results)) == 6
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("time", range(3))
def test_no_more_than_the_limit_slips_through_at_once(time, settings):
    settings.PORTAL_ASKS_BY_ENTERPRISE = 2
    enterprise = make.AssignedEnterpriseFactory()
    contacts = [make.ContactUserFactory(enterprise=enterprise) for _ in range(5)]
    kind = make.kind_of("service")

    def send(n):
        words = f"第{n}件事"
        return ask(enterprise, kind=kind, title=words, text=words, by=contacts[n], sent=make.sent())

    results = all_at_once([lambda n=n: send(n) for n in range(5)])
    assert len(winners(results)) == 5
    assert Issue.objects.count() == 2
    assert HeldRequest.objects.count() == 3


@pytest.mark.parametrize("time", range(3))
def test_two_who_decide_on_a_held_request(time):
    held = make.HeldRequestFactory()
    desk, chief = make.DeskFactory(unit=held.unit), make.ChiefFactory(unit=held.unit)
    before = Issue.objects.count()
    results = all_at_once(
        [lambda: release_held(held, by=desk), lambda: reject_held(held, by=chief, reason="重复")]
    )
    assert len(winners(results)) == 1
    [lost] = losers(results)
    assert isinstance(lost, Conflict)
    held.refresh_from_db()
    assert (held.outcome == "released") == (Issue.objects.count() == before + 1)
