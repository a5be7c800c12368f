"""A list from the preview to the workers, and back again for repair."""

import pytest

from issues.actions import decline_issue
from issues.models import Issue
from liaison.audit.models import Entry
from liaison.core.refused import Conflict, Refused
from liaison.core.sheets import UnreadableSheet, read_sheet
from tests import factories as make
from workers.actions import (
    apply_file,
    discard_file,
    mark_workers,
    preview_list,
    renew_preview,
)
from workers.checking.headings import ALIASES
from workers.models import Batch, BatchFile, BatchRow, Worker

pytestmark = pytest.mark.django_db


def outcomes(file):
    return list(file.rows.order_by("number").values_list("outcome", flat=True))


def people(count):
    return [make.person(n) for n in range(count)]


def wrong(row):
    last = row["id_number"][17]
    return {**row, "id_number": row["id_number"][:17] + ("1" if last != "1" else "2")}


def test_a_preview_registers_nobody(enterprise, contact):
    file = make.PreviewedListFactory(enterprise=enterprise, by=contact)
    assert outcomes(file) == ["new"] * 3
    assert not Worker.objects.exists()
    assert not Issue.objects.exists()


def test_good_rows_go_in_with_a_clock_and_bad_ones_wait(enterprise, contact):
    rows = people(3)
    rows[1] = wrong(rows[1])
    file = make.PreviewedListFactory(enterprise=enterprise, by=contact, rows=rows)
    done = apply_file(file, by=contact)
    assert (done.new, done.given_back) == (2, 1)
    batch = Batch.objects.get()
    assert batch.is_submitted
    assert batch.issue.kind.code == "approval"
    assert batch.issue.level == "simple"
    assert batch.issue.source == "portal"
    assert batch.issue.next_due_at is not None
    assert [one.name for one in make.workers_of(batch)] == [rows[0]["name"], rows[2]["name"]]
    assert make.workers_of(batch)[0].details == {
        "id_number": rows[0]["id_number"],
        "phone": rows[0]["phone"],
        "origin": rows[0]["origin"],
        "residence": rows[0]["residence"],
    }


def given_back(client, batch, prefix="/portal/workers"):
    answer = client.get(f"{prefix}/batches/{batch.pk}/given-back.xlsx")
    assert answer.status_code == 200
    return answer.content


def test_bad_rows_come_back_in_the_same_spreadsheet_and_go_in_after_repair(
    enterprise, contact, signed_in
):
    rows = [{**one, "班组": f"{n}组", "工资": 4000 + n} for n, one in enumerate(people(4))]
    right = [row["id_number"] for row in rows]
    rows[1], rows[3] = wrong(rows[1]), wrong({**rows[3], "name": ""})
    file = make.PreviewedListFactory(
        enterprise=enterprise, by=contact, rows=rows, own=("班组", "工资")
    )
    apply_file(file, by=contact)
    content = given_back(signed_in(contact), file.batch)
    back = read_sheet(content, aliases=ALIASES)
    assert list(back.layout.values()) == [*make.HEADINGS, "班组", "工资", "原行号", "原因"]
    assert [row.extra for row in back.rows] == [
        {"班组": "1组", "工资": 4001},
        {"班组": "3组", "工资": 4003},
    ]
    assert "18" in back.rows[0].values["why"]
    assert back.rows[1].values["why"].startswith("姓名：")

    # The first is repaired, the second stays wrong, and somebody is added below.
    repaired = []
    for row, number in zip(back.rows, (right[1], "1"), strict=True):
        repaired.append({**row.values, **row.extra, "id_number": number, "why": row.values["why"]})
    repaired.append(make.person(9))
    again = preview_list(
        enterprise, make.list_of_repaired(repaired), "改.xlsx", by=contact, batch=file.batch
    )
    assert outcomes(again) == ["new", "refused", "new"]
    done = apply_file(again, by=contact)
    assert (done.new, done.given_back) == (2, 1)
    batch = Batch.objects.get()
    assert [one.number for one in make.workers_of(batch)] == [1, 2, 3, 4]
    assert Issue.objects.count() == 1
    assert BatchRow.objects.get().file == again


def test_a_repaired_list_does_not_push_good_rows_out(enterprise, contact, signed_in):
    rows = people(2)
    rows[1] = wrong(rows[1])
    file = make.PreviewedListFactory(enterprise=enterprise, by=contact, rows=rows)
    content = given_back(signed_in(contact), file.batch)
    with pytest.raises(Refused) as refused:
        preview_list(enterprise, content, "改.xlsx", by=contact, batch=file.batch)
    assert refused.value.code == "good_rows_wait"
    assert outcomes(file) == ["new", "refused"]


def test_the_same_number_twice_in_a_file_is_refused_the_second_time(enterprise, contact):
    rows = people(2)
    rows[1]["id_number"] = rows[0]["id_number"]
    file = make.PreviewedListFactory(enterprise=enterprise, by=contact, rows=rows)
    assert outcomes(file) == ["new", "refused"]
    assert "2" in file.rows.get(number=3).messages[0]["message"]


def test_who_is_listed_already_is_left_alone(enterprise, contact):
    rows = people(2)
    make.WorkerBatchFactory(enterprise=enterprise, by=contact, rows=rows)
    file = make.PreviewedListFactory(
        enterprise=enterprise, by=contact, rows=[*rows, make.person(5)]
    )
    assert outcomes(file) == ["unchanged", "unchanged", "new"]
    assert apply_file(file, by=contact).new == 1
    assert Worker.objects.count() == 3


def test_who_left_may_come_back(enterprise, contact, chief):
    rows = people(1)
    batch = make.WorkerBatchFactory(enterprise=enterprise, by=contact, rows=rows)
    mark_workers([make.workers_of(batch)[0].pk], "leave", by=chief, unit=enterprise.unit)
    assert outcomes(make.PreviewedListFactory(enterprise=enterprise, rows=rows)) == ["new"]


def test_who_is_registered_elsewhere_is_asked_about_and_not_told_where(enterprise, contact):
    rows = people(2)
    other = make.AssignedEnterpriseFactory(unit=enterprise.unit)
    make.WorkerBatchFactory(enterprise=other, rows=rows[:1])
    file = make.PreviewedListFactory(enterprise=enterprise, by=contact, rows=rows)
    assert outcomes(file) == ["asks", "new"]
    assert other.name not in str(file.rows.get(outcome="asks").messages)
    done = apply_file(file, by=contact)
    assert (done.new, done.given_back) == (1, 1)
    again = make.PreviewedListFactory(enterprise=enterprise, by=contact, rows=rows[:1])
    assert apply_file(again, by=contact, changed_over=True).new == 1
    # At another station nothing is known of it.
    assert outcomes(make.PreviewedListFactory(rows=rows)) == ["new", "new"]


def test_a_worker_to_be_corrected_is_corrected_by_a_row_of_the_same_number(
    enterprise, contact, chief
):
    rows = people(1)
    batch = make.WorkerBatchFactory(enterprise=enterprise, by=contact, rows=rows)
    [worker] = make.workers_of(batch)
    mark_workers([worker.pk], "correct", by=chief, unit=batch.unit, reason="姓名与证件不符")
    fixed = [{**rows[0], "name": "李正确"}]
    file = make.PreviewedListFactory(enterprise=enterprise, by=contact, rows=fixed, batch=batch)
    assert outcomes(file) == ["corrected"]
    assert apply_file(file, by=contact).corrected == 1
    worker.refresh_from_db()
    assert (worker.name, worker.status, worker.reason) == ("李正确", "submitted", "")
    assert Worker.objects.count() == 1


def test_when_others_were_registered_meanwhile_the_list_is_shown_anew(enterprise, contact):
    rows = people(2)
    file = make.PreviewedListFactory(enterprise=enterprise, by=contact, rows=rows)
    make.WorkerBatchFactory(enterprise=enterprise, rows=rows[:1])
    with pytest.raises(Conflict) as conflict:
        apply_file(file, by=contact)
    assert conflict.value.code == "changed"
    file.refresh_from_db()
    assert file.state == BatchFile.State.PREVIEW
    renew_preview(file, by=contact)
    assert outcomes(file) == ["unchanged", "new"]


def test_handed_in_twice_is_handed_in_once(enterprise, contact):
    file = make.PreviewedListFactory(enterprise=enterprise, by=contact)
    apply_file(file, by=contact)
    with pytest.raises(Conflict):
        apply_file(file, by=contact)
    assert Worker.objects.count() == 3


def test_discarding_forgets_what_the_list_said(enterprise, contact):
    file = make.PreviewedListFactory(enterprise=enterprise, by=contact)
    discard_file(file, by=contact)
    assert not BatchRow.objects.exists()
    assert Batch.objects.get().state == "discarded"
    assert not Batch.objects.visible_to(contact).exists()


def test_a_list_without_a_good_row_is_not_handed_in(enterprise, contact):
    file = make.PreviewedListFactory(enterprise=enterprise, by=contact, rows=[make.person(name="")])
    with pytest.raises(Refused) as refused:
        apply_file(file, by=contact)
    assert refused.value.code == "nothing_good"
    assert Batch.objects.get().state == "draft"


def test_nobody_hands_in_for_others(enterprise):
    stranger = make.ContactUserFactory(enterprise=make.EnterpriseFactory(unit=enterprise.unit))
    with pytest.raises(Refused) as refused:
        make.PreviewedListFactory(enterprise=enterprise, by=stranger)
    assert refused.value.code == "not_yours"
    bureau = make.BureauUserFactory(unit=enterprise.unit.parent or make.BureauFactory())
    with pytest.raises(Refused):
        make.PreviewedListFactory(enterprise=enterprise, by=bureau)
    assert not Batch.objects.exists()


def test_too_long_a_list_and_one_without_numbers_are_refused(enterprise, contact, settings):
    settings.WORKERS_MOST_ROWS = 2
    with pytest.raises(UnreadableSheet) as refused:
        make.PreviewedListFactory(enterprise=enterprise, by=contact)
    assert refused.value.code == "too_many"
    with pytest.raises(UnreadableSheet) as refused:
        preview_list(enterprise, "姓名,手机号\n甲乙,13800000000\n".encode(), "a.csv", by=contact)
    assert refused.value.code == "no_id_number"


def test_the_record_names_counts_and_nobody(enterprise, contact):
    rows = people(3)
    make.WorkerBatchFactory(enterprise=enterprise, by=contact, rows=rows)
    [entry] = Entry.objects.filter(action="workers.handed_in")
    assert entry.changes == {"new": 3, "corrected": 0, "given_back": 0}


def test_more_rows_after_the_line_was_closed_get_a_clock_of_their_own(enterprise, contact, chief):
    batch = make.WorkerBatchFactory(enterprise=enterprise, by=contact)
    first = batch.issue
    decline_issue(first, by=chief, version=first.version, reason="不属本所管辖")
    Batch.objects.update(rejected_at=None)
    again = make.PreviewedListFactory(
        enterprise=enterprise, by=contact, batch=batch, rows=[make.person(8)]
    )
    apply_file(again, by=contact)
    batch.refresh_from_db()
    assert batch.issue != first
    assert batch.issue.is_open
