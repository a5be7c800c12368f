"""What belongs to an enterprise goes in its order; what is refused or in conflict waits for its
person, and holds back what counts on it."""

import pytest

from issues.actions import VERBS
from issues.models import Issue
from liaison.mobile.models import Operation
from tests import factories as make
from tests.e2e.phone.handset import OUTBOX
from tests.e2e.phone.work import form, issue, move, visit
from visits.models import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def line(enterprise):
    return make.RaisedIssueFactory(enterprise=enterprise, kind="other")


@pytest.fixture
def other(officer):
    return make.AssignedEnterpriseFactory(unit=officer.unit, officer=officer)


def stage(line):
    return Issue.objects.get(pk=line.pk).stage


def test_a_line_raised_without_network_is_worked_on_in_order(phone, enterprise):
    with phone.without_network():
        raised = phone.put(issue(enterprise))
        phone.put(move(raised, "accept", 1))
        phone.put(move(raised, "start", 2))
        phone.put(move(raised, "note", note="已到场"))
    assert phone.send() == []
    kinds = Operation.objects.order_by("pk").values_list("kind", "status")
    assert list(kinds) == [("issue", "done"), *[("move", "done")] * 3]
    assert Issue.objects.get().stage == "working"


def test_what_somebody_else_was_first_with_is_told_and_overwrites_nothing(
    phone, enterprise, other, line
):
    """25: no version check: stale state overwrote."""
    with phone.without_network():
        phone.put(move(line, "accept", 1))
        phone.put(visit(enterprise))
        phone.put(visit(other))
    desk = make.DeskFactory(unit=enterprise.unit)
    VERBS["note"](line, by=desk, note="门卫不在")
    VERBS["accept"](line, by=desk, version=1)
    assert phone.send() == [("conflict", "stale"), ("waiting", "after_another")]
    [conflict, _behind] = phone.get("phone.operations")
    # Mine and theirs.
    assert (conflict["object"]["id"], conflict["object"]["stage"]) == (line.pk, "accepted")
    assert conflict["message"]
    # Behind it at the same enterprise nothing moves until its person has decided.
    assert Visit.objects.get().enterprise == other
    assert phone.send()[1] == ("waiting", "after_another")
    phone.run("await phone.drop(given);", conflict["client_id"])
    phone.until("!phone.operations.length")
    assert Visit.objects.count() == 2


def test_a_conflict_is_redone_on_what_there_is_now_in_its_place(phone, enterprise, line):
    with phone.without_network():
        first = phone.put(move(line, "accept", 1))
        phone.put(visit(enterprise))
    Issue.objects.filter(pk=line.pk).update(version=7)
    assert phone.send() == [("conflict", "stale"), ("waiting", "after_another")]
    with phone.without_network():
        phone.run("await phone.redo(given);", first["client_id"])
        again = phone.get("phone.operations[0]")
        assert again["client_id"] != first["client_id"]
        assert again["body"] == {**first["body"], "version": 7}
        assert (again["n"], again["made_at"]) == (first["n"], first["made_at"])
    assert phone.send() == []
    assert stage(line) == "accepted"
    assert Visit.objects.count() == 1


def test_a_refused_one_holds_only_what_counts_on_it(phone, enterprise, line):
    with phone.without_network():
        phone.put(move(line, "decline", 1, reason="不属本所"))
        phone.put(move(line, "accept", 1))
        phone.put(move(line, "note", note="已到场"))
        phone.put(visit(enterprise))
    assert phone.send() == [("refused", "not_allowed"), ("waiting", "after_another")]
    assert Visit.objects.count() == 1
    assert stage(line) == "raised"
    phone.run("await phone.drop(phone.operations[0].client_id);")
    phone.until("!phone.operations.length")
    assert stage(line) == "accepted"


def test_a_refused_one_is_mended_in_its_place(phone, enterprise):
    typed = form(kind="nonsense")
    with phone.without_network():
        raised = phone.put({**issue(enterprise, kind="nonsense"), "form": typed})
        phone.put(move(raised, "accept", 1))
    assert phone.send() == [("refused", "invalid"), ("waiting", "")]
    draft = phone.run("return phone.reopen(phone.operations[0].client_id);")
    value = phone.run("return phone.draft(given);", draft)
    assert value == typed
    # What counts on it waits while it is being mended, also over a new page.
    assert phone.send() == [("waiting", "")]
    phone.opened()
    assert phone.send() == [("waiting", "")]
    # The form saves as it is changed; that it mends something is not forgotten.
    phone.run("await phone.saveDraft(given.draft, given.form);", {"draft": draft, "form": typed})
    phone.put({**issue(enterprise), "draft": draft})
    phone.until("!phone.operations.length")
    assert Issue.objects.get().stage == "accepted"
    assert phone.run("return phone.drafts();") == []


@pytest.mark.parametrize("how", ["drop", "reopen"])
def test_what_is_about_a_line_that_is_given_up_is_told(phone, enterprise, how):
    with phone.without_network():
        raised = phone.put(issue(enterprise))
        phone.put(move(raised, "accept", 1))
        phone.put(visit(enterprise))
        if how == "reopen":
            phone.run("await phone.dropDraft(await phone.reopen(given));", raised["client_id"])
        else:
            phone.run("await phone.drop(given);", raised["client_id"])
    assert phone.send() == [("refused", "needs_refused")]
    assert (Issue.objects.count(), Visit.objects.count()) == (0, 1)


def test_what_takes_long_is_sent_in_batches(phone, enterprise):
    with phone.without_network():
        for number in range(25):
            phone.put(issue(enterprise, title=f"示例{number}"))
    with phone.answered(OUTBOX, lambda route: route.fallback()) as asked:
        assert phone.send() == []
    assert len(asked) == 2
    titles = Issue.objects.order_by("pk").values_list("title", flat=True)
    assert list(titles) == [f"示例{number}" for number in range(25)]


def test_two_tabs_and_one_of_them_sends(phone, enterprise):
    second = phone.tab()
    second.goto("/m/")
    phone.until("phone.person", second)
    under_way, most = [], []

    def slowly(route):
        under_way.append(route)
        most.append(len(under_way))
        answer = route.fetch()
        phone.page.wait_for_timeout(100)
        under_way.remove(route)
        route.fulfill(response=answer)

    with phone.without_network():
        for number in range(6):
            page = second if number % 2 else phone.page
            phone.put(issue(enterprise, title=f"示例{number}"), page)
        # Either sees what the other has entered.
        phone.until("phone.operations.length === 6")
        phone.until("phone.operations.length === 6", second)
    with phone.answered(OUTBOX, slowly) as asked:
        both = "phone.send(); return 1;"
        phone.run(both)
        phone.run(both, page=second)
        phone.until("!phone.operations.length && !phone.sending")
        phone.until("!phone.operations.length && !phone.sending", second)
    assert (len(asked), max(most)) == (1, 1)
    titles = Issue.objects.order_by("pk").values_list("title", flat=True)
    assert list(titles) == [f"示例{number}" for number in range(6)]
