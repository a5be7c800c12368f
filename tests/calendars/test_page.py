"""The administrator's page: the known years, a file taken in, the station's hours."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from liaison.accounts.models import User
from liaison.audit.models import Entry
from liaison.calendars.actions import set_working_hours, written
from liaison.calendars.models import CalendarDay
from liaison.calendars.work_time import hours_of
from liaison.core.refused import Refused
from liaison.core.workdays import OFFICE_HOURS
from tests import factories as make
from tests.calendars.plan import PLAN_2027, as_csv, known_years

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return make.DeskFactory(admin_duty=User.AdminDuty.SYSTEM)


@pytest.fixture
def client(admin):
    client = Client()
    client.force_login(admin)
    client.cookies["django_language"] = "en"
    return client


def upload(client, content, name="2027.csv"):
    return client.post("/calendar/", {"file": SimpleUploadedFile(name, content)}, follow=True)


def test_it_lists_the_known_years_and_a_file_adds_one(client, admin, time_machine):
    time_machine.move_to("2026-11-26T10:00:00+08:00")
    client.force_login(admin)
    page = client.get("/calendar/").content.decode()
    assert "<b>2026</b>" in page
    assert '<b>2027</b> <span class="tag amber">not imported yet</span>' in page
    assert page.count("not imported yet") == 1
    answer = upload(client, as_csv(PLAN_2027))
    assert answer.redirect_chain == [("/calendar/", 302)]
    page = answer.content.decode()
    assert "<b>2027</b>" in page
    assert "not imported yet" not in page
    assert f"2027: {len(PLAN_2027)} dates added, 0 changed, 0 as they were" in page
    assert "2027.csv" in page
    assert "is the file whole?" not in page


def test_half_a_year_is_taken_with_a_warning(client):
    page = upload(client, as_csv(PLAN_2027[:2])).content.decode()
    assert "2027 lacks 1 January, 1 May or 1 October" in page


def test_wrong_rows_are_told_and_nothing_is_written(client):
    content = as_csv(PLAN_2027) + "\n2027-13-01,节假日,元旦\n2027-06-01,也许,x".encode()
    answer = upload(client, content)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"Row {len(PLAN_2027) + 2}:" in page
    assert f"Row {len(PLAN_2027) + 3}:" in page
    assert "“也许” is none of: 节假日、调休上班、正常." in page
    assert not CalendarDay.objects.filter(on__year=2027).exists()


def test_many_wrong_rows_are_told_in_part(client):
    page = upload(client, b"date,kind\n" + b"never,holiday\n" * 30).content.decode()
    assert "Row 2:" in page
    assert "10 more rows are wrong." in page


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"name,other\nx,y\n"])
def test_what_is_no_calendar_is_told(client, content):
    assert upload(client, content).status_code == 422
    assert known_years() == [2025, 2026]


def test_nobody_else_finds_it(admin):
    for person in (
        make.ChiefFactory(unit=admin.unit),
        make.DeskFactory(unit=admin.unit, admin_duty="audit"),
    ):
        stranger = Client()
        stranger.force_login(person)
        assert stranger.get("/calendar/").status_code == 404
        assert 'href="/calendar/"' not in stranger.get("/").content.decode()
    mine = Client()
    mine.force_login(admin)
    assert 'href="/calendar/"' in mine.get("/").content.decode()


# --- hours ------------------------------------------------------------------------------------


def test_hours_are_the_units_own_or_those_above(client, admin):
    unit = admin.unit
    assert hours_of(unit) == OFFICE_HOURS
    above = make.BureauUserFactory(unit=unit.parent, admin_duty="system")
    set_working_hours(unit.parent, "9:00-17:00", by=above)
    assert written(hours_of(unit)) == "09:00-17:00"
    answer = client.post("/calendar/hours/", {"windows": "08:00-12:00、20:00—04:00"}, follow=True)
    assert answer.redirect_chain == [("/calendar/", 302)]
    assert 'value="08:00-12:00, 20:00-04:00"' in answer.content.decode()
    assert written(hours_of(unit.parent)) == "09:00-17:00"
    assert Entry.objects.filter(action="unit.hours_set", unit=unit).count() == 1
    set_working_hours(unit, "", by=admin)
    assert written(hours_of(unit)) == "09:00-17:00"


@pytest.mark.parametrize(
    "text", ["8-12", "25:00-26:00", "08:00-12:00, 11:00-13:00", "13:00-17:00, 08:00-12:00", "随便"]
)
def test_hours_that_cannot_be_are_refused_and_kept_on_the_page(client, admin, text):
    answer = client.post("/calendar/hours/", {"windows": text})
    assert answer.status_code == 422
    assert f'value="{text}"' in answer.content.decode()
    assert hours_of(admin.unit) == OFFICE_HOURS


def test_another_units_hours_are_not_ones_own(admin):
    for unit, by in ((make.StationFactory(), admin), (admin.unit, make.ChiefFactory())):
        with pytest.raises(Refused) as refused:
            set_working_hours(unit, "09:00-17:00", by=by)
        assert refused.value.code == "not_yours"
