"""The pages of a contact: what they say first, what they keep when they say no."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from issues.actions import note_on_issue, wait_on_issue
from issues.models import HeldRequest, Issue, Submission
from issues.workflow import STAGES
from tests import factories as make

pytestmark = pytest.mark.django_db
ASK = "/portal/bill/ask/help/"


@pytest.fixture
def contact():
    return make.ContactUserFactory(enterprise=make.AssignedEnterpriseFactory())


@pytest.fixture
def client(contact):
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    client.force_login(contact)
    return client


def enterprise_of(contact):
    return contact.contact_for.get().enterprise


def body(contact, **more):
    given = {
        "client_id": uuid.uuid4(), "enterprise": enterprise_of(contact).pk, "kind": "service",
        "text": "夜班工人要办居住证。一共三十人", "title": "",
    }  # fmt: skip
    return {**given, **more}


def test_the_promise_is_said_at_once(client, contact):
    answer = client.post(ASK, body(contact), follow=True)
    issue = Issue.objects.get()
    assert answer.redirect_chain == [(f"/portal/bill/{issue.number}/", 302)]
    assert issue.title == "夜班工人要办居住证"
    page = answer.content.decode()
    due = timezone.localtime(issue.respond_due_at)
    assert f"You hear by {due:%Y-%m-%d %H:%M}" in page
    assert "within 5 working days of being taken on" in page


def test_sent_twice_it_leads_to_the_same_line(client, contact):
    sent = body(contact)
    assert client.post(ASK, sent).url == client.post(ASK, sent).url
    assert Issue.objects.count() == 1


def test_changed_after_it_was_sent_it_is_kept_and_can_be_sent_as_something_else(client, contact):
    sent = body(contact)
    client.post(ASK, sent)
    again = client.post(ASK, {**sent, "text": "还有一件事"})
    assert again.status_code == 409
    page = again.content.decode()
    assert "还有一件事" in page
    fresh = re.search(r'name="client_id" value="([^"]+)"', page)[1]
    assert fresh != str(sent["client_id"])
    client.post(ASK, {**sent, "text": "还有一件事", "client_id": fresh})
    assert Issue.objects.count() == 2


def test_nothing_said_is_refused_beside_the_field_and_what_was_sent_stays(client, contact):
    photo = SimpleUploadedFile("a.png", make.picture_bytes(), "image/png")
    broken = SimpleUploadedFile("b.png", b"no picture", "image/png")
    empty = client.post(ASK, body(contact, text=""))
    assert empty.status_code == 422
    assert "Say in a few words" in empty.content.decode()
    answer = client.post(ASK, body(contact, file_=[photo, broken]))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "夜班工人要办居住证" in page
    kept = re.search(r'name="kept" value="([^"]+)"', page)[1]
    assert not Submission.objects.exists()
    # A picture alone says enough.
    client.post(ASK, body(contact, text="", kept=kept))
    issue = Issue.objects.get()
    assert issue.attachments.count() == 1
    assert "see the pictures" in issue.title


def test_over_the_limit_it_is_held_and_the_page_says_until_when(client, contact):
    client.post(ASK, body(contact))
    answer = client.post(ASK, body(contact), follow=True)
    held = HeldRequest.objects.get()
    assert answer.redirect_chain == [(f"/portal/bill/held/{held.pk}/", 302)]
    page = answer.content.decode()
    assert "The desk looks at it first" in page
    assert f'href="/portal/bill/held/{held.pk}/"' in client.get("/portal/").content.decode()


def test_too_much_is_a_429_that_keeps_what_was_typed(client, contact, settings):
    settings.PORTAL_REPLIES_BY_ACCOUNT = 1
    issue = make.WorkingIssueFactory(enterprise=enterprise_of(contact))
    where = f"/portal/bill/{issue.number}/moves/note/"
    sent = {"version": issue.version, "note": "第一句"}
    assert client.post(where, {**sent, "client_id": uuid.uuid4()}).status_code == 302
    answer = client.post(where, {**sent, "client_id": uuid.uuid4(), "note": "第二句"})
    assert answer.status_code == 429
    page = answer.content.decode()
    assert "第二句" in page
    assert "That is a lot" in page
    settings.PORTAL_FILES_BY_ACCOUNT = 0
    photo = SimpleUploadedFile("a.png", make.picture_bytes(), "image/png")
    assert client.post(ASK, body(contact, file_=[photo])).status_code == 429


def test_what_waits_for_the_contact_comes_first(client, contact):
    enterprise = enterprise_of(contact)
    make.RaisedIssueFactory(enterprise=enterprise, title="最早到期")
    waits = make.WorkingIssueFactory(enterprise=enterprise, title="等企业图纸")
    wait_on_issue(
        waits, by=waits.handler, version=waits.version, awaited="图纸", awaited_from="企业",
        until=timezone.localdate() + timedelta(days=9), from_enterprise=True,
    )  # fmt: skip
    make.ProposedIssueFactory(enterprise=enterprise, kind="service", title="请您确认")
    page = client.get("/portal/").content.decode()
    places = [page.index(words) for words in ("请您确认", "等企业图纸", "最早到期")]
    assert max(places[:2]) < places[2]
    assert page.index("ask/hazard") < min(places)


@pytest.mark.parametrize("stage", STAGES)
def test_a_line_offers_what_the_contact_may_do_and_nothing_internal(client, contact, stage):
    issue = make.ISSUE_IN[stage](enterprise=enterprise_of(contact), kind="service")
    note_on_issue(issue, by=issue.handler, note="内部消息", internal=True)
    page = client.get(f"/portal/bill/{issue.number}/").content.decode()
    assert "内部消息" not in page
    offered = set(re.findall(r'data-move="(\w+)"', page))
    expected = {"note"} | {
        "waiting": {"resume"}, "proposed": {"close", "dispute"}, "closed": {"reopen"},
    }.get(stage, set())  # fmt: skip
    assert offered == expected
    for name in offered:
        form = client.get(f"/portal/bill/{issue.number}/moves/{name}/").content.decode()
        assert "internal" not in form
        assert "confirmed_by" not in form


def test_after_thirty_days_reopening_is_not_offered(client, contact):
    issue = make.ClosedIssueFactory(enterprise=enterprise_of(contact), kind="service")
    Issue.objects.update(closed_at=timezone.now() - timedelta(days=31))
    page = client.get(f"/portal/bill/{issue.number}/").content.decode()
    assert 'data-move="reopen"' not in page
    assert "send a new request" in page


def test_the_contact_says_it_is_resolved_and_another_was_first(client, contact):
    issue = make.ProposedIssueFactory(enterprise=enterprise_of(contact), kind="service")
    where = f"/portal/bill/{issue.number}/moves/"
    given = {"version": issue.version, "client_id": uuid.uuid4()}
    assert client.post(f"{where}close/", given).status_code == 302
    assert Issue.objects.get().stage == "closed"
    lost = client.post(
        f"{where}dispute/", {**given, "client_id": uuid.uuid4(), "reason": "没有解决"}
    )
    assert lost.status_code == 409
    assert "没有解决" in lost.content.decode()


def test_a_link_of_the_station_leads_a_contact_to_their_own_page(client, contact):
    issue = make.RaisedIssueFactory(enterprise=enterprise_of(contact))
    assert client.get(f"/issues/{issue.number}/").url == f"/portal/bill/{issue.number}/"
    other = make.RaisedIssueFactory()
    for where in (f"/issues/{other.number}/", f"/portal/bill/{other.number}/"):
        assert client.get(where).status_code == 404


def test_what_the_server_took_is_told_to_the_browser(client, contact):
    assert "draft_taken" not in client.post(ASK, body(contact, text="", draft_id="abc1")).cookies
    taken = client.post(ASK, body(contact, draft_id="abc2"))
    assert taken.cookies["draft_taken"].value == "abc2"
    odd = client.post(ASK, body(contact, text="别的", draft_id="a;b"))
    assert "draft_taken" not in odd.cookies
    client.logout()
    assert "draft_taken" not in client.post(ASK, body(contact, draft_id="abc3")).cookies


@pytest.mark.parametrize("path", ["/portal/", "/portal/bill/", "/portal/bill/?state=all"])
def test_they_cost_the_same_at_ten_and_at_a_hundred(client, contact, path):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    for _ in range(10):
        make.RaisedIssueFactory(enterprise=enterprise_of(contact))
    cost()
    at_ten = cost()
    for _ in range(40):
        make.RaisedIssueFactory(enterprise=enterprise_of(contact))
    assert cost() == at_ten <= 12


def test_of_several_enterprises_one_is_chosen_and_a_strangers_is_not_there(client, contact):
    second = make.AssignedEnterpriseFactory()
    make.ContactFactory(enterprise=second, user=contact)
    page = client.get(ASK).content.decode()
    assert second.name in page
    theirs = make.AssignedEnterpriseFactory()
    first = contact.contact_for.exclude(enterprise=second).get().enterprise
    given = body_of(first)
    assert client.post(ASK, {**given, "enterprise": theirs.pk}).status_code == 422
    client.post(ASK, {**given, "enterprise": second.pk})
    assert Issue.objects.get().enterprise == second


def body_of(enterprise):
    return {
        "client_id": uuid.uuid4(), "enterprise": enterprise.pk, "kind": "service", "text": "帮忙",
    }  # fmt: skip


def test_the_desk_decides(contact):
    held = make.HeldRequestFactory(by=contact)
    desk = Client()
    desk.force_login(make.DeskFactory(unit=held.unit))
    assert f"/issues/held/{held.pk}/" in desk.get("/issues/held/").content.decode()
    assert "/issues/held/" in desk.get("/").content.decode()
    assert desk.post(f"/issues/held/{held.pk}/reject/", {"reason": ""}).status_code == 422
    desk.post(f"/issues/held/{held.pk}/release/")
    held.refresh_from_db()
    assert held.issue is not None
    late = desk.post(f"/issues/held/{held.pk}/reject/", {"reason": "重复了"})
    assert late.status_code == 409
    assert "重复了" in late.content.decode()
