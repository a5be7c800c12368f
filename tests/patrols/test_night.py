"""A night through the guard's door: once, flagged, told once, and nobody else's."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from issues.models import Issue
from liaison.notices.models import Notice
from patrols.actions.routes import renew_code
from patrols.models import (
    CheckIn,
    NightOperation,
    PatrolIncident,
    PatrolRun,
)
from tests import factories as make
from tests.factories import patrols as patrol
from tests.patrols.phone import codes, operation, send

pytestmark = pytest.mark.django_db


def test_a_round_is_started_walked_and_ended():
    link, token = patrol.night_door()
    run = PatrolRun.objects.get()
    first, second, third = codes(link.night)
    ago = [timezone.now() - timedelta(minutes=m) for m in (60, 50, 40, 30, 20)]
    answers = send(
        token,
        operation("start", ago[0], run=run.pk),
        operation("check_in", ago[1], code=first.token),
        operation("check_in", ago[2], code=second.typed),
        operation("check_in", ago[3], checkpoint=third.checkpoint_id, run=run.pk),
        operation("end", ago[4], run=run.pk),
    )
    assert [one["status"] for one in answers] == ["done"] * 5
    assert [one["object"].get("flags") for one in answers] == [None, [], [], [], None]
    run.refresh_from_db()
    assert abs(run.started_at - ago[0]) < timedelta(seconds=5)
    assert run.started_by == link.guard
    assert run.next_alert_at is None
    assert not run.stops.filter(seen_at=None).exists()
    data = Client().get(f"/n/{token}/data/").json()
    assert [one["seen_at"] is not None for one in data["runs"][0]["stops"]] == [True] * 3


def test_a_round_has_begun_when_its_first_sign_of_life_was_in_whatever_order_they_arrive():
    link, token = patrol.night_door()
    run = PatrolRun.objects.get()
    first, second, _third = codes(link.night)
    ago = [timezone.now() - timedelta(minutes=m) for m in (30, 40, 50, 60)]
    for sent, begun in (
        (operation("check_in", ago[1], code=second.token), ago[1]),
        (operation("check_in", ago[2], code=first.token), ago[2]),
        (operation("end", ago[0], run=run.pk), ago[2]),
        (operation("start", ago[3], run=run.pk), ago[3]),
    ):
        send(token, sent)
        run.refresh_from_db()
        assert abs(run.started_at - begun) < timedelta(seconds=5)
    assert abs(run.ended_at - ago[0]) < timedelta(seconds=5)


def test_what_comes_again_is_answered_the_same_and_done_once():
    link, token = patrol.night_door()
    sent = [
        operation("check_in", code=codes(link.night)[0].token),
        operation("incident", text="围栏破损"),
        operation("check_in", code="0000000000"),
    ]
    first, again = send(token, *sent), send(token, *sent)
    assert first == again
    assert [one["status"] for one in first] == ["done", "done", "refused"]
    assert CheckIn.objects.count() == PatrolIncident.objects.count() == Issue.objects.count() == 1
    changed = {**sent[1], "body": {"text": "别的"}}
    assert send(token, changed)[0]["code"] == "other_words"
    assert NightOperation.objects.count() == 3


def test_odd_is_flagged_and_written_down():
    link, token = patrol.night_door()
    code = codes(link.night)[0]
    old = code.token
    renew_code(
        code.checkpoint,
        by=make.ChiefFactory(unit=link.night.team.unit),
        reason="丢失",
        replaces=code,
    )
    wrong = timezone.now() + timedelta(days=400)
    [answer] = send(
        token,
        operation("check_in", wrong, code=old, longitude=121.5, latitude=36.85, accuracy=10),
        sent_at=wrong,
    )
    assert answer["status"] == "done"
    assert set(answer["object"]["flags"]) == {"far", "clock_skew", "old_token", "out_of_order"}
    made = CheckIn.objects.get()
    assert abs(made.at - timezone.now()) < timedelta(minutes=1)
    assert made.scanned_at == wrong
    link.night.duties.all()[0].guards.all().delete()
    link.night.duties.all()[1].guards.all().delete()
    [later] = send(token, operation("check_in", code=code.checkpoint.codes.holding().get().token))
    assert "not_on_duty" in later["object"]["flags"]


def test_a_check_in_cannot_be_changed():
    link, token = patrol.night_door()
    send(token, operation("check_in", code=codes(link.night)[0].token))
    for change in (
        lambda: CheckIn.objects.update(flags=[]),
        lambda: CheckIn.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_an_sos_needs_no_words_and_reaches_desk_and_chief():
    link, token = patrol.night_door()
    unit = link.night.team.unit
    desk, chief = make.DeskFactory(unit=unit), make.ChiefFactory(unit=unit)
    elsewhere = make.DeskFactory()
    [answer] = send(token, operation("incident", sos=True))
    assert answer["status"] == "done"
    told = Notice.objects.filter(kind="patrol.sos").values_list("recipient", flat=True)
    assert {desk.pk, chief.pk} <= set(told)
    assert elsewhere.pk not in told
    line = Issue.objects.get()
    assert line.source == Issue.Source.PATROL
    assert link.guard.name in line.text
    assert send(token, operation("incident"))[0]["code"] == "missing"


def test_a_lead_is_seen_and_told_as_its_line_is():
    link, token = patrol.night_door()
    unit = link.night.team.unit
    desk, chief = make.DeskFactory(unit=unit), make.ChiefFactory(unit=unit)
    send(token, operation("incident", kind="case_lead", text="可疑车辆"))
    seen = PatrolIncident.objects.visible_to
    assert seen(chief).count() == 1
    assert seen(desk).count() == 0
    told = Notice.objects.filter(kind="patrol.incident").values_list("recipient", flat=True)
    assert chief.pk in told
    assert desk.pk not in told
