"""Voice notes: recorded at a gate without a network, kept like photos, played at the station."""

import base64
import json

import pytest
from playwright.sync_api import expect

from issues.models import Attachment
from liaison.evidence.models import Evidence
from tests import factories as make
from tests.e2e.phone.handset import SCREEN, Handset, wait_for_worker
from visits.models import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# A microphone that beeps once a second.
HEARS = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
RECORD = '[data-photos="visit"] [data-record]'
NOTES = '[data-photos="visit"] audio'
# What the person would say no to.
REFUSES = """navigator.mediaDevices.getUserMedia = async () => {
  throw new DOMException("no", "NotAllowedError");
};"""
CANNOT = "delete window.MediaRecorder;"
PLAYED = """async (audio) => {
  audio.muted = true;
  await audio.play();
  return audio.duration;
}"""


@pytest.fixture(scope="module")
def listening(playwright, how_started):
    running = playwright.chromium.launch(**{**how_started, "args": how_started["args"] + HEARS})
    yield running
    running.close()


@pytest.fixture
def handsets(listening, live_server):
    made = []

    def new(**options):
        made.append(Handset(listening, live_server.url, permissions=["microphone"], **options))
        return made[-1]

    yield new
    problems = [problem for one in made for problem in one.problems]
    for one in made:
        one.context.close()
    assert not problems


def at_form(phone, enterprise, path="/m/visits/new/"):
    phone.page.goto(f"{path}?enterprise={enterprise.pk}")
    expect(phone.page.locator("form")).to_be_visible()
    return phone.page


def record(page, milliseconds=2000, where=RECORD):
    tile = page.locator(where)
    tile.tap()
    expect(tile.locator("[data-busy]")).to_be_visible()
    page.wait_for_timeout(milliseconds)


def recorded(page, milliseconds=2000, where=RECORD, notes=NOTES):
    before = page.locator(notes).count()
    record(page, milliseconds, where)
    page.locator(where).tap()
    expect(page.locator(notes)).to_have_count(before + 1)


def save(page, name="保存走访"):
    page.get_by_role("button", name=name).tap()
    expect(page.locator("#head .toast")).to_contain_text("已保存到手机")


def test_said_without_a_network_and_heard_at_the_station(phone, enterprise):
    wait_for_worker(phone.page)
    page = at_form(phone, enterprise)
    tile = page.locator(RECORD)
    assert tile.bounding_box()["height"] >= 44
    with phone.offline():
        record(page, 2500)
        expect(tile.locator("[data-time]")).to_have_text("0:02 / 5:00")
        tile.tap()
        expect(page.locator(NOTES)).to_have_count(1)
        expect(tile.locator("[data-busy]")).to_be_hidden()
        assert page.evaluate("document.documentElement.scrollWidth") == SCREEN["width"]
        # It can be listened to at once, and survives the page.
        assert page.locator(NOTES).evaluate(PLAYED) > 0
        expect(page.locator('[data-photos="visit"] .sound small')).to_have_text("0:03")
        page.get_by_label("情况", exact=True).fill("负责人口述见录音")
        save(page)
        [row] = phone.get("phone.operations")
        [id_] = row["photos"]
        kept = phone.run("return phone.store.read('photos', given);", id_)
        assert (kept["type"], kept["name"]) == ("audio/webm", f"{id_[:8]}.webm")
        page.goto(f"/m/outbox/{row['client_id']}/")
        expect(page.locator(".thumbs audio")).to_have_count(1)
    phone.until("!phone.operations.length")
    visit = Visit.objects.get()
    note = visit.files.get().evidence
    assert (note.content_type, note.suffix) == ("audio/mp4", ".m4a")
    assert 2 <= note.seconds <= 4

    desk = phone.context.new_page()
    desk.goto(f"/visits/{visit.pk}/")
    audio = desk.locator(".pictures audio")
    expect(audio).to_have_attribute("preload", "none")
    assert audio.evaluate(PLAYED) == pytest.approx(note.seconds, abs=0.8)


def test_several_in_their_order_and_one_taken_back(phone, enterprise):
    page = at_form(phone, enterprise)
    recorded(page, 800)
    recorded(page, 800)
    page.locator('[data-photos="visit"] .sound button').first.tap()
    expect(page.locator(NOTES)).to_have_count(1)
    # Said and not written: that is a visit.
    save(page)
    phone.until("!phone.operations.length")
    assert Visit.objects.get().files.count() == Evidence.objects.count() == 1


def test_what_is_being_said_when_it_is_saved_belongs_to_it(phone, enterprise):
    page = at_form(phone, enterprise)
    record(page, 1200)
    save(page)
    phone.until("!phone.operations.length")
    assert Visit.objects.get().files.get().evidence.is_recording


def test_leaving_the_screen_stops_and_keeps_it(phone, enterprise):
    page = at_form(phone, enterprise)
    address = page.url
    record(page, 1200)
    page.locator("#tabs a").first.tap()
    expect(page.locator("form")).to_have_count(0)
    assert phone.get("(await phone.drafts())[0].value.photos.length") == 1
    page.goto(address)
    expect(page.locator(NOTES)).to_have_count(1)


def test_it_shows_nothing_of_what_was_found(phone, enterprise):
    """A finding's picture shows how it was; what was said of it is with it and no more."""
    page = at_form(phone, enterprise)
    page.get_by_label("情况", exact=True).fill("看了仓库")
    page.locator("[data-add-finding]").tap()
    finding = page.locator(".finding")
    finding.get_by_label("什么问题").fill("消防通道堆料")
    finding.get_by_label("类别").select_option("hazard")
    recorded(page, 800, ".finding [data-record]", ".finding audio")
    save(page)
    phone.until("!phone.operations.length")
    [attached] = Attachment.objects.all()
    assert (attached.proof, attached.evidence.is_recording) == ("other", True)


def test_what_is_unsent_is_carried_off_as_what_it_is(phone, enterprise):
    page = at_form(phone, enterprise)
    with phone.without_network():
        recorded(page, 800)
        save(page)
        told = json.loads(phone.run("return (await phone.exportUnsent()).text();"))
    [note] = told["photos"]
    assert (note["type"], note["name"][-5:]) == ("audio/webm", ".webm")
    assert base64.b64decode(note["data"]).startswith(b"\x1a\x45\xdf\xa3")


def test_a_microphone_that_is_refused_costs_nothing(handsets, officer, enterprise):
    phone = handsets(init_script=REFUSES).signed_in(officer)
    page = at_form(phone, enterprise)
    page.get_by_label("情况", exact=True).fill("写到一半")
    page.locator(RECORD).tap()
    expect(page.locator("#head .toast")).to_be_visible()
    expect(page.locator(f"{RECORD} [data-busy]")).to_be_hidden()
    expect(page.locator(NOTES)).to_have_count(0)
    expect(page.get_by_label("情况", exact=True)).to_have_value("写到一半")
    save(page)
    phone.until("!phone.operations.length")
    assert Visit.objects.get().summary == "写到一半"


def test_a_browser_that_cannot_record_offers_nothing(handsets, officer, enterprise):
    phone = handsets(init_script=CANNOT).signed_in(officer)
    page = at_form(phone, enterprise)
    expect(page.locator(RECORD)).to_be_hidden()
    expect(page.locator('[data-photos="visit"] .camera').first).to_be_visible()


def test_no_more_than_the_server_takes(phone, enterprise):
    page = at_form(phone, enterprise)
    from_album = page.locator('[data-photos="visit"] input[multiple]')
    picture = {"name": "a.png", "mimeType": "image/png", "buffer": make.picture_bytes("red")}
    from_album.set_input_files([picture] * 22)
    expect(page.locator('[data-photos="visit"] img')).to_have_count(20)
    expect(page.locator("#head .toast")).to_contain_text("20")
    page.locator(RECORD).tap()
    expect(page.locator(f"{RECORD} [data-busy]")).to_be_hidden()
    page.get_by_label("情况", exact=True).fill("照片很多")
    save(page)
    phone.until("!phone.operations.length")
    assert Visit.objects.get().files.count() == 20
