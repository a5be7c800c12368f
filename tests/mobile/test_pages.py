"""The phone's page, its worker and its manifest: the same for everybody, and about nobody."""

import json
import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings as site
from django.templatetags.static import static
from django.test import Client

from tests import factories as make

pytestmark = pytest.mark.django_db
WORKER, MANIFEST = "/m/worker.js", "/m/manifest.webmanifest"
SCREENS = ("/m/", "/m/visits/new/", "/m/visits/new/?enterprise=7", "/m/whatever/there/is")
SCRIPTS = "js/phone"


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def officer():
    return make.OfficerFactory(name="示例长姓名")


@pytest.fixture
def sources(settings, tmp_path):
    """A copy of our static files, which a test may change."""
    shutil.copytree(site.BASE_DIR / "static", tmp_path / "static")
    settings.BASE_DIR = tmp_path
    settings.STATICFILES_DIRS = [tmp_path / "static"]
    return tmp_path / "static"


def kept_by(worker):
    listed = re.search(r"FILES = \[(.*?)\]", worker, re.DOTALL)[1]
    return [json.loads(one) for one in re.findall(r'"[^"]+"', listed)]


def version_of(worker):
    return re.search(r'KEPT = "liaison-shell-(\w+)"', worker)[1]


def worker(client=None):
    return (client or Client()).get(WORKER).content.decode()


def is_there(address):
    answer = Client().get(address)
    answer.close()
    return answer.status_code == 200


@pytest.mark.parametrize("path", SCREENS)
def test_who_is_not_signed_in_is_sent_to_do_so_and_comes_back(path, officer):
    answer = Client().get(path)
    assert answer.status_code == 302
    where = answer["Location"]
    assert where.startswith("/accounts/sign-in/?next=/m/")
    given = {"username": officer.username, "password": make.PASSWORD, "next": path}
    assert Client().post("/accounts/sign-in/", given)["Location"] == path


def test_the_page_is_the_same_for_everybody_and_everywhere(officer):
    """So that it can be kept: it holds no name and no id of anybody."""
    people = [
        officer,
        make.AuxiliaryFactory(unit=officer.unit),
        make.ChiefFactory(),
        make.DeskFactory(unit=None),
    ]
    pages = {client_of(one).get(path).content for one in people for path in SCREENS}
    assert len(pages) == 1
    page = pages.pop().decode()
    for told in (officer.name, officer.username, officer.phone, officer.unit.name, "csrf"):
        assert told not in page


def test_the_page_is_not_left_behind_in_the_browsers_own_cache(officer):
    assert client_of(officer).get("/m/")["Cache-Control"] == "private, no-store"


def test_for_whom_the_phone_is_not_there_is_no_page(officer):
    enterprise = make.AssignedEnterpriseFactory(unit=officer.unit)
    for one in (
        make.BureauUserFactory(unit=officer.unit.parent),
        make.ContactUserFactory(enterprise=enterprise),
    ):
        for path in SCREENS:
            assert client_of(one).get(path).status_code == 404


@pytest.mark.parametrize("path", [*SCREENS, WORKER, MANIFEST])
def test_they_are_only_looked_at(path, officer):
    assert client_of(officer).post(path).status_code == 405


def test_a_password_of_ones_own_comes_first(officer):
    officer.must_change_password = True
    officer.save()
    assert client_of(officer).get("/m/")["Location"] == "/accounts/password/"


def test_the_worker_keeps_every_script_that_exists_and_each_of_them_is_there():
    folder = site.BASE_DIR / "static"
    scripts = {str(one.relative_to(folder)) for one in (folder / SCRIPTS).rglob("*.js")}
    for one in list(scripts):
        # What they import from elsewhere too.
        text = (folder / one).read_text()
        scripts |= {f"js/{name}" for name in re.findall(r'import "\.\./([\w-]+\.js)"', text)}
    # And what that imports.
    scripts.add("js/live.js")
    assert len(scripts) > 30
    kept = kept_by(worker())
    assert {static(one) for one in scripts} == {one for one in kept if one.endswith(".js")}
    assert [one for one in kept if not is_there(one)] == []


def test_the_worker_keeps_all_that_the_page_asks_for(officer):
    page = client_of(officer).get("/m/").content.decode()
    asked = set(re.findall(r'<(?:link|script|img)[^>]* (?:href|src)="([^"]+)"', page))
    assert asked - {MANIFEST} <= set(kept_by(worker()))


def test_the_worker_is_the_same_as_long_as_nothing_changes(officer):
    assert worker() == worker(client_of(officer)) == worker(client_of(make.ChiefFactory()))


def test_another_script_another_sheet_or_less_of_them_is_another_worker(sources):
    seen = [version_of(worker())]

    def is_new():
        now = version_of(worker())
        assert now not in seen
        seen.append(now)

    one = next((sources / SCRIPTS).rglob("*.js"))
    before = one.read_bytes()
    one.write_bytes(before + b"// changed\n")
    is_new()
    added = sources / SCRIPTS / "screens" / "added-by-a-test.js"
    added.parent.mkdir(exist_ok=True)
    added.write_text("export const added = 1;\n")
    is_new()
    assert f"/static/{SCRIPTS}/screens/added-by-a-test.js" in kept_by(worker())
    with Path(sources / "css/phone.css").open("a") as sheet:
        sheet.write("\n")
    is_new()
    added.unlink()
    is_new()


def test_the_worker_is_asked_for_anew_and_answers_for_the_cards_at_the_gates():
    answer = Client().get(WORKER)
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert answer["Service-Worker-Allowed"] == "/"


def test_the_manifest_says_what_the_application_is():
    answer = Client().get(MANIFEST)
    assert answer["Content-Type"] == "application/manifest+json"
    told = answer.json()
    assert (told["start_url"], told["scope"], told["display"]) == ("/m/", "/m/", "standalone")
    assert told["name"] == "警企通"
    assert told["short_name"]
    assert told["lang"] == "zh-hans"
    assert {one["purpose"] for one in told["icons"] if "purpose" in one} == {"maskable"}
    assert all(is_there(icon["src"]) for icon in told["icons"])
