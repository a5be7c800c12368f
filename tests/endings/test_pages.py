"""Choosing, looking, agreeing."""

import pytest
from django.urls import reverse

from enterprises.models import Enterprise
from liaison.endings.preview import preview_of
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    unit = make.StationFactory()
    return [
        make.AssignedEnterpriseFactory(unit=unit, name=name, credit_code="")
        for name in ("示例铝业", "示例铝业有限公司")
    ]


@pytest.fixture
def page(client, pair):
    client.force_login(make.DeskFactory(unit=pair[0].unit))
    return f"{reverse('enterprise_merge', args=(pair[0].pk,))}?into={pair[1].pk}"


def test_alike_entries_are_listed_with_the_way_to_look(client, page, pair):
    said = client.get(reverse("duplicates")).content.decode()
    assert all(one.name in said for one in pair)
    one, other = sorted(pair, key=lambda entry: entry.pk)
    assert f"{reverse('enterprise_merge', args=(other.pk,))}?into={one.pk}" in said


def test_one_looks_then_agrees(client, page, pair):
    make.RaisedIssueFactory(enterprise=pair[0])
    shown = client.get(page)
    preview = shown.context["preview"]
    assert preview.agreed in shown.content.decode()
    answer = client.post(page, {"agreed": preview.agreed, "reason": "重复登记"})
    assert answer.url == reverse("enterprise_detail", args=(pair[1].pk,))
    gone = client.get(reverse("enterprise_detail", args=(pair[0].pk,))).content.decode()
    assert reverse("enterprise_detail", args=(pair[1].pk,)) in gone


def test_what_changed_meanwhile_is_shown_anew_and_the_reason_stays_typed(client, page, pair):
    agreed = preview_of(*pair).agreed
    make.RaisedIssueFactory(enterprise=pair[0])
    answer = client.post(page, {"agreed": agreed, "reason": "重复登记"})
    said = answer.content.decode()
    assert answer.status_code == 409
    assert "重复登记" in said
    assert preview_of(*pair).agreed in said
    assert not Enterprise.objects.filter(merged_into__isnull=False).exists()


def test_of_another_station_there_is_nothing_to_choose(client, page, pair):
    stranger = make.AssignedEnterpriseFactory()
    answer = client.get(reverse("enterprise_merge", args=(pair[0].pk,)), {"into": stranger.pk})
    assert stranger.name not in answer.content.decode()
    assert client.get(reverse("enterprise_merge", args=(stranger.pk,))).status_code == 404
