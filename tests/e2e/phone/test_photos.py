"""Photos: scaled down, kept as bytes under an id of their own, sent in pieces that go on where they
stopped."""

import base64
import io
import json

import pytest
from PIL import Image

from issues.models import Issue
from liaison.evidence.models import Evidence
from liaison.mobile.models import Upload
from tests import factories as make
from tests.e2e.phone.handset import OUTBOX, UPLOADS, Refused, lost, lost_answer, says, says_json
from tests.e2e.phone.work import form, issue, visit
from visits.models import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# As every capture on some phones is called.
NAME = "image.jpg"
TAKE = """
  const bytes = Uint8Array.from(atob(given.content), (one) => one.charCodeAt(0));
  return phone.takePhoto(new File([bytes], given.name, { type: given.type }), given.draft);
"""


def noisy(size, orientation=None):
    """A JPEG that does not get small: of several pieces."""
    picture = Image.effect_noise(size, 90).convert("RGB")
    out, exif = io.BytesIO(), Image.Exif()
    if orientation:
        exif[0x0112] = orientation
    exif[0x010F] = "示例相机"
    picture.save(out, "JPEG", quality=90, exif=exif)
    return out.getvalue()


def picture_of(evidence):
    with evidence.file.open() as file:
        return Image.open(io.BytesIO(file.read()))


@pytest.fixture
def take(phone):
    def shot(content, draft="a-draft", **more):
        text = base64.b64encode(content).decode()
        given = {"content": text, "name": NAME, "type": "image/jpeg", "draft": draft, **more}
        return phone.run(TAKE, given)

    return shot


def shown(enterprise, *photos):
    """A visit with a finding that these photos show."""
    files = [{"upload": one["id"], "proof": "before"} for one in photos]
    finding = {"kind": "hazard", "title": "堆料", "evidence": files}
    sent = visit(enterprise, findings=[finding])
    return {**sent, "photos": [one["id"] for one in photos], "draft": "a-draft"}


def test_a_photo_is_scaled_down_turned_upright_and_tells_nothing_else(phone, take, enterprise):
    photo = take(noisy((2400, 1800), orientation=6))
    assert (photo["width"], photo["height"]) == (1200, 1600)
    assert phone.run("return (await phone.shownPhoto(given)).url;", photo["id"]).startswith("blob:")
    phone.put(shown(enterprise, photo))
    phone.until("!phone.operations.length")
    kept = Evidence.objects.get()
    picture = picture_of(kept)
    assert picture.size == (1200, 1600)
    assert not picture.getexif()


def test_what_is_no_picture_is_said_at_once(phone, take):
    with pytest.raises(Refused, match="no_picture"):
        take(b"no picture", type="image/heic")
    with pytest.raises(Refused, match="no_picture"):
        take(b"")


def test_photos_of_one_name_are_different_photos(phone, take, enterprise):
    """27: photos keyed by file name: every capture is image.jpg; Blobs in IndexedDB are lost."""
    red, blue = (take(make.picture_bytes(colour, (64, 48))) for colour in ("red", "blue"))
    assert red["id"] != blue["id"]
    kept = phone.run(
        "return (await phone.store.read('bytes', given)).data instanceof ArrayBuffer;", red["id"]
    )
    assert kept is True
    phone.put(shown(enterprise, red, blue))
    phone.until("!phone.operations.length")
    colours = set()
    for one in Evidence.objects.all():
        colours.add(max(zip(picture_of(one).getpixel((3, 3)), "rgb", strict=True))[1])
    assert colours == {"r", "b"}
    assert Issue.objects.count() == 1


def test_a_photo_goes_on_where_it_stopped(phone, take, enterprise):
    photo = take(noisy((1600, 1200)))
    assert photo["size"] > 3 * 256 * 1024
    sent = []

    def breaks_after_two(route):
        if route.request.method == "PATCH":
            sent.append(int(route.request.headers["upload-offset"]))
            if len(sent) == 3:
                # It has arrived, and the phone does not hear of it.
                return lost_answer(route)
        return route.fallback()

    with phone.answered(UPLOADS, breaks_after_two):
        phone.put(shown(enterprise, photo))
        phone.until("phone.operations[0].code === 'offline' && !phone.sending")
        assert phone.get("phone.counts.photos") == 1
        assert Upload.objects.get().received == 3 * 256 * 1024
        # Also in a new page.
        phone.opened()
        phone.until("phone.person && !phone.operations.length")
    assert sent[:4] == [0, 256 * 1024, 512 * 1024, 768 * 1024]
    assert sent == sorted(set(sent))
    assert Evidence.objects.count() == Visit.objects.count() == 1


def test_words_do_not_wait_for_the_photos_of_others(phone, take, officer, enterprise):
    other = make.AssignedEnterpriseFactory(unit=officer.unit, officer=officer)
    with phone.without_network():
        photo = take(make.picture_bytes("red", (64, 48)))
        phone.put(shown(enterprise, photo))
        # Behind it, at the same enterprise: in its order.
        phone.put(issue(enterprise))
        phone.put(visit(other))
    with phone.answered(UPLOADS, lost):
        rows = phone.send()
        assert rows == [("waiting", "offline"), ("waiting", "")]
    assert Visit.objects.get().enterprise == other
    assert phone.send() == []
    assert Visit.objects.count() == 2


def test_a_photo_that_the_server_does_not_take_is_told(phone, take, enterprise):
    refused = {"code": "too_big", "message": "太大", "field": "size"}
    photo = take(make.picture_bytes("red", (64, 48)))
    with phone.answered(UPLOADS, says_json(422, refused)):
        phone.put(shown(enterprise, photo))
        phone.until("phone.counts.refused")
    [row] = phone.get("phone.operations")
    assert (row["code"], row["message"], row["object"]["upload"]) == (
        "file_refused",
        "太大",
        photo["id"],
    )
    # Its person takes it off.
    draft = phone.run("return phone.reopen(given);", row["client_id"])
    phone.run("await phone.dropPhoto(given);", photo["id"])
    phone.put({**shown(enterprise), "draft": draft})
    phone.until("!phone.operations.length")
    assert Visit.objects.count() == 1


def test_a_photo_that_arrives_damaged_begins_anew(phone, take, enterprise):
    wrong = {"code": "wrong_checksum", "message": "", "field": "sha256"}
    answers = iter([says_json(422, wrong)])

    def first_piece(route):
        if route.request.method == "PATCH":
            return next(answers, lambda route: route.fallback())(route)
        return route.fallback()

    photo = take(make.picture_bytes("red", (64, 48)))
    with phone.answered(UPLOADS, first_piece):
        phone.put(shown(enterprise, photo))
        phone.until("!phone.operations.length")
    assert Evidence.objects.count() == 1


def test_a_file_that_the_server_has_lost_is_sent_again(phone, take, enterprise):
    photo = take(make.picture_bytes("red", (64, 48)))
    with phone.answered(OUTBOX, lost):
        phone.put(shown(enterprise, photo))
        phone.until("phone.operations[0].code === 'offline' && !phone.counts.photos")
    Upload.objects.all().delete()
    assert phone.send() == [("waiting", "file_missing")]
    assert phone.send() == []
    assert Visit.objects.count() == 1


@pytest.mark.parametrize("answer", [says(302, Location="/"), says(200), says(413), says(500)])
def test_a_photo_is_not_taken_for_sent(phone, take, enterprise, answer):
    photo = take(make.picture_bytes("red", (64, 48)))
    with phone.answered(UPLOADS, answer):
        phone.put(shown(enterprise, photo))
        phone.until("phone.operations[0].code && !phone.sending")
        assert phone.get("phone.counts.photos") == 1
    assert phone.send() == []
    assert Evidence.objects.count() == 1


def test_what_is_done_and_what_is_dropped_leaves_no_photo(phone, take, enterprise):
    with phone.without_network():
        for draft in ("first", "second"):
            photo = take(make.picture_bytes("red", (64, 48)), draft=draft)
            phone.put({**shown(enterprise, photo), "draft": draft})
        take(make.picture_bytes("blue", (64, 48)), draft="third")
        phone.run("await phone.saveDraft('third', given);", form())
        phone.run("await phone.drop(phone.operations[0].client_id);")
        phone.run("await phone.dropDraft('third');")
    assert phone.send() == []
    for store in ("photos", "bytes"):
        assert phone.run("return phone.store.readAll(given);", store) == []
    assert Visit.objects.count() == 1


def test_sends_say_whose_photo_it_is(phone, take, officer, enterprise):
    with phone.answered(UPLOADS, lambda route: route.fallback()) as asked:
        phone.put(shown(enterprise, take(make.picture_bytes("red", (64, 48)))))
        phone.until("!phone.operations.length")
    announced = json.loads(asked[0])
    assert (announced["user"], announced["content_type"]) == (officer.pk, "image/jpeg")
