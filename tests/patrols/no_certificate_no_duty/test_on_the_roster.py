"""Put on a night by hand, by a swap, as a substitute."""

from datetime import timedelta

import pytest

from patrols.actions.absences import report_absence, take_substitute
from patrols.actions.duty_guards import put_all_on_duty, put_on_duty
from patrols.actions.nights import change_night
from patrols.actions.swapping import ask_swap, move_swap
from patrols.models import (
    Absence,
    Guard,
    SwapRequest,
)
from tests import factories as make
from tests.factories.patrols import GuardFactory, duty_of
from tests.patrols.no_certificate_no_duty.nights import (
    a_page_refuses,
    browser,
    messages_of,
    refused_and_nothing_written,
)

pytestmark = pytest.mark.django_db


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
