"""Photos and voice notes of a visit: put to it with it, read through it, never discarded."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from issues.actions import note_on_issue
from issues.actions.engine import Proven
from issues.models import Attachment, Issue
from liaison.core.refused import Conflict, Refused
from liaison.evidence.actions import discard_forgotten_uploads, keep
from liaison.evidence.models import Evidence
from tests import factories as make
from tests.world import World
from visits.actions import MOST_FILES, Found, log_visit
from visits.models import Visit, VisitFile

pytestmark = pytest.mark.django_db


@pytest.fixture
def enterprise():
    return make.AssignedEnterpriseFactory()


@pytest.fixture
def officer(enterprise):
    return make.handler_of(enterprise)


@pytest.fixture
def write(enterprise, officer):
    def log(*files, **more):
        given = {"by": officer, "channel": "on_site", "happened_at": timezone.now()}
        return log_visit(enterprise, **{**given, **more}, files=files)

    return log


def photos(by, number=1):
    return [make.EvidenceFactory(by=by).pk for _ in range(number)]


def refused(write, *files, **more):
    with pytest.raises(Refused) as refusal:
        write(*files, **more)
    assert not Visit.objects.exists()
    return refusal.value


def test_they_are_kept_in_the_order_in_which_they_were_taken(write, officer):
    taken = sorted(photos(officer, 3), reverse=True)
    visit = write(*taken)
    assert [one.evidence_id for one in visit.files.all()] == taken
    assert not Attachment.objects.exists()


def test_those_of_a_finding_go_to_its_line_and_to_nothing_else(write, officer):
    own, found = photos(officer, 2)
    visit = write(own, findings=[Found(make.kind_of("hazard"), "堆料", files=(Proven(found),))])
    assert visit.files.get().evidence_id == own
    assert visit.findings.get().issue.attachments.get().evidence_id == found


def test_they_are_part_of_what_the_id_stands_for(write, officer):
    first, second = photos(officer, 2)
    sent = {"client_id": uuid.uuid4(), "happened_at": timezone.now()}
    visit = write(first, second, **sent)
    assert write(first, second, **sent) == visit
    for other in ((), (first,), (second, first), (first, second, *photos(officer))):
        with pytest.raises(Conflict):
            write(*other, **sent)
    assert (Visit.objects.count(), VisitFile.objects.count()) == (1, 2)


def test_only_ones_own_that_are_there(write, officer):
    own = photos(officer)
    for foreign in (*photos(make.OfficerFactory(unit=officer.unit)), uuid.uuid4()):
        refusal = refused(write, *own, foreign)
        assert (refusal.code, refusal.field) == ("no_such_file", "evidence")
    assert not VisitFile.objects.exists()


def test_a_file_is_a_lines_or_a_visits_and_once(write, enterprise, officer):
    line = make.WorkingIssueFactory(enterprise=enterprise)
    of_line, twice, own = photos(officer, 3)
    note_on_issue(line, by=officer, note="见照片", files=[Proven(of_line)])
    assert refused(write, of_line).code == "file_used"
    assert refused(write, twice, twice).code == "file_used"
    finding = Found(make.kind_of("hazard"), "堆料", files=(Proven(own),))
    assert refused(write, own, findings=[finding]).code == "file_used"
    assert not Issue.objects.filter(title="堆料").exists()

    write(own)
    with pytest.raises(Refused) as refusal:
        note_on_issue(line, by=officer, note="再用", files=[Proven(own)])
    assert refusal.value.code == "file_used"
    with pytest.raises(Refused) as refusal:
        write(own, happened_at=timezone.now() - timedelta(hours=1))
    assert refusal.value.code == "file_used"
    assert (Visit.objects.count(), VisitFile.objects.count()) == (1, 1)


def test_no_papers_and_not_too_many(write, officer):
    paper = keep(SimpleUploadedFile("记录.pdf", b"%PDF-1.4 x"), by=officer)
    refusal = refused(write, paper.pk)
    assert refusal.code == "not_of_a_visit"
    assert "记录.pdf" in str(refusal.message)
    taken = photos(officer, MOST_FILES + 1)
    assert refused(write, *taken).code == "too_many"
    assert write(*taken[:-1]).files.count() == MOST_FILES


def test_what_was_said_is_kept_beside_what_was_seen(write, officer):
    taken = [*photos(officer), make.RecordingFactory(by=officer).pk, *photos(officer)]
    visit = write(*taken)
    assert [one.evidence_id for one in visit.files.all()] == taken
    client = signed_in(officer)
    page = client.get(f"/visits/{visit.pk}/").content.decode()
    where = f"/visits/{visit.pk}/files/{taken[1]}/"
    assert f'<audio controls preload="none" src="{where}"' in page
    assert "Voice note 0:01" in page
    assert page.count("<img src") == 2
    heard = client.get(where, headers={"Range": "bytes=4-11"})
    assert (heard.status_code, b"".join(heard)) == (206, b"ftypM4A ")
    shown = client.get(f"/api/v1/visits/{visit.pk}/").json()["files"]
    assert [(one["content_type"], one["seconds"]) for one in shown] == [
        ("image/png", None),
        ("audio/mp4", 1),
        ("image/png", None),
    ]


def test_what_is_refused_for_something_else_leaves_them_free(write, officer):
    taken = photos(officer)
    assert refused(write, *taken, channel="fax").code == "invalid"
    write(*taken)


def test_a_photo_of_a_visit_is_never_discarded():
    visit = make.PhotographedVisitFactory(photos=2)
    forgotten = make.EvidenceFactory(by=visit.officer)
    Evidence.objects.update(made_at=timezone.now() - timedelta(days=4000))
    assert discard_forgotten_uploads(timezone.now()) == {"uploads": 1}
    assert not Evidence.objects.filter(pk=forgotten.pk).exists()
    for one in visit.files.select_related("evidence"):
        assert one.evidence.file.storage.exists(one.evidence.file.name)
    assert visit.files.count() == 2


# --- who reads --------------------------------------------------------------------------------


def test_it_is_served_with_its_own_visit_only():
    """To whoever sees the visit; neither under another's address nor as an upload."""
    world = World()
    visits = [make.PhotographedVisitFactory(enterprise=world.rows["enterprises"])]
    visits += [one.visit for one in VisitFile.objects.exclude(visit=visits[0])]
    assert len(visits) == 3
    people = {**world.people, **{f"stranger {who}": one for who, one in world.strangers.items()}}
    readers = set()
    for who, person in people.items():
        client = Client()
        client.force_login(person)
        seen = set(Visit.objects.visible_to(person))
        for photo in VisitFile.objects.all():
            for visit in visits:
                reads = photo.visit == visit and visit in seen
                for where in ("/visits/{}/files/{}/", "/api/v1/visits/{}/files/{}/"):
                    answer = client.get(where.format(visit.pk, photo.evidence_id))
                    assert answer.status_code == (200 if reads else 404), (who, where)
                    if reads:
                        readers.add(who)
                        assert b"".join(answer).startswith(b"\x89PNG")
                        assert answer["X-Content-Type-Options"] == "nosniff"
            assert client.get(f"/api/v1/evidence/{photo.evidence_id}/file/").status_code == 404
    assert {"officer", "desk", "chief", "bureau"} <= readers
    assert not readers & {"contact", "squad", "of_no_unit"}


def test_the_page_of_the_visit_shows_them_and_the_lists_say_how_many():
    visit = make.PhotographedVisitFactory(photos=3)
    plain = make.VisitFactory(
        enterprise=visit.enterprise, happened_at=timezone.now() - timedelta(days=1)
    )
    client = signed_in(visit.officer)
    page = client.get(f"/visits/{visit.pk}/").content.decode()
    for photo in visit.files.all():
        where = f"/visits/{visit.pk}/files/{photo.evidence_id}/"
        assert f'<a href="{where}">' in page
        assert f'src="{where}"' in page
    assert (
        "Photos and voice notes of the visit"
        not in client.get(f"/visits/{plain.pk}/").content.decode()
    )
    for where in ("/visits/", f"/enterprises/{visit.enterprise_id}/"):
        page = client.get(where).content.decode()
        assert page.count("3 files") == 1, where
        assert "0 files" not in page


# --- the form at the desk ---------------------------------------------------------------------


def signed_in(person):
    client = Client()
    client.force_login(person)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def form(enterprise, officer):
    rows = {
        f"{prefix}-{name}": 0
        for prefix in ("findings", "promises")
        for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    client = signed_in(officer)
    id_ = uuid.uuid4()

    def send(**more):
        fields = {
            **rows,
            "client_id": id_,
            "enterprise": enterprise.pk,
            "channel": "phone",
            "happened_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}",
            "summary": "看了门卫登记",
            **more,
        }
        return client.post("/visits/new/", fields)

    return send


def chosen(*names):
    return [SimpleUploadedFile(name, make.picture_bytes()) for name in names]


def test_photos_chosen_in_the_form_become_the_visits(form, officer):
    assert form(file_=chosen("a.png", "b.png")).status_code == 302
    visit = Visit.objects.get()
    assert [one.evidence.name for one in visit.files.all()] == ["a.png", "b.png"]
    assert not Evidence.objects.exclude(uploaded_by=officer).exists()


def test_photos_stay_while_something_else_is_mended(form):
    refused = form(summary="", roles=["service_agent"], happened_at="x", file_=chosen("a.png"))
    assert refused.status_code == 422
    said = refused.content.decode()
    kept = refused.context["form"].data["kept"]
    assert "Received already" in said
    assert f'name="kept" value="{kept}"' in said
    assert 'value="service_agent"' in said
    assert form(kept=kept, file_=chosen("b.png")).status_code == 302
    assert [one.evidence.name for one in Visit.objects.get().files.all()] == ["a.png", "b.png"]


def test_a_paper_is_told_beside_the_field_and_the_rest_is_kept(form):
    paper = SimpleUploadedFile("记录.pdf", b"%PDF-1.4 x")
    refused = form(file_=[paper, *chosen("a.png")])
    assert refused.status_code == 422
    assert "记录.pdf" in refused.context["form"].errors["file_"][0]
    assert form(kept=refused.context["form"].data["kept"]).status_code == 302
    assert Visit.objects.get().files.get().evidence.name == "a.png"


def test_a_voice_note_can_be_chosen_and_heard_while_something_else_is_mended(form):
    note = SimpleUploadedFile("note.webm", make.recording_bytes())
    refused = form(summary="", roles=["service_agent"], happened_at="x", file_=note)
    assert refused.status_code == 422
    kept = refused.context["form"].data["kept"]
    [evidence] = Evidence.objects.all()
    where = reverse("evidence-file", args=[evidence.pk])
    assert f'<audio controls preload="none" src="{where}"' in refused.content.decode()
    assert form(kept=kept).status_code == 302
    assert Visit.objects.get().files.get().evidence == evidence


def test_too_many_are_told_beside_the_field_and_can_be_chosen_again(form, officer):
    kept = " ".join(f"{pk}:" for pk in photos(officer, MOST_FILES - 1))
    refused = form(kept=kept, file_=chosen("a.png", "b.png"))
    assert refused.status_code == 422
    assert str(MOST_FILES) in str(refused.context["form"].errors["file_"])
    assert refused.context["form"].data["kept"] == kept
    assert form(kept=kept, file_=chosen("a.png")).status_code == 302
    assert Visit.objects.get().files.count() == MOST_FILES


def test_what_is_kept_by_others_or_by_nobody_is_left_out(form):
    stranger = make.EvidenceFactory().pk
    assert form(kept=f"{stranger}: {uuid.uuid4()}: x: :").status_code == 302
    assert not Visit.objects.get().files.exists()
