"""32 processes at once, each with a connection of its own: one wins, the rest are told."""

import json
import os
import subprocess
import sys
import uuid
from collections import Counter
from pathlib import Path

import pytest
from django.utils import timezone
from rest_framework.authtoken.models import Token

from issues.models import Issue
from tests import factories as make
from tests.liaison.processes import database_url
from visits.models import Visit

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
MANY = 32
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def crowd(tmp_path):
    """Runs one deed in many processes on this test's database."""

    def run(deed, many=MANY, **given):
        done = subprocess.run(
            [sys.executable, "-m", "tests.races.crowd"],
            input=json.dumps({"processes": many, "deed": deed, **given}),
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "liaison.settings",
                "DATABASE_URL": database_url(),
                "LIAISON_VAR": str(tmp_path / "var"),
                "LOG_LEVEL": "CRITICAL",
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        return Counter(tuple(one) for one in json.loads(done.stdout))

    return run


def token_of(person):
    return Token.objects.create(user=person).key


def test_one_of_32_makes_the_move(crowd):
    issue = make.RaisedIssueFactory()
    outcomes = crowd("move", issue=issue.pk, by=issue.handler_id, name="accept", version=1)
    assert outcomes.pop(("refused", "Conflict")) == MANY - 1
    assert [kind for kind, _n in outcomes] == ["done"]
    moved = Issue.objects.get(pk=issue.pk)
    assert (moved.stage, moved.version) == ("accepted", 2)
    assert issue.events.filter(move="accept").count() == 1


def test_one_of_32_makes_the_move_over_http(crowd):
    issue = make.RaisedIssueFactory()
    outcomes = crowd(
        "post",
        path=f"/api/v1/issues/{issue.pk}/moves/",
        token=token_of(issue.handler),
        body={"move": "accept", "version": 1},
    )
    assert outcomes == {("status", 200): 1, ("status", 409): MANY - 1}
    assert issue.events.filter(move="accept").count() == 1


def test_one_of_32_assigns_the_enterprise(crowd):
    enterprise = make.EnterpriseFactory()
    desk = make.DeskFactory(unit=enterprise.unit)
    officers = [make.OfficerFactory(unit=enterprise.unit) for _ in range(MANY)]
    outcomes = crowd(
        "give", enterprise=enterprise.pk, officers=[one.pk for one in officers], by=desk.pk
    )
    assert outcomes.pop(("refused", "Conflict")) == MANY - 1
    [(kind, n)] = outcomes
    assert kind == "done"
    assert make.handler_of(enterprise) == officers[n]


def test_one_visit_however_many_processes_send_it(crowd):
    enterprise = make.AssignedEnterpriseFactory()
    body = {
        "client_id": str(uuid.uuid4()),
        "enterprise": enterprise.pk,
        "channel": "phone",
        "happened_at": timezone.now().isoformat(),
        "findings": [{"kind": "hazard", "title": "通道堆料"}],
    }
    outcomes = crowd(
        "post",
        many=16,
        path="/api/v1/visits/",
        token=token_of(make.handler_of(enterprise)),
        body=body,
    )
    assert sum(outcomes.values()) == 16
    assert set(outcomes) <= {("status", 200), ("status", 201)}
    assert outcomes["status", 201] >= 1
    assert (Visit.objects.count(), Issue.objects.count()) == (1, 1)
