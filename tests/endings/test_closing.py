"""Closing an enterprise down, with a look at what is open there."""

import pytest
from django.urls import reverse

from enterprises.models import Enterprise
from issues.models import Issue
from issues.workflow import OPEN, STAGES
from liaison.endings.standing import SORTS, standing_of
from tests import factories as make
from tests.world import World

pytestmark = pytest.mark.django_db


def test_every_sort_is_counted_and_what_ends_has_ended_afterwards(client):
    world = World(STAGES)
    enterprise = world.rows["enterprises"]
    # Those of the seed that an ordinary station does not all have at once.
    before = {one.sort.label: one.count for one in standing_of(enterprise)}
    lines = Issue.objects.filter(enterprise=enterprise, stage__in=OPEN).count()
    assert lines in before.values()
    client.force_login(world.people["desk"])
    page = reverse("enterprise_close", args=(enterprise.pk,))
    said = client.get(page).content.decode()
    assert all(str(label) in said for label in before)
    answer = client.post(page, {"version": enterprise.version, "reason": "搬走了"})
    assert answer.status_code == 302
    after = {one.sort.label: one.count for one in standing_of(enterprise)}
    for sort in SORTS:
        expected = 0 if sort.ends else before.get(sort.label, 0)
        assert after.get(sort.label, 0) == expected, sort.label
    assert any(sort.ends and sort.label in before for sort in SORTS)


def test_it_is_closed_only_with_a_reason_and_as_it_was_seen(client):
    enterprise = make.AssignedEnterpriseFactory()
    client.force_login(make.DeskFactory(unit=enterprise.unit))
    page = reverse("enterprise_close", args=(enterprise.pk,))
    assert client.post(page, {"version": enterprise.version}).status_code == 422
    assert client.post(page, {"version": 99, "reason": "搬走了"}).status_code == 409
    assert Enterprise.objects.get().is_live


def test_the_page_of_stages_does_not_close(client):
    enterprise = make.AssignedEnterpriseFactory()
    client.force_login(make.DeskFactory(unit=enterprise.unit))
    page = reverse("enterprise_stage", args=(enterprise.pk,))
    given = {"version": enterprise.version, "stage": "closed"}
    assert client.post(page, given).status_code == 422
    assert Enterprise.objects.get().is_live
