"""Recording how soon help was there: once, corrected by another record, never changed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from liaison.core.refused import Conflict, Refused
from patrols.actions.responding import correct_response, record_response
from patrols.models import PatrolIncident, Response
from tests import factories as make
from tests.factories import patrols as patrol
from tests.patrols.nights import guards_of, link_of, send

pytestmark = pytest.mark.django_db
TOOK = [timedelta(seconds=50), timedelta(seconds=160), None]


@pytest.fixture
def incident():
    link, _token = patrol.night_door()
    send(link_of(link.night, guards_of(link.night)[0]), "incident", timezone.now(), sos=True)
    return PatrolIncident.objects.get()


def recorded(incident, **more):
    by = make.someone("desk", incident.night.team.unit)
    values = {"by": by, "called_at": timezone.now() - timedelta(hours=1), "took": TOOK, **more}
    return record_response(incident.guard.enterprise, incident=incident, **values)


def test_an_incident_has_one_record_and_a_correction_takes_its_place(incident):
    first = recorded(incident)
    assert first.took == tuple(TOOK)
    assert not first.is_drill
    with pytest.raises(Conflict) as refused:
        recorded(incident)
    assert refused.value.code == "recorded"
    by = first.by
    second = correct_response(first, by=by, called_at=first.called_at, took=[None] * 3, note="误记")
    assert list(Response.objects.all().holding()) == [second]
    with pytest.raises(Conflict):
        correct_response(first, by=by, called_at=first.called_at, took=TOOK, note="")
    for change in (lambda: Response.objects.update(note="改"), Response.objects.all().delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_what_cannot_be_is_refused_and_nothing_is_written(incident):
    enterprise = incident.guard.enterprise
    by = make.someone("desk", enterprise.unit)
    now = timezone.now()
    ago = now - timedelta(hours=1)
    refused = [
        ("invalid", "called_at", {"called_at": now + timedelta(minutes=1), "took": TOOK}),
        ("invalid", "mutual_aid", {"called_at": ago, "took": [None, timedelta(hours=2), None]}),
        ("invalid", "self_rescue", {"called_at": ago, "took": [timedelta(hours=13), None, None]}),
        ("too_long", "note", {"called_at": ago, "took": TOOK, "note": "长" * 201}),
    ]
    for code, field, values in refused:
        with pytest.raises(Refused) as told:
            record_response(enterprise, by=by, **values)
        assert (told.value.code, told.value.field) == (code, field)
    lonely = make.AssignedEnterpriseFactory(unit=enterprise.unit)
    with pytest.raises(Refused) as told:
        record_response(lonely, by=by, called_at=ago, took=TOOK)
    assert told.value.code == "no_team"
    stranger = make.DeskFactory()
    with pytest.raises(Refused) as told:
        record_response(enterprise, by=stranger, called_at=ago, took=TOOK)
    assert told.value.code == "not_allowed"
    assert not Response.objects.exists()


def test_the_desk_records_a_drill_and_an_incident_in_the_browser(incident):
    enterprise = incident.guard.enterprise
    client = Client()
    client.force_login(make.someone("desk", enterprise.unit))
    called = (timezone.localtime() - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    form = {"called_at": called, "self_rescue": "0:50", "mutual_aid": "很快", "reinforcement": ""}
    path = f"/patrols/incidents/{incident.pk}/response/"
    bad = client.post(path, form)
    assert bad.status_code == 422
    assert "很快" in bad.content.decode()
    assert client.post(path, {**form, "mutual_aid": "2:40"}).status_code == 302
    drill = {**form, "mutual_aid": "3:20", "enterprise": enterprise.pk}
    assert client.post("/patrols/responses/new/", drill).status_code == 302
    assert sorted(one.is_drill for one in Response.objects.all()) == [False, True]
    page = client.get("/patrols/responses/").content.decode()
    assert "3:20" in page
    again = client.post(path, {**form, "mutual_aid": "2:40"})
    assert again.status_code == 409
    of_drill = Response.objects.get(incident=None)
    correction = f"/patrols/responses/{of_drill.pk}/correct/"
    assert "3:20" in client.get(correction).content.decode()
    assert client.post(correction, {**form, "mutual_aid": "2:59"}).status_code == 302
    assert "3:20" not in client.get("/patrols/responses/").content.decode()
