"""Visits over the API: once however often they are sent."""

import pytest
from django.utils import timezone

from enterprises.actions import note_contact
from enterprises.models import Cadence, Enterprise
from issues.models import Issue
from tests import factories as make
from tests.api.people import assert_problem, visit_body
from visits.actions import answer_word, say_of_visit
from visits.models import Visit

ABSENT = "00000000-0000-4000-8000-000000000000"


def test_the_same_visit_again_is_the_same_and_another_is_a_conflict(world):
    body = visit_body(
        world.enterprise,
        findings=[{"kind": "hazard", "title": "堆料"}],
        promises=[{"text": "三日内复查"}],
        roles=["service_agent"],
    )
    before = Issue.objects.count()
    first = world.handler.post("/api/v1/visits/", body, format="json")
    again = world.handler.post("/api/v1/visits/", body, format="json")
    # The same instant written otherwise, and defaults spelled out, are the same content.
    spelled = {**body, "summary": "", "contact": None, "fronts": []}
    spelled["happened_at"] = body["happened_at"].replace("+00:00", "Z")
    third = world.handler.post("/api/v1/visits/", spelled, format="json")
    assert first.status_code == again.status_code == third.status_code == 201
    assert first.json() == again.json() == third.json()
    assert Visit.objects.filter(client_id=body["client_id"]).count() == 1
    assert Issue.objects.count() == before + 1
    for change in ({"channel": "phone"}, {"findings": []}, {"summary": "x"}, {"promises": []}):
        other = world.handler.post("/api/v1/visits/", {**body, **change}, format="json")
        assert assert_problem(other, 409)["visit"] == first.json()["id"]
    # An id is a person's own.
    colleague = world.officer.post("/api/v1/visits/", body, format="json")
    assert colleague.status_code == 201
    assert colleague.json()["id"] != first.json()["id"]


def test_a_visit_says_what_was_sent(world):
    contact = make.ContactFactory(enterprise=world.enterprise)
    body = visit_body(
        world.enterprise,
        contact=contact.pk,
        met="",
        roles=["service_agent", "service_agent"],
        fronts=["publicity"],
        summary="查看门卫登记",
        promises=[{"text": "送宣传册", "due_on": "2999-01-05"}],
    )
    visit = world.handler.post("/api/v1/visits/", body, format="json").json()
    assert visit["client_id"] == body["client_id"]
    assert (visit["contact"], visit["met"]) == (contact.pk, contact.name)
    assert (visit["roles"], visit["fronts"]) == (["service_agent"], ["publicity"])
    (promise,) = visit["promises"]
    assert (promise["text"], promise["due_on"], promise["kept_at"]) == (
        "送宣传册",
        "2999-01-05",
        None,
    )
    assert world.chief.get(f"/api/v1/visits/{visit['id']}/").json() == visit


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"client_id": "x"}, "client_id"),
        ({"client_id": None}, "client_id"),
        ({"channel": "carrier pigeon"}, "channel"),
        ({"happened_at": "yesterday"}, "happened_at"),
        ({"roles": ["judge"]}, "roles.0"),
        ({"roles": "service_agent"}, "roles"),
        ({"findings": [{"kind": "hazard"}]}, "findings.0.title"),
        ({"findings": [{"kind": "nothing", "title": "x"}]}, "findings.0.kind"),
        ({"findings": [{"kind": "hazard", "title": "x", "bogus": 1}]}, "findings.0.bogus"),
        ({"findings": [{"kind": "hazard", "title": "x"}] * 21}, "findings"),
        (
            {"findings": [{"kind": "hazard", "title": "x", "evidence": ["y"]}]},
            "findings.0.evidence.0",
        ),
        ({"evidence": ["y"]}, "evidence.0"),
        ({"evidence": [{"id": ABSENT, "proof": "before"}]}, "evidence.0.proof"),
        ({"evidence": [{}]}, "evidence.0"),
        ({"evidence": ABSENT}, "evidence"),
        ({"evidence": [ABSENT] * 21}, "evidence"),
        ({"promises": [{"text": ""}]}, "promises.0.text"),
        ({"promises": [{"text": "x", "due_on": "5 January"}]}, "promises.0.due_on"),
        ({"officer": 1}, "officer"),
    ],
)
def test_what_is_wrong_is_named(world, change, field):
    body = visit_body(world.enterprise, **change)
    before = Visit.objects.count()
    refused = assert_problem(world.handler.post("/api/v1/visits/", body, format="json"), 400)
    assert refused["field"] == field
    assert list(refused["errors"]) == [field]
    assert field in refused["message"]
    assert Visit.objects.count() == before


def test_an_enterprise_or_contact_elsewhere_is_not_there(world):
    elsewhere = make.ContactFactory()
    for change, field in (
        ({"enterprise": elsewhere.enterprise_id}, "enterprise"),
        ({"contact": elsewhere.pk}, "contact"),
    ):
        body = visit_body(world.enterprise) | change
        refused = assert_problem(world.handler.post("/api/v1/visits/", body, format="json"), 400)
        assert list(refused["errors"]) == [field]


@pytest.mark.parametrize("clock", ["has just begun", "was never set"])
def test_a_visit_where_nothing_was_due_is_saved_all_the_same(world, clock):
    """Failure 19: an answer of 201 means that it is there, and can be read."""
    if clock == "has just begun":
        note_contact(world.enterprise, at=timezone.now(), on_site=True)
        assert not Enterprise.objects.all().contact_overdue(timezone.localdate()).exists()
    else:
        Cadence.objects.all().delete()
    body = visit_body(world.enterprise, summary="路过")
    answer = world.handler.post("/api/v1/visits/", body, format="json")
    assert answer.status_code == 201
    visit = Visit.objects.get(client_id=body["client_id"])
    assert (visit.pk, visit.summary) == (answer.json()["id"], "路过")
    assert world.handler.get(f"/api/v1/visits/{visit.pk}/").json() == answer.json()
    assert Cadence.objects.get(enterprise=world.enterprise).last_visit_at == visit.happened_at


def test_a_visit_that_cannot_be_saved_is_not_answered_as_if_it_were(world):
    """Failure 19, from the other side."""
    Enterprise.objects.filter(pk=world.enterprise.pk).update(stage="closed")
    before = Visit.objects.count()
    answer = world.handler.post("/api/v1/visits/", visit_body(world.enterprise), format="json")
    assert_problem(answer, 422)
    assert Visit.objects.count() == before


def test_a_visit_to_come_is_refused_by_a_rule(world):
    body = visit_body(world.enterprise, happened_at="2999-01-05T09:00:00+08:00")
    answer = world.handler.post("/api/v1/visits/", body, format="json")
    assert assert_problem(answer, 422)["field"] == "happened_at"


def test_one_finding_too_few_files_undoes_the_visit(world):
    finding = {"kind": "hazard", "title": "x", "evidence": [str(world.attached.pk)]}
    before = Visit.objects.count(), Issue.objects.count()
    body = visit_body(world.enterprise, findings=[{"kind": "service", "title": "y"}, finding])
    answer = world.handler.post("/api/v1/visits/", body, format="json")
    assert assert_problem(answer, 422)["code"] == "file_used"
    assert (Visit.objects.count(), Issue.objects.count()) == before


def test_photos_of_its_own_are_named_by_the_visit(world):
    first, second = (make.EvidenceFactory(by=world.people["handler"]) for _ in range(2))
    body = visit_body(world.enterprise, evidence=[str(first.pk), {"id": str(second.pk)}])
    visit = world.handler.post("/api/v1/visits/", body, format="json").json()
    assert visit["files"] == [
        {"id": str(one.pk), "name": one.name, "content_type": "image/png", "seconds": None}
        for one in (first, second)
    ]
    assert world.handler.post("/api/v1/visits/", body, format="json").json() == visit
    # However it is written, the same file is the same content; another one is not.
    spelled = {**body, "evidence": [str(first.pk).upper(), str(second.pk)]}
    assert world.handler.post("/api/v1/visits/", spelled, format="json").json() == visit
    without = world.handler.post("/api/v1/visits/", {**body, "evidence": []}, format="json")
    assert assert_problem(without, 409)["code"] == "client_id_reused"
    assert world.chief.get(f"/api/v1/visits/{visit['id']}/").json()["files"] == visit["files"]
    assert "files" not in world.chief.get("/api/v1/visits/").json()["results"][0]


def test_a_photo_that_cannot_be_put_to_it_undoes_the_visit(world):
    before = Visit.objects.count()
    foreign, own = make.EvidenceFactory(), make.EvidenceFactory(by=world.people["handler"])
    for file, code in (
        (ABSENT, "no_such_file"),
        (foreign.pk, "no_such_file"),
        (world.attached.pk, "file_used"),
    ):
        body = visit_body(world.enterprise, evidence=[str(own.pk), str(file)])
        refused = assert_problem(world.handler.post("/api/v1/visits/", body, format="json"), 422)
        assert (refused["code"], refused["field"]) == (code, "evidence")
    assert Visit.objects.count() == before


def test_a_visit_says_whether_the_enterprise_says_that_the_officer_came(world):
    visit = make.VisitFactory(enterprise=world.enterprise)
    where = f"/api/v1/visits/{visit.pk}/"
    assert world.handler.get(where).json()["word"] is None
    contact = make.ContactUserFactory(enterprise=world.enterprise)
    word = say_of_visit(visit, by=contact, came=False, words="当天无人来")
    said = world.handler.get(where).json()["word"]
    assert (said["came"], said["words"], said["by_name"]) == (False, "当天无人来", str(contact))
    assert (said["answer"], said["answered_by"], said["answered_at"]) == ("", None, None)
    chief = make.ChiefFactory(unit=visit.unit)
    answer_word(word, by=chief, answer="已核实，改期补访")
    said = world.handler.get(where).json()["word"]
    assert said["answer"] == "已核实，改期补访"
    assert said["answered_by"]["id"] == chief.pk
    assert said["answered_at"]
