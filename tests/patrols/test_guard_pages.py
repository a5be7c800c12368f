"""The pages of guards: the ledger, keeping, answering, lists, and the enterprise's own."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from liaison.law.models import LegalBasis
from patrols.actions.duty_guards import put_all_on_duty
from patrols.models import Guard, GuardList
from tests import factories as make
from tests.factories.patrols import (
    ExpiredGuardFactory,
    ExpiringGuardFactory,
    GuardFactory,
    SelfRecruitedGuardFactory,
    UncertifiedGuardFactory,
    duty_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def enterprise():
    return make.AssignedEnterpriseFactory(name="示例食品有限公司")


def browser(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def desk(enterprise):
    return browser(make.DeskFactory(unit=enterprise.unit))


@pytest.fixture
def contact(enterprise):
    return browser(make.ContactUserFactory(enterprise=enterprise))


def form(**values):
    return {
        "name": "示例甲",
        "employer": "guard_company",
        "company": "示例保安",
        "certificate": "示证1",
        "certificate_until": (timezone.localdate() + timedelta(days=200)).isoformat(),
        "joined_on": "2026-01-05",
        "version": 1,
        **values,
    }


def names(answer):
    return {one.name for one in answer.context["page"].items}


def test_the_ledger_filters(desk, enterprise):
    today = timezone.localdate()
    guards = {
        "none": UncertifiedGuardFactory(enterprise=enterprise, name="无证"),
        "expired": ExpiredGuardFactory(enterprise=enterprise, name="过期"),
        "ending": ExpiringGuardFactory(enterprise=enterprise, name="快了"),
        "valid": GuardFactory(enterprise=enterprise, name="有效"),
    }
    own = SelfRecruitedGuardFactory(enterprise=enterprise, name="自招")
    gone = GuardFactory(enterprise=enterprise, name="走了", left_on=today)
    serving = {one.name for one in guards.values()} | {own.name}

    assert names(desk.get("/patrols/guards/")) == serving
    for state, guard in guards.items():
        found = names(desk.get(f"/patrols/guards/?certificate={state}"))
        assert found - {own.name} == {guard.name}
    assert names(desk.get("/patrols/guards/?present=gone")) == {gone.name}
    assert names(desk.get("/patrols/guards/?present=all")) == {*serving, gone.name}
    assert names(desk.get("/patrols/guards/?warned=on")) == {own.name}
    assert names(desk.get("/patrols/guards/?employer=self_recruited")) == {own.name}
    assert names(desk.get("/patrols/guards/?q=有效")) == {"有效"}
    assert names(desk.get(f"/patrols/guards/?enterprise={enterprise.pk}")) == serving
    assert names(desk.get("/patrols/guards/?enterprise=999999")) == set()


def test_the_export_is_what_is_shown(desk, enterprise):
    ExpiredGuardFactory(enterprise=enterprise, name="过期")
    GuardFactory(enterprise=enterprise, name="有效")

    content = b"".join(desk.get("/patrols/guards/export.xlsx?certificate=expired"))
    cells = [
        cell.value for line in openpyxl.load_workbook(io.BytesIO(content)).active for cell in line
    ]
    assert "过期" in cells
    assert "有效" not in cells
    text = b"".join(desk.get("/patrols/guards/export.csv")).decode("utf-8-sig")
    assert "过期" in text
    assert "有效" in text


def test_the_desk_adds_and_edits(desk, enterprise):
    answer = desk.post("/patrols/guards/new/", form(enterprise=enterprise.pk))
    guard = Guard.objects.get()
    assert answer["Location"] == f"/patrols/guards/{guard.pk}/"

    taken = desk.post("/patrols/guards/new/", form(enterprise=enterprise.pk, name="示例乙"))
    assert taken.status_code == 422
    assert "certificate" in taken.context["form"].errors
    assert desk.post(f"/patrols/guards/{guard.pk}/edit/", form(name="示例丙")).status_code == 302
    assert desk.post(f"/patrols/guards/{guard.pk}/edit/", form(name="示例丁")).status_code == 409
    assert Guard.objects.get().name == "示例丙"


def test_the_page_says_which_nights_it_costs_and_then_does_it(desk, enterprise):
    guard = GuardFactory(enterprise=enterprise)
    night = timezone.localdate() + timedelta(days=3)
    put_all_on_duty([(duty_of(enterprise, night), [guard])])
    where, fields = f"/patrols/guards/{guard.pk}/leave/", {"left_on": night.isoformat()}

    refused = desk.post(where, {**fields, "version": 1})
    assert refused.status_code == 422
    assert 'type="checkbox"' in str(refused.context["form"]["off_duty"])
    assert guard.duties.exists()

    assert desk.post(where, {**fields, "version": 1, "off_duty": "on"}).status_code == 302
    assert not guard.duties.exists()
    assert desk.get(where).status_code == 404
    assert desk.get(f"/patrols/guards/{guard.pk}/").status_code == 200


def test_a_warning_is_listed_answered_and_in_the_history(desk, enterprise):
    guard = SelfRecruitedGuardFactory(enterprise=enterprise)
    basis = LegalBasis.objects.create(title="示例条例", article="第一条")
    assert guard.name in desk.get("/patrols/guards/warnings/").content.decode()
    where = f"/patrols/guards/{guard.pk}/answer/"
    assert desk.get(where).status_code == 200

    fields = {"verdict": "admitted", "reason": "已受训", "version": 1}
    assert desk.post(where, fields).status_code == 422
    assert desk.post(where, {**fields, "legal_basis": basis.pk}).status_code == 302

    page = desk.get("/patrols/guards/warnings/")
    assert names(page) == set()
    assert "已受训" in page.content.decode()


def test_a_list_goes_through_preview_to_guards_and_back(desk, enterprise):
    content = desk.get("/patrols/guards/list.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(content)))
    sheet = book.active
    head = next(
        line for line in sheet.iter_rows() if any(cell.value == "保安员证号" for cell in line)
    )
    sheet.delete_rows(head[0].row + 1)
    sheet.append(
        [enterprise.name, "示例甲", "13800000001", "自招", "", "示证1", "2027年3月5日", ""]
    )
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    file.name = "名单.xlsx"

    answer = desk.post("/patrols/guards/lists/new/", {"file": file})
    where = answer["Location"]
    assert "示例甲" in desk.get(where).content.decode()
    assert not Guard.objects.exists()
    desk.post(f"{where}apply/")
    assert Guard.objects.get().certificate == "示证1"
    assert GuardList.objects.get().filename in desk.get("/patrols/guards/lists/").content.decode()
    desk.post(f"{where}undo/")
    assert not Guard.objects.exists()
    assert desk.get(where).status_code == 200


def test_a_file_that_is_no_list_is_refused_beside_the_field(desk):
    file = io.BytesIO("天气,晴\n".encode())
    file.name = "x.csv"
    answer = desk.post("/patrols/guards/lists/new/", {"file": file})
    assert answer.status_code == 422
    assert "file" in answer.context["form"].errors


def test_an_enterprise_keeps_its_own_guards_and_no_others(contact, enterprise):
    other = GuardFactory()
    contact.post("/portal/guards/new/", form(enterprise=enterprise.pk))
    guard = Guard.objects.get(enterprise=enterprise)

    page = contact.get("/portal/guards/").content.decode()
    assert guard.name in page
    assert other.name not in page
    assert contact.get(f"/portal/guards/{other.pk}/edit/").status_code == 404
    edited = contact.post(f"/portal/guards/{guard.pk}/edit/", form(name="示例乙"))
    assert edited["Location"] == "/portal/guards/"
    today = timezone.localdate().isoformat()
    contact.post(f"/portal/guards/{guard.pk}/leave/", {"version": 2, "left_on": today})
    guard.refresh_from_db()
    assert (guard.name, guard.left_on) == ("示例乙", timezone.localdate())
    wrong = contact.post("/portal/guards/new/", form(enterprise=other.enterprise.pk))
    assert wrong.status_code == 422
