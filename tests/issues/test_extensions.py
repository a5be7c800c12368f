"""More time for a line: asked for in time, decided by another, and what becomes of the clock."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from issues.actions import VERBS
from issues.actions.recomputing import recompute_deadlines
from issues.models import Event, Extension, Issue, SlaPolicy
from liaison.accounts.models import Kind
from liaison.core.refused import Conflict, Refused
from liaison.core.workdays import CHINA
from liaison.notices.models import Notice
from tests import factories as make

pytestmark = pytest.mark.django_db


def at(*moment):
    return datetime(*moment, tzinfo=CHINA)


@pytest.fixture
def line(time_machine):
    """Monday; five working days."""
    time_machine.move_to(at(2026, 3, 2, 10), tick=False)
    issue = make.WorkingIssueFactory(kind="other")
    assert issue.resolve_due_at == at(2026, 3, 9, 10)
    return issue


@pytest.fixture
def chief(line):
    return make.ChiefFactory(unit=line.unit)


def do(issue, name, by, **values):
    return VERBS[name](issue, by=by, version=issue.version, **values)


def ask(issue, days=2, reason="检测排期靠后"):
    return do(issue, "ask_extension", issue.handler, days=days, reason=reason)


def refusal(issue, name, by, **values):
    with pytest.raises(Refused) as refused, transaction.atomic():
        do(issue, name, by, **values)
    return refused.value


def test_granted_days_are_added_to_those_the_clock_was_given(line, chief):
    asked = ask(line)
    assert asked.resolve_due_at == line.resolve_due_at, "asking changes nothing yet"
    granted = do(asked, "grant_extension", chief, note="同意")
    assert granted.resolve_days == 7
    assert granted.resolve_due_at == granted.next_due_at == at(2026, 3, 11, 10)
    extension = line.extensions.get()
    assert (extension.outcome, extension.decided_by) == ("granted", chief)
    assert (extension.reason, extension.remark) == ("检测排期靠后", "同意")
    again = do(ask(granted, days=5), "grant_extension", chief)
    assert again.resolve_due_at == at(2026, 3, 18, 10)


def test_refused_the_deadline_stays_and_one_may_ask_again(line, chief):
    refused = do(ask(line), "refuse_extension", chief, reason="抓紧办理")
    assert refused.resolve_due_at == line.resolve_due_at
    assert line.extensions.get().outcome == "refused"
    assert ask(refused).extensions.pending().count() == 1


def test_the_days_are_those_that_the_limit_allows(line):
    for days in (0, -1, 6):
        found = refusal(line, "ask_extension", line.handler, days=days, reason="原因")
        assert (found.code, found.field) == ("too_many", "days")
    assert ask(line, days=5).extensions.get().days == 5


def test_no_line_is_given_more_than_a_year(line, chief):
    Issue.objects.filter(pk=line.pk).update(resolve_days=363)
    assert refusal(line, "ask_extension", line.handler, days=4, reason="原因").code == "too_far"
    ask(line, days=3)


def test_too_late_to_ask_and_too_late_to_grant(line, chief, time_machine):
    asked = ask(line)
    time_machine.move_to(line.resolve_due_at, tick=False)
    found = refusal(asked, "grant_extension", chief)
    assert found.code == "ran_out"
    refused = do(asked, "refuse_extension", chief, reason="已逾期")
    assert refusal(refused, "ask_extension", line.handler, days=1, reason="再申请").code == (
        "ran_out"
    )
    assert Issue.objects.get(pk=line.pk).resolve_due_at == line.resolve_due_at


def test_while_it_waits_the_day_it_waits_for_stays_the_clock(line, chief, time_machine):
    waiting = do(
        ask(line),
        "wait",
        line.handler,
        awaited="报告",
        awaited_from="企业",
        until=date(2026, 3, 20),
    )
    # The deadline passes while the clock stands still: it has not run out.
    time_machine.move_to(at(2026, 3, 10, 10), tick=False)
    granted = do(waiting, "grant_extension", chief)
    assert granted.next_due_at == waiting.next_due_at
    assert granted.resolve_due_at == at(2026, 3, 11, 10)
    resumed = do(granted, "resume", line.handler)
    assert resumed.next_due_at == resumed.resolve_due_at == at(2026, 3, 19, 10)


def test_what_is_stored_is_what_is_derived(line, chief, time_machine):
    """A pause before and one after; recomputed nothing moves."""

    def rest(issue, moment):
        until = (moment + timedelta(days=9)).date()
        issue = do(issue, "wait", line.handler, awaited="报告", awaited_from="企业", until=until)
        time_machine.move_to(moment, tick=False)
        return do(issue, "resume", line.handler)

    issue = rest(line, at(2026, 3, 3, 10))
    issue = do(ask(issue), "grant_extension", chief)
    issue = rest(issue, at(2026, 3, 4, 11))
    Issue.objects.update(due_uncertain=True)
    assert recompute_deadlines(timezone.now()) == 0
    assert Issue.objects.get(pk=line.pk).resolve_due_at == issue.resolve_due_at


def test_the_end_of_a_line_lets_a_request_lapse(line, chief):
    for end in ("close", "withdraw"):
        issue = ask(make.WorkingIssueFactory(enterprise=line.enterprise, kind="other"))
        if end == "close":
            issue = do(issue, "propose", issue.handler, summary="好了")
            do(issue, "close", chief)
        else:
            do(issue, "withdraw", issue.raised_by, reason="已解决")
        extension = issue.extensions.get()
        assert (extension.outcome, extension.decided_by) == ("lapsed", None), end
        assert extension.decided_at is not None
        assert not Issue.objects.all().extension_asked().filter(pk=issue.pk).exists()


def test_a_reopened_line_has_days_of_its_own(line, chief):
    issue = do(ask(line), "grant_extension", chief)
    issue = do(do(issue, "propose", line.handler, summary="好了"), "close", chief)
    issue = do(issue, "reopen", chief, reason="又坏了")
    assert issue.resolve_days == 5
    issue = do(ask(issue, days=1), "grant_extension", chief)
    assert issue.resolve_days == 6
    with translation.override("en"):
        page = page_of(chief, line)
    assert page.count("by extension, granted by") == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"outcome": "granted"},
        {"outcome": "granted", "decided_at": timezone.now},
        {"outcome": "pending", "decided_at": timezone.now},
        {"outcome": "lapsed", "decided_at": timezone.now, "decided_by": "chief"},
        {"outcome": "granted", "decided_at": timezone.now, "decided_by": "asker"},
    ],
)
def test_the_table_holds_no_half_decision(fields, line, chief):
    people = {"chief": chief, "asker": line.handler}
    values = {
        name: value() if callable(value) else people.get(value, value)
        for name, value in fields.items()
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        make.ExtensionFactory(issue=line, **values)


def test_one_request_at_a_time(line):
    ask(line)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.ExtensionFactory(issue=line)
    assert Extension.objects.count() == 1


def test_a_second_decision_finds_the_first(line, chief):
    asked = ask(line)
    do(asked, "grant_extension", chief)
    other = make.ChiefFactory(unit=line.unit)
    assert isinstance(refusal(asked, "refuse_extension", other, reason="不妥"), Conflict)


# --- who reads of it --------------------------------------------------------------------------


def page_of(person, line):
    client = Client()
    client.force_login(person)
    client.cookies["django_language"] = "en"
    answer = client.get(f"/issues/{line.number}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_enterprise_reads_the_longer_promise_and_not_the_asking(line, chief):
    contact = make.ContactUserFactory(enterprise=line.enterprise)
    do(ask(line, reason="人手不足"), "grant_extension", chief, note="请谅解")
    events = Event.objects.visible_to(contact).filter(issue=line)
    assert [one.move for one in events if "extension" in one.move] == ["grant_extension"]
    event = events.get(move="grant_extension")
    assert event.values == {
        "days": 2, "from": "2026-03-09T10:00:00+08:00", "due": "2026-03-11T10:00:00+08:00",
    }  # fmt: skip
    client = Client()
    client.force_login(contact)
    answer = client.get(f"/api/v1/issues/{line.number}/events/").json()
    assert "人手不足" not in str(answer)
    assert "2026-03-11" in str(answer)


def test_the_page_says_what_is_asked_and_why_the_deadline_is_what_it_is(line, chief):
    asked = ask(line)
    page = page_of(chief, line)
    assert "2 days more asked for" in page
    assert "检测排期靠后" in page
    assert 'href="/issues/' in page
    assert "moves/grant_extension/" in page
    assert "moves/grant_extension/" not in page_of(line.handler, line)
    do(asked, "grant_extension", chief)
    page = page_of(line.handler, line)
    assert "2 days more asked for" not in page
    assert f"Of these, 2 working days by extension, granted by {chief} on 2026-03-02 10:00." in page
    assert "granted 2 days more, until 2026-03-11" in page


def test_the_chief_sees_where_it_would_take_the_deadline_before_deciding(line, chief):
    asked = ask(line)
    assert "due <b>2026-03-11 10:00</b> instead of 2026-03-09 10:00" in page_of(chief, line)
    assert do(asked, "grant_extension", chief).resolve_due_at == at(2026, 3, 11, 10)
    assert "instead of" not in page_of(chief, line)


def test_asked_and_granted_on_the_page(line, chief):
    def post(person, name, **values):
        client = Client()
        client.force_login(person)
        version = Issue.objects.get(pk=line.pk).version
        where = f"/issues/{line.number}/moves/{name}/"
        return client.post(where, {"version": version, **values})

    for days in ("", "0", "6", "zwei"):
        assert post(line.handler, "ask_extension", days=days, reason="原因").status_code == 422
    assert post(line.handler, "ask_extension", days="3", reason="原因").status_code == 302
    assert post(chief, "grant_extension").status_code == 302
    assert Issue.objects.get(pk=line.pk).resolve_days == 8


def test_in_the_api_a_move_is_offered_only_while_it_fits(line, chief):
    def offered(person):
        client = Client()
        client.force_login(person)
        answer = client.get(f"/api/v1/issues/{line.number}/").json()["available_moves"]
        return {one["move"] for one in answer}

    assert "ask_extension" in offered(line.handler)
    assert not {"grant_extension", "refuse_extension"} & offered(chief)
    ask(line)
    assert "ask_extension" not in offered(line.handler)
    assert {"grant_extension", "refuse_extension"} <= offered(chief)
    SlaPolicy.objects.filter(pk=line.policy_id).update(may_pause=False)
    assert "wait" not in offered(line.handler)


def test_chiefs_are_told_and_find_it_where_they_approve(line, chief):
    asked = ask(line)
    told = Notice.objects.filter(kind="issue.ask_extension")
    assert [one.recipient for one in told] == [chief]
    lines = Issue.objects.visible_to(chief)
    assert lines.awaiting_approval_by(chief).get() == line
    counts = lines.duty_counts(chief, timezone.now())
    assert (counts["awaiting_approval"], counts["extension_asked"]) == (1, 1)
    client = Client()
    client.force_login(chief)
    for state in ("extension_asked", "awaiting_my_approval"):
        assert line.title in client.get(f"/issues/?state={state}").content.decode()
    assert client.get("/api/v1/issues/?extension_asked=true").json()["results"]
    desk = make.someone(Kind.DESK, line.unit)
    assert not lines.awaiting_approval_by(desk).exists()
    do(asked, "grant_extension", chief)
    assert not lines.awaiting_approval_by(chief).exists()
    assert not lines.extension_asked().exists()
    assert Notice.objects.get(kind="issue.grant_extension").recipient == line.handler


def test_a_line_proposed_with_a_request_is_counted_once(line, chief):
    proposed = do(ask(line), "propose", line.handler, summary="好了")
    counts = Issue.objects.visible_to(chief).duty_counts(chief, timezone.now())
    assert counts["awaiting_approval"] == 1
    assert counts["open"] == 1
    assert do(proposed, "grant_extension", chief).stage == "proposed"


def test_the_page_costs_the_same_however_often_it_was_extended(line, chief):
    def cost(person):
        client = Client()
        client.force_login(person)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/issues/{line.number}/")
        return len(queries)

    asked = ask(do(ask(line), "grant_extension", chief))
    before = cost(chief)
    for _ in range(3):
        asked = ask(do(asked, "grant_extension", chief))
    assert cost(chief) == before
