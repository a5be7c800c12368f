"""The catalogue: what a station promises, its items, the law they rest on."""

import pytest

from green_channel.actions import save_local_term
from green_channel.models import Item, LocalTerm
from liaison.accounts.models import User
from liaison.law.models import LegalBasis
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_a_chief_sets_the_stations_promise_and_takes_it_back(client):
    unit = make.StationFactory()
    client.force_login(make.ChiefFactory(unit=unit))
    item = make.shared_item("passport")
    where = f"/green/items/{item.pk}/"
    long = client.post(f"{where}local/", {"promised": "30", "place": "二号窗口"})
    assert long.status_code == 422
    assert "二号窗口" in long.content.decode()
    assert client.post(f"{where}local/", {"promised": "5", "place": ""}).status_code == 302
    assert LocalTerm.objects.get().promised == 5
    assert client.post(f"{where}local/", {"promised": "", "place": ""}).status_code == 302
    assert not LocalTerm.objects.exists()


def test_the_chief_adds_an_item_and_the_top_changes_the_shared_ones(client):
    unit = make.StationFactory()
    client.force_login(make.ChiefFactory(unit=unit))
    new = {
        "version": 1, "code": "site-talk", "name": "上门采集", "name_en": "At the plant",
        "audience": "workers", "counted": "working_days", "promised": "3", "extension_days": "0",
        "handover": "either", "offered": "on",
        "needs-TOTAL_FORMS": 1, "needs-INITIAL_FORMS": 0, "needs-0-name": "名单",
        "needs-0-form": "form", "needs-0-copies": 1, "needs-0-required": "on",
    }  # fmt: skip
    assert client.post("/green/items/new/", {**new, "statutory": "2"}).status_code == 422
    assert client.post("/green/items/new/", new).status_code == 302
    item = Item.objects.get(code="site-talk")
    assert (item.unit, item.requirements.get().name) == (unit, "名单")
    shared = make.shared_item("passport")
    edit = f"/green/items/{shared.pk}/edit/"
    assert client.get(edit).status_code == 404
    save_local_term(shared, unit, {"promised": 12}, by=make.ChiefFactory(unit=unit))
    top = make.BureauUserFactory(unit=unit.parent, admin_duty=User.AdminDuty.SYSTEM)
    client.force_login(top)
    change = {
        **new, "name": shared.name, "name_en": shared.name_en, "counted": "calendar_days",
        "statutory": "10", "promised": "", "version": shared.version,
    }  # fmt: skip
    assert client.post(edit, change).status_code == 302
    shared.refresh_from_db()
    assert shared.statutory == 10
    assert LocalTerm.objects.get().promised == 10
    assert client.post(edit, change).status_code == 409


def test_legal_bases_are_kept_by_version(client):
    top = make.BureauUserFactory(admin_duty=User.AdminDuty.SYSTEM)
    client.force_login(top)
    again = {"title": "中华人民共和国护照法", "article": "第六条", "version": "2006年公布"}
    assert client.post("/green/bases/", again).status_code == 422
    new = {**again, "version": "2027年修订", "effective_on": "2027-07-01"}
    assert client.post("/green/bases/", new).status_code == 302
    assert LegalBasis.objects.filter(title=new["title"]).count() == 2
    client.force_login(make.ChiefFactory())
    assert client.post("/green/bases/", {**new, "version": "x"}).status_code == 404
