"""责令限期整改: who issues it, by when, how it is answered and looked at, and what rings."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from documents.actions import (
    answer_item,
    issue_order,
    look_at,
    receive_order,
    revoke_order,
)
from documents.deadlines import order_due, order_next
from documents.models import Answer, Order
from issues.actions import VERBS, make_move
from issues.actions.engine import missing_proofs
from issues.deadlines import falls_on
from issues.models import Issue
from liaison.core.due import start_of
from liaison.core.refused import Conflict, Refused
from liaison.jobs.sweeps import ring
from liaison.notices.models import Mention, Notice
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_it_is_numbered_by_unit_and_year():
    first = make.OrderFactory()
    second = make.OrderFactory(enterprise__unit=first.unit)
    other = make.OrderFactory()
    year = timezone.localdate().year
    assert first.number == f"示所责改字〔{year}〕1号"
    assert second.number == f"示所责改字〔{year}〕2号"
    assert other.serial == 1
    assert first.basis.cited.startswith("《企业事业单位内部治安保卫条例》（国务院令第421号")


@pytest.fixture
def line():
    return make.AcceptedIssueFactory(kind="hazard")


@pytest.fixture
def chief(line):
    return make.ChiefFactory(unit=line.unit)


def test_who_may_issue(line, chief):
    unit = line.unit
    refused = (
        make.DeskFactory(unit=unit), make.AuxiliaryFactory(unit=unit),
        make.OfficerFactory(unit=unit), make.ChiefFactory(),
        make.ContactUserFactory(enterprise=line.enterprise), make.BureauUserFactory(),
    )  # fmt: skip
    for person in refused:
        with pytest.raises(Refused) as no:
            issue_order(line, make.ordered_for(line, chief), by=person)
        assert no.value.code == "not_allowed"
    assert issue_order(line, make.ordered_for(line, line.handler), by=line.handler).is_open


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"due_on": timezone.localdate()}, "due_on"),
        ({"due_on": timezone.localdate() + timedelta(days=200)}, "due_on"),
        ({"items": (" ",)}, "items"),
        ({"facts": ""}, "facts"),
        ({"mark": " "}, "mark"),
        ({"items": ("x" * 301,)}, "items"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(line, chief, told, field):
    with pytest.raises(Refused) as no:
        issue_order(line, make.ordered_for(line, chief, **told), by=chief)
    assert no.value.field == field
    assert not Order.objects.exists()


def test_two_sworn_officers_of_the_station_stand_on_it(line, chief):
    for second in (chief, make.AuxiliaryFactory(unit=line.unit), make.OfficerFactory()):
        with pytest.raises(Refused) as no:
            issue_order(line, make.ordered_for(line, chief, second=second), by=chief)
        assert no.value.code == "not_sworn"


def test_only_on_a_hazard_under_way_and_one_at_a_time(chief, line):
    unit = line.unit
    raised = make.RaisedIssueFactory(enterprise__unit=unit, kind="hazard")
    other = make.AcceptedIssueFactory(enterprise__unit=unit, kind="dispute")
    for wrong in (raised, other):
        with pytest.raises(Refused):
            issue_order(wrong, make.ordered_for(line, chief), by=chief)
    issue_order(line, make.ordered_for(line, chief), by=chief)
    with pytest.raises(Conflict):
        issue_order(line, make.ordered_for(line, chief), by=chief)


def test_from_the_order_to_a_close_out_with_its_photos():
    order = make.OrderFactory()
    issue, chief = order.issue, order.first_officer
    user = make.ContactUserFactory(enterprise=order.enterprise)
    receive_order(order, by=user)
    first, second = order.items.select_related("order")
    with pytest.raises(Refused) as no:
        answer_item(first, by=user, text="好了")
    assert no.value.field == "file_"
    make.answered(first, user)
    with pytest.raises(Conflict):
        make.answered(first, user)
    with pytest.raises(Refused) as no:
        look_at(first, by=chief, accepted=False)
    assert no.value.field == "reason"
    look_at(first, by=chief, accepted=False, reason="还有缺口")
    make.answered(first, user)
    make.answered(second, user)
    look_at(first, by=chief, accepted=True)
    issue.refresh_from_db()
    working = make_move(issue, "start", by=issue.handler, version=issue.version, values={})
    propose = {"by": issue.handler, "version": working.version, "values": {"summary": "已整改"}}
    with pytest.raises(Refused, match="号"):
        make_move(working, "propose", **propose)
    look_at(second, by=issue.handler, accepted=True)
    order.refresh_from_db()
    assert order.completed_at
    assert order.next_reminder_at is None
    assert missing_proofs(Issue.objects.get(pk=issue.pk), ()) == ["before"]
    assert Answer.objects.count() == 3
    kinds = Notice.objects.filter(recipient=user, kind="order.looked").count()
    assert kinds == 3
    with pytest.raises(Conflict):
        revoke_order(order, by=chief, reason="迟了")


def test_a_revoked_order_lets_the_line_go_on():
    order = make.OrderFactory()
    for person in (make.DeskFactory(unit=order.unit), make.OfficerFactory(unit=order.unit)):
        with pytest.raises(Refused):
            revoke_order(order, by=person, reason="误发")
    revoke_order(order, by=order.second_officer, reason="误发")
    order.refresh_from_db()
    assert not order.is_open
    with pytest.raises(Conflict):
        make.answered(order.items.select_related("order").first())


def test_a_contact_of_another_enterprise_finds_nothing():
    order = make.OrderFactory()
    item = order.items.first()
    answer = make.answered(order.items.select_related("order").first())
    photo = answer.event.attachments.get().evidence_id
    client = Client()
    client.force_login(make.ContactUserFactory(enterprise__unit=order.unit))
    where = f"/portal/orders/{order.pk}/"
    for address in (where, f"{where}photos/{photo}/"):
        assert client.get(address).status_code == 404
    for deed in ("receive/", f"items/{item.pk}/answer/"):
        assert client.post(where + deed).status_code == 404
    assert order.number not in client.get("/portal/orders/").content.decode()
    own = Client()
    own.force_login(answer.event.actor)
    assert b"".join(own.get(f"{where}photos/{photo}/")).startswith(b"\x89PNG")


def test_the_contact_answers_on_the_page_and_keeps_what_was_typed():
    order = make.OrderFactory()
    client = Client()
    client.force_login(make.ContactUserFactory(enterprise=order.enterprise))
    item = order.items.first()
    where = f"/portal/orders/{order.pk}/items/{item.pk}/answer/"
    page = client.post(where, {"text": "围栏修好了"})
    assert page.status_code == 422
    assert "围栏修好了" in page.content.decode()
    photo = SimpleUploadedFile("a.png", make.picture_bytes())
    assert client.post(where, {"text": "围栏修好了", "file_": photo}).status_code == 302
    staff = Client()
    staff.force_login(order.first_officer)
    detail = staff.get(f"/documents/orders/{order.pk}/").content.decode()
    assert "围栏修好了" in detail
    look = f"/documents/orders/{order.pk}/items/{item.pk}/look/"
    assert staff.post(look, {"do": "return"}).status_code == 422
    assert staff.post(look, {"do": "accept"}).status_code == 302


def test_an_overdue_order_rings_until_it_ends_and_stands_at_the_desk():
    line = make.AcceptedIssueFactory(kind="hazard")
    chief = make.ChiefFactory(unit=line.unit)
    desk = make.someone("desk", line.unit)
    user = make.ContactUserFactory(enterprise=line.enterprise)
    order = issue_order(line, make.ordered_for(line, chief), by=chief)
    told = {}
    for days in (0, 1, 3, 10, 17):
        nine = start_of(order.due_on + timedelta(days=days)) + timedelta(hours=9)
        with time_machine.travel(nine):
            Notice.objects.filter(kind__startswith="order.").delete()
            ring(timezone.now())
            told[days] = order_steps_told(order)
    assert told[0] == {user, line.handler}
    assert told[1] == {user, line.handler, desk}
    assert told[3] == told[10] == told[17] == {user, line.handler, chief}
    with time_machine.travel(start_of(order.due_on + timedelta(days=2)), tick=False):
        client = Client()
        client.force_login(chief)
        page = client.get("/").content.decode()
        assert "/documents/orders/?state=late" in page
        assert order.number in client.get("/documents/orders/?state=late").content.decode()


def order_steps_told(order):
    """Who was told of the last step that was taken, alone or among others."""

    last = Mention.objects.filter(occasion__startswith=f"order:{order.pk}:due:").order_by(
        "-made_at"
    )
    occasion = last.first().occasion
    return {one.recipient for one in last.filter(occasion=occasion)}


@given(
    due=st.dates(min_value=timezone.localdate(), max_value=timezone.localdate() + timedelta(400)),
    hours=st.integers(min_value=-24 * 400, max_value=24 * 800),
)
def test_an_open_order_always_has_a_next_step(due, hours):
    now = start_of(due) + timedelta(hours=hours)
    after = order_next(due, now)
    assert now < after
    step = order_due(due, now)
    assert step is None or step.at(due) <= now
    if after > step_at(due, 3):
        assert after - now <= timedelta(days=7)


def step_at(due, days):
    return start_of(due + timedelta(days=days)) + timedelta(hours=8)


def test_the_sheet_has_what_the_law_wants():
    order = make.OrderFactory()
    client = Client()
    client.force_login(order.first_officer)
    page = client.get(f"/documents/orders/{order.pk}/sheet/").content.decode()
    officers = (str(order.first_officer), str(order.second_officer))
    wanted = (order.number, order.enterprise.name, "第十六条", *officers, f"{order.due_on}")
    for words in (*wanted, "修复围栏"):
        assert words in page


# --- more time for the line -------------------------------------------------------------------


def more_time(issue, chief, days=5):
    asked = VERBS["ask_extension"](
        Issue.objects.get(pk=issue.pk), by=issue.handler, version=issue.version,
        days=days, reason="等配件",
    )  # fmt: skip
    return VERBS["grant_extension"](asked, by=chief, version=asked.version, note="同意")


def test_a_line_that_is_granted_more_time_gives_it_to_its_order():
    order = make.OrderFactory()
    user = make.ContactUserFactory(enterprise=order.enterprise)
    line = Issue.objects.get(pk=order.issue_id)
    granted = more_time(line, make.ChiefFactory(unit=line.unit))
    days = falls_on(granted.resolve_due_at) - falls_on(line.resolve_due_at)
    stood = order.due_on
    order.refresh_from_db()
    assert days > timedelta(0)
    assert order.due_on == stood + days <= falls_on(granted.resolve_due_at)
    assert order.next_reminder_at == order_next(order.due_on, timezone.now())
    one = order.postponements.get()
    assert (one.before, one.after) == (stood, order.due_on)
    assert one.event.move == "grant_extension"
    with pytest.raises(DatabaseError), transaction.atomic():
        order.postponements.update(after=stood + timedelta(99))
    told = Notice.objects.filter(kind="order.postponed")
    assert set(told.values_list("recipient", flat=True)) == {user.pk, line.handler_id}
    for person, where in ((line.handler, "/documents/orders/"), (user, "/portal/orders/")):
        client = Client()
        client.force_login(person)
        page = client.get(f"{where}{order.pk}/").content.decode()
        assert f"{stood:%Y-%m-%d}" in page
        assert f"{order.due_on:%Y-%m-%d}" in page


def test_what_has_run_out_ended_or_was_refused_more_time_stays():
    late, ended, refused = (make.OrderFactory() for _ in range(3))
    days = {one.pk: one.due_on for one in (late, ended, refused)}
    revoke_order(ended, by=ended.first_officer, reason="另行处理")
    more_time(Issue.objects.get(pk=ended.issue_id), make.ChiefFactory(unit=ended.unit))
    line = Issue.objects.get(pk=refused.issue_id)
    asked = VERBS["ask_extension"](
        line, by=line.handler, version=line.version, days=2, reason="等配件"
    )
    chief = make.ChiefFactory(unit=line.unit)
    VERBS["refuse_extension"](asked, by=chief, version=asked.version, reason="抓紧")
    line = Issue.objects.get(pk=late.issue_id)
    chief = make.ChiefFactory(unit=line.unit)
    before = start_of(late.due_on) + timedelta(days=1, hours=1)
    assert before < line.resolve_due_at, "the line itself is still in time"
    with time_machine.travel(before, tick=False):
        more_time(line, chief)
    assert dict(Order.objects.values_list("pk", "due_on")) == days
    assert not Order.objects.filter(postponements__isnull=False).exists()
