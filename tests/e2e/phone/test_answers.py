"""Whatever is not "done" under its own id keeps the operation, with the reason."""

import json

import pytest

from issues.models import Issue
from liaison.mobile.models import Operation
from tests import factories as make
from tests.e2e.phone.handset import (
    OUTBOX,
    WHO,
    Refused,
    end_sessions,
    lost,
    lost_answer,
    says,
    says_json,
)
from tests.e2e.phone.work import issue, visit
from visits.models import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_is_entered_reaches_the_server_and_leaves_the_phone(phone, enterprise, officer):
    row = phone.put(visit(enterprise, summary="东区堆料"))
    phone.until("!phone.operations.length")
    kept = Visit.objects.get()
    assert (str(kept.client_id), kept.officer, kept.summary) == (
        row["client_id"],
        officer,
        "东区堆料",
    )
    assert phone.get("[phone.person.id, phone.signedIn, phone.online]") == [officer.pk, True, True]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (says(401, '{"code": "not_authenticated", "message": ""}', "application/json"),
         "not_authenticated"),
        (says(403, "<p>Forbidden</p>"), "not_ours"),
        (says(404, "<p>Not found</p>"), "not_ours"),
        (says(413, "<p>Too large</p>"), "too_large"),
        (says(429, "<p>Slowly</p>", Retry_After="1"), "throttled"),
        (says(500, "<p>Server error</p>"), "server_error"),
        (says(502, ""), "server_error"),
        (says(503, '{"code": "busy", "message": "稍后"}', "application/json"), "busy"),
        (lost, "offline"),
    ],
)  # fmt: skip
def test_an_error_keeps_it(phone, enterprise, answer, code):
    """20: replay dropped the item on any error but 400."""
    with phone.answered(OUTBOX, answer) as asked:
        phone.put(visit(enterprise))
        assert phone.send() == [("waiting", code)]
        assert asked
    if code != "throttled":
        assert phone.send() == []
        assert Visit.objects.count() == 1


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (says(302, Location="/accounts/sign-in/"), "redirected"),
        (says(200, "<form>Sign in</form>"), "not_ours"),
        (says(200), "empty"),
        (says_json(200, {}), "not_ours"),
        (says_json(200, {"results": []}), "not_answered"),
        (says_json(200, {"results": [{"client_id": "another", "status": "done"}]}), "not_answered"),
    ],
)
def test_a_200_that_is_no_word_of_ours_is_no_success(phone, enterprise, answer, code):
    """21: a sign-in redirect that answered 200 counted as success."""
    with phone.answered(OUTBOX, answer):
        phone.put(visit(enterprise))
        assert phone.send() == [("waiting", code)]
    assert phone.send() == []
    assert Visit.objects.count() == 1


def test_a_weak_signal_ends_by_itself(phone, enterprise):
    """23: no time-out on weak signal."""
    phone.page.clock.install()
    phone.opened()
    phone.until("phone.data && !phone.sending")
    hanging = []
    with phone.answered(OUTBOX, hanging.append) as asked:
        phone.put(visit(enterprise))
        while not asked:
            phone.page.wait_for_timeout(50)
        phone.page.clock.fast_forward(19_000)
        assert phone.rows() == [("waiting", "")]
        phone.page.clock.fast_forward(2_000)
        phone.until("phone.operations[0].code === 'timeout'")
        for route in hanging:
            route.abort()
        assert phone.get("phone.online") is False
    phone.page.clock.fast_forward(21_000)
    assert phone.send() == []
    assert Visit.objects.count() == 1


def test_an_answer_that_is_lost_makes_no_second(phone, enterprise):
    """24: no idempotency key: a slow server made 10 copies."""
    with phone.answered(OUTBOX, lost_answer) as asked:
        phone.put(visit(enterprise))
        for _again in range(3):
            assert phone.send() == [("waiting", "offline")]
        assert len(asked) >= 3
    assert phone.send() == []
    assert Visit.objects.count() == Operation.objects.count() == 1


def test_two_taps_are_one(phone, enterprise):
    """24: the same from the finger."""
    code = "return Promise.all([phone.put(given), phone.put(given)]);"
    first, second = phone.run(code, {**visit(enterprise), "draft": "a-draft"})
    assert first["client_id"] == second["client_id"]
    phone.until("!phone.operations.length")
    assert Visit.objects.count() == 1


def test_a_batch_that_is_too_large_is_halved(phone, enterprise):
    def small_only(route):
        sent = json.loads(route.request.post_data)["operations"]
        says(413)(route) if len(sent) > 2 else route.fallback()

    with phone.without_network():
        for number in range(5):
            phone.put(issue(enterprise, title=f"示例{number}"))
    with phone.answered(OUTBOX, small_only) as asked:
        assert phone.send() == []
    sizes = [len(json.loads(one)["operations"]) for one in asked]
    assert sizes == [5, 2, 2, 1]
    titles = Issue.objects.order_by("pk").values_list("title", flat=True)
    assert list(titles) == [f"示例{number}" for number in range(5)]


def test_one_that_breaks_the_server_stops_no_other(phone, officer, enterprise):
    def breaks(route):
        says(500)(route) if "示例坏" in route.request.post_data else route.fallback()

    others = [make.AssignedEnterpriseFactory(unit=officer.unit, officer=officer) for _ in range(3)]
    with phone.without_network():
        phone.put(visit(enterprise, summary="示例坏"))
        phone.put(visit(enterprise, summary="之后"))
        for one in others:
            phone.put(visit(one))
    with phone.answered(OUTBOX, breaks):
        # What is behind it at the same enterprise keeps its place.
        assert phone.send() == [("waiting", "server_error"), ("waiting", "offline")]
        assert Visit.objects.count() == 3
    assert phone.send() == []
    assert list(
        Visit.objects.filter(enterprise=enterprise).order_by("pk").values_list("summary", flat=True)
    ) == ["示例坏", "之后"]


def test_one_that_is_a_mistake_is_told_and_stops_no_other(phone, officer, enterprise):
    other = make.AssignedEnterpriseFactory(unit=officer.unit, officer=officer)
    with phone.without_network():
        phone.put(visit(enterprise, nonsense=1))
        phone.put(visit(other))
    assert phone.send() == [("refused", "invalid")]
    [row] = phone.get("phone.operations")
    assert row["message"]
    assert "nonsense" in row["object"]["errors"]
    assert Visit.objects.get().enterprise == other


def test_the_server_is_left_alone_for_as_long_as_it_says(phone, enterprise):
    with phone.answered(OUTBOX, says(429, "", Retry_After="60")) as asked:
        phone.put(visit(enterprise))
        phone.send()
        phone.send()
        assert len(asked) == 1
    assert phone.rows() == [("waiting", "throttled")]


def test_an_old_token_is_renewed_once(phone, enterprise):
    told = {"code": "permission_denied", "message": "CSRF"}
    answers = iter([says_json(403, told)])

    def first_time(route):
        next(answers, lambda route: route.fallback())(route)

    with (
        phone.answered(OUTBOX, first_time) as asked,
        phone.answered(WHO, lambda r: r.fallback()) as who,
    ):
        phone.put(visit(enterprise))
        phone.until("!phone.operations.length")
        assert len(asked) == 2
        assert who
    with phone.answered(OUTBOX, says_json(403, told)) as asked:
        phone.put(visit(enterprise))
        assert phone.send() == [("waiting", "permission_denied")]
        assert len(asked) <= 4


def test_a_session_that_ended_offline_keeps_all_until_its_person_is_back(
    phone, officer, enterprise
):
    """Acceptance 5: session expired while offline."""
    with phone.without_network():
        phone.put(visit(enterprise))
        end_sessions()
    assert phone.send() == [("waiting", "not_authenticated")]
    assert phone.get("phone.signedIn") is False
    # Nobody is asked again and again without being signed in.
    with phone.answered("**/mobile/**", lambda route: route.fallback()) as asked:
        phone.run("await phone.tick();")
        assert not asked
    phone.signed_in(officer)
    phone.until("!phone.operations.length")
    assert Visit.objects.get().officer == officer


def test_what_waits_survives_the_page(phone, enterprise):
    with phone.without_network():
        row = phone.put(visit(enterprise))
        assert phone.get("phone.counts.waiting") == 1
    with phone.answered(OUTBOX, lost):
        phone.opened()
        assert phone.get("phone.operations.map((one) => one.client_id)") == [row["client_id"]]
    phone.opened()
    phone.until("!phone.operations.length")
    assert str(Visit.objects.get().client_id) == row["client_id"]


def test_what_is_not_there_is_gone(phone):
    with pytest.raises(Refused, match="gone"):
        phone.run("await phone.drop('nothing');")


def test_the_network_comes_back_and_nobody_presses_anything(phone, enterprise):
    with phone.offline():
        phone.put(visit(enterprise))
        phone.until("phone.operations[0].code === 'offline'")
        assert phone.get("phone.online") is False
    phone.until("!phone.operations.length")
    assert Visit.objects.count() == 1
