"""The same thing from many sides at once is done once, and answered to all of them."""

import pytest

from issues.models import Issue
from liaison.core.refused import Conflict
from liaison.evidence.models import Evidence
from liaison.mobile.actions.uploads import SMALLEST_PIECE, add_piece
from liaison.mobile.models import Operation, Piece, Upload
from tests import factories as make
from tests.mobile.phone import Phone, issue, move, visit
from tests.mobile.test_uploads import big_picture
from tests.races.threads import all_at_once, losers, winners
from visits.models import Visit

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
MANY = 8


def from_many_sides(officer, *operations):
    phones = [Phone(officer) for _ in range(MANY)]
    return all_at_once([lambda one=one: one.send(*operations) for one in phones])


def test_one_operation_at_once_is_done_once(enterprise, officer):
    raised = issue(enterprise)
    batch = [visit(enterprise), raised, move(raised, "accept", 1), visit(enterprise, channel="x")]
    answers = from_many_sides(officer, *batch)
    assert all(one == answers[0] for one in answers)
    assert [one["status"] for one in answers[0]] == ["done", "done", "done", "refused"]
    assert (Visit.objects.count(), Operation.objects.count()) == (1, 4)
    line = Issue.objects.get()
    assert (line.version, line.events.count()) == (2, 2)


def test_of_two_bodies_under_one_id_one_is_done(enterprise, officer):
    sent = visit(enterprise)
    bodies = [{**sent["body"], "summary": str(n)} for n in range(MANY)]
    phones = [Phone(officer) for _ in bodies]
    answers = all_at_once(
        [
            lambda phone=phone, body=body: phone.one({**sent, "body": body})
            for phone, body in zip(phones, bodies, strict=True)
        ]
    )
    done = [one for one in answers if one["status"] == "done"]
    assert len(done) == Visit.objects.count() == 1
    assert {one["code"] for one in answers} == {"", "reused"}


def test_batches_in_another_order_do_not_lock_each_other_out(officer, enterprise):
    other = make.AssignedEnterpriseFactory(unit=enterprise.unit, officer=officer)
    batch = [visit(one) for one in (enterprise, other) * 3]
    phones = [Phone(officer) for _ in range(MANY)]
    all_at_once(
        [
            lambda phone=phone, n=n: phone.send(*(batch if n % 2 else reversed_batch(batch)))
            for n, phone in enumerate(phones)
        ]
    )
    # Whoever was put off tries again.
    assert {one["status"] for one in phones[0].send(*batch)} == {"done"}
    assert Visit.objects.count() == len(batch)


def reversed_batch(batch):
    return list(reversed(batch))


def test_one_piece_at_once_is_put_once(officer):
    content = big_picture()
    key = Phone(officer).announce(content).json()["client_id"]
    results = all_at_once(
        [
            lambda: add_piece(
                Upload.objects.get(client_id=key), offset=0, data=content[:SMALLEST_PIECE]
            )
            for _ in range(MANY)
        ]
    )
    assert len(winners(results)) == 1
    for lost in losers(results):
        assert isinstance(lost, Conflict)
        assert lost.details == {"offset": SMALLEST_PIECE}
    assert Piece.objects.count() == 1
    assert Upload.objects.get().received == SMALLEST_PIECE


def test_a_file_finished_at_once_is_one_evidence(officer):
    content = make.picture_bytes()
    key = Phone(officer).announce(content).json()["client_id"]
    upload = Upload.objects.get(client_id=key)
    Piece.objects.create(upload=upload, offset=0, data=content)
    Upload.objects.update(received=len(content))
    results = all_at_once(
        [
            lambda: add_piece(Upload.objects.get(client_id=key), offset=len(content), data=b"")
            for _ in range(MANY)
        ]
    )
    kept = Evidence.objects.get()
    assert {one.kept_as for one in results} == {kept.pk}


def test_a_file_announced_at_once_is_announced_once(officer):
    phones = [Phone(officer) for _ in range(MANY)]
    key = str(make.UploadFactory.build().client_id)
    answers = all_at_once(
        [lambda phone=phone: phone.announce(b"x", client_id=key) for phone in phones]
    )
    assert sorted(one.status_code for one in answers) == [200] * (MANY - 1) + [201]
    assert Upload.objects.count() == 1
