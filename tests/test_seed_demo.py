"""The demo station."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from enterprises.models import Enterprise
from issues.models import Issue
from issues.workflow import Stage
from liaison.accounts.models import User


@pytest.fixture
def seeded(db, settings, tmp_path):
    settings.VAR = tmp_path

    def seed():
        out = StringIO()
        call_command("seed_demo", "--json", stdout=out)
        return json.loads(out.getvalue())

    return seed


def test_it_makes_the_station_once(seeded):
    first = seeded()
    assert first["unit"] == "LSL"
    assert first["enterprises"] == Enterprise.objects.count() == 160
    kinds = {one["kind"] for one in first["users"]}
    assert kinds == {
        "police_officer", "auxiliary_officer", "chief", "desk", "bureau", "contact",
    }  # fmt: skip
    for one in first["users"]:
        assert User.objects.get(username=one["username"]).check_password(one["password"])
    assert set(Issue.objects.values_list("stage", flat=True)) == set(Stage)
    assert Enterprise.objects.all().unassigned().count() == 5
    events = Issue.objects.order_by("pk").values_list("pk", "stage", "version")
    before = list(events)
    assert seeded() == first
    assert list(events.all()) == before
