"""The people of a unit, kept by its system administrator."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enterprises.actions import cancel_cover, cover
from issues.actions import VERBS
from liaison.accounts.models import Kind, Unit, User
from liaison.accounts.people import (
    KINDS_AT,
    add_person,
    close_account,
    edit_person,
    open_account,
    reset_password,
)
from liaison.audit.models import Entry
from liaison.core.refused import Refused
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return make.DeskFactory(admin_duty=User.AdminDuty.SYSTEM)


@pytest.fixture
def browser(admin):
    client = Client()
    client.force_login(admin)
    return client


def values(unit, **more):
    return {"name": "示例新人", "username": "newcomer", "kind": Kind.DESK, "unit": unit, **more}


def refusal(deed, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        deed(*args, **kwargs)
    return caught.value


def test_a_newcomer_signs_in_once_with_the_password_read_aloud(admin):
    person, password = add_person(values(admin.unit, phone="138 0000 7777"), by=admin)
    client = Client()
    answer = client.post(reverse("sign_in"), {"username": "13800007777", "password": password})
    assert answer.status_code == 302
    for name in ("dashboard", "issue_list", "enterprise_list"):
        assert client.get(reverse(name)).url == reverse("password_change")
    own = "a-password-of-my-own-7"
    answer = client.post(
        reverse("password_change"),
        {"old_password": password, "new_password1": own, "new_password2": own},
    )
    assert answer.url == reverse("dashboard")
    assert client.get(reverse("dashboard")).status_code == 200
    person.refresh_from_db()
    assert not person.must_change_password
    assert Entry.objects.filter(action="user.added", subject_id=str(person.pk), actor=admin)


@pytest.mark.parametrize("unit_kind", Unit.Kind)
@pytest.mark.parametrize("kind", Kind)
def test_who_serves_where(unit_kind, kind, admin):
    above = make.BureauUserFactory(admin_duty=User.AdminDuty.SYSTEM)
    factory = {
        Unit.Kind.BUREAU: make.BureauFactory,
        Unit.Kind.STATION: make.StationFactory,
        Unit.Kind.SQUAD: make.SquadFactory,
    }[unit_kind]
    unit = factory(parent=above.unit)
    if kind in KINDS_AT[unit_kind]:
        person, _ = add_person(values(unit, kind=kind), by=above)
        assert (person.kind, person.unit) == (kind, unit)
    else:
        assert refusal(add_person, values(unit, kind=kind), by=above).field == "kind"
        assert not User.objects.filter(username="newcomer").exists()


def test_only_the_administrator_of_the_unit_may(admin):
    colleague = make.OfficerFactory(unit=admin.unit)
    others = [
        make.DeskFactory(unit=admin.unit),
        make.ChiefFactory(unit=admin.unit),
        make.DeskFactory(admin_duty=User.AdminDuty.SYSTEM),
        make.DeskFactory(unit=admin.unit, admin_duty=User.AdminDuty.SECURITY),
    ]
    for other in others:
        for deed in (close_account, open_account, reset_password):
            assert refusal(deed, colleague, by=other).code == "not_yours"
        assert refusal(add_person, values(admin.unit), by=other).code == "not_yours"
        assert refusal(edit_person, colleague, {"name": "改名"}, by=other).code == "not_yours"
    elsewhere = make.StationFactory()
    assert refusal(edit_person, colleague, {"unit": elsewhere}, by=admin).code == "not_yours"


@pytest.mark.parametrize(
    ("field", "value"),
    [("phone", "12"), ("username", "with spaces here"), ("username", ""), ("name", "")],
)
def test_what_cannot_be_is_named(admin, field, value):
    assert refusal(add_person, values(admin.unit, **{field: value}), by=admin).field == field


@pytest.mark.parametrize("field", ["username", "phone"])
def test_what_is_taken_is_named(admin, field):
    taken = {"username": admin.username, "phone": admin.phone}[field]
    refused = refusal(add_person, values(admin.unit, **{field: taken}), by=admin)
    assert (refused.code, refused.field) == ("taken", field)


def test_nobody_leaves_enterprises_or_lines_behind(admin):
    issue = make.RaisedIssueFactory(enterprise=make.AssignedEnterpriseFactory(unit=admin.unit))
    officer = issue.handler
    assert refusal(close_account, officer, by=admin).code == "answers"
    officer.refresh_from_db()
    assert officer.is_active
    handler = make.OfficerFactory(unit=admin.unit)
    VERBS["transfer"](
        issue, by=make.ChiefFactory(unit=admin.unit), version=1, handler=handler, reason="代办"
    )
    assert refusal(close_account, handler, by=admin).code == "handles"


@pytest.mark.parametrize("duty", [User.AdminDuty.SECURITY, User.AdminDuty.AUDIT])
def test_no_administrator_keeps_the_other_two(admin, browser, duty):
    other = make.DeskFactory(unit=admin.unit, admin_duty=duty)
    client = Client()
    client.force_login(other)
    for deed in (close_account, open_account, reset_password):
        assert refusal(deed, other, by=admin).code == "apart"
    assert refusal(edit_person, other, {"phone": "13800009999"}, by=admin).code == "apart"
    shown = browser.post(reverse("person_password", args=(other.pk,)), follow=True)
    assert "first-password" not in shown.content.decode()
    now = User.objects.get(pk=other.pk)
    assert now.check_password(make.PASSWORD)
    assert (now.is_active, now.phone) == (True, other.phone)
    assert client.get("/").status_code == 200


def test_whoever_runs_the_server_keeps_every_administrator(admin, capsys):
    auditor = make.DeskFactory(unit=admin.unit, admin_duty=User.AdminDuty.AUDIT, username="shenji")
    call_command("account", "password", "shenji")
    auditor.refresh_from_db()
    assert auditor.check_password(capsys.readouterr().out.split()[-1])
    assert auditor.must_change_password
    for deed, is_active in (("close", False), ("open", True)):
        call_command("account", deed, "shenji")
        auditor.refresh_from_db()
        assert auditor.is_active == is_active
    deeds = Entry.objects.filter(subject_id=str(auditor.pk), actor=None).order_by("pk")
    assert [*deeds.values_list("action", flat=True)] == [
        "user.password_reset", "user.closed", "user.opened",
    ]  # fmt: skip
    officer = make.handler_of(make.AssignedEnterpriseFactory(unit=admin.unit))
    for wrong in (("close", "nobody"), ("close", officer.username)):
        with pytest.raises(CommandError):
            call_command("account", *wrong)
    officer.refresh_from_db()
    assert officer.is_active


@pytest.mark.parametrize(
    ("first", "last", "stands"), [(-3, -1, True), (-1, 0, False), (0, 0, False), (2, 5, False)]
)
@pytest.mark.parametrize("who", ["acting", "officer"])
def test_nobody_leaves_a_cover_behind(admin, who, first, last, stands, time_machine):
    pair = {one: make.OfficerFactory(unit=admin.unit) for one in ("officer", "acting")}
    now, day = timezone.now(), timedelta(days=1)
    today = timezone.localdate(now)
    time_machine.move_to(now + min(first, 0) * day)
    made = cover(
        **pair, starts_on=today + first * day, ends_on=today + last * day,
        by=make.someone(Kind.DESK, admin.unit),
    )  # fmt: skip
    time_machine.move_to(now)
    person, code = pair[who], {"acting": "acts", "officer": "covered"}[who]
    if not stands:
        assert refusal(close_account, person, by=admin).code == code
        assert refusal(edit_person, person, {"kind": Kind.DESK}, by=admin).code == code
        cancel_cover(made, by=make.someone(Kind.DESK, admin.unit))
    close_account(person, by=admin)
    person.refresh_from_db()
    assert not person.is_active


def test_what_others_changed_meanwhile_is_kept(admin):
    """A person as loaded by somebody who is slow: only what they typed is written."""
    person = make.OfficerFactory(unit=admin.unit)
    seen = User.objects.get(pk=person.pk)
    close_account(person, by=admin)
    password = reset_password(person, by=admin)
    edit_person(seen, {"name": "改名"}, by=admin)
    person.refresh_from_db()
    assert (person.name, person.is_active, person.must_change_password) == ("改名", False, True)
    assert person.check_password(password)


def test_one_who_answers_stays_an_officer_of_the_unit(admin):
    officer = make.OfficerFactory(unit=admin.unit)
    make.AssignedEnterpriseFactory(unit=admin.unit, officer=officer)
    assert refusal(edit_person, officer, {"kind": Kind.DESK}, by=admin).code == "answers"
    officer.refresh_from_db()
    edit_person(officer, {"kind": Kind.AUXILIARY_OFFICER}, by=admin)


def test_one_who_has_left_signs_in_no_more_and_may_come_back(admin):
    person = make.OfficerFactory(unit=admin.unit)
    credentials = {"username": person.username, "password": make.PASSWORD}
    close_account(person, by=admin)
    assert Client().post(reverse("sign_in"), credentials).status_code == 422
    open_account(person, by=admin)
    assert Client().post(reverse("sign_in"), credentials).status_code == 302
    assert refusal(close_account, admin, by=admin).code == "yourself"


def test_the_pages(browser, admin):
    assert browser.get(reverse("people_list")).status_code == 200
    typed = {"name": "示例新人", "username": "newcomer", "kind": "chief", "unit": admin.unit.code}
    refused = browser.post(reverse("person_new"), {**typed, "phone": "12"})
    assert refused.status_code == 422
    assert "示例新人" in refused.content.decode()
    shown = browser.post(reverse("person_new"), typed).content.decode()
    person = User.objects.get(username="newcomer")
    password = shown.split('id="first-password">')[1].split("<")[0]
    assert person.check_password(password)
    again = browser.post(reverse("person_password", args=(person.pk,))).content.decode()
    person.refresh_from_db()
    assert person.check_password(again.split('id="first-password">')[1].split("<")[0])
    assert not person.check_password(password)
    browser.post(reverse("person_account", args=(person.pk,)), {"do": "close"})
    person.refresh_from_db()
    assert not person.is_active


def test_a_unit_and_its_first_person_from_the_command_line(capsys):
    call_command("add_unit", "bureau", "SB", "示例公安局")
    call_command("add_unit", "station", "SS", "示例派出所", "--under", "SB")
    call_command("add_person", "SS", "desk", "示例内勤", "--kind", "desk", "--duty", "system")
    username, password = capsys.readouterr().out.split()[-2:]
    person = User.objects.get(username=username)
    assert person.check_password(password)
    assert (person.unit.parent.code, person.admin_duty) == ("SB", "system")
    for wrong in (
        ("add_unit", "station", "SS", "又一个"),
        ("add_unit", "bureau", "B2", "示例", "--under", "SS"),
        ("add_unit", "station", "S2", "示例", "--under", "NONE"),
        ("add_person", "NONE", "desk2", "示例", "--kind", "desk"),
        ("add_person", "SS", "desk", "示例", "--kind", "desk"),
        ("add_person", "SS", "b", "示例", "--kind", "bureau"),
    ):
        with pytest.raises(CommandError):
            call_command(*wrong)
