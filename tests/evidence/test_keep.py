"""Taking files in: written anew, by content, within limits."""

import hashlib
import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from liaison.core.refused import Refused
from liaison.evidence.actions import keep
from liaison.evidence.models import Evidence
from tests import factories as make

pytestmark = pytest.mark.django_db
SECRET = "N36.86 E120.53"


@pytest.fixture
def officer():
    return make.OfficerFactory()


def upload(content, name="a.jpg"):
    return SimpleUploadedFile(name, content)


def picture(kind, size=(40, 20), mode="RGB", **more):
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **more)
    return out.getvalue()


def refusal(content, officer, name="a.jpg"):
    with pytest.raises(Refused) as refused:
        keep(upload(content, name), by=officer)
    assert not Evidence.objects.exists()
    return refused.value.code


def with_metadata():
    exif = Image.Exif()
    exif[0x010E] = SECRET
    exif.get_ifd(0x8825)[1] = "N"
    text = PngInfo()
    text.add_text("Comment", SECRET)
    return {
        "JPEG": picture("JPEG", exif=exif, comment=SECRET.encode()),
        "PNG": picture("PNG", pnginfo=text),
        "WEBP": picture("WEBP", exif=exif),
        "appended": picture("JPEG") + b"PK\x03\x04" + SECRET.encode(),
    }


@pytest.mark.parametrize("kind", with_metadata())
def test_nothing_but_the_picture_stays(kind, officer):
    sent = with_metadata()[kind]
    kept = keep(upload(sent), by=officer)
    with kept.file.open("rb") as file:
        stored = file.read()
    assert SECRET.encode() not in stored
    assert b"PK\x03\x04" not in stored
    with Image.open(io.BytesIO(stored)) as drawn:
        assert drawn.size == (kept.width, kept.height) == (40, 20)
        assert not drawn.getexif()
        assert not {"comment", "Comment", "exif", "icc_profile"} & set(drawn.info)
    assert (kept.size, kept.sha256) == (len(stored), hashlib.sha256(stored).hexdigest())


def test_it_is_turned_upright(officer):
    exif = Image.Exif()
    exif[0x0112] = 6
    kept = keep(upload(picture("JPEG", exif=exif)), by=officer)
    assert (kept.width, kept.height) == (20, 40)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_pixel(mode, officer):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    kept = keep(upload(picture(kind, mode=mode)), by=officer)
    with kept.file.open("rb") as file, Image.open(file) as drawn:
        drawn.load()
        assert drawn.size == (40, 20)


@pytest.mark.parametrize("name", ["a.exe", "../../etc/passwd", "图.jpg", "x" * 300, "a.php\n.jpg"])
def test_the_type_is_in_the_content_and_the_name_is_no_path(name, officer, settings):
    kept = keep(upload(picture("PNG"), name), by=officer)
    assert (kept.content_type, kept.suffix) == ("image/png", ".png")
    assert kept.file.name == f"evidence/{kept.made_at:%Y/%m}/{kept.pk}.png"
    assert Path(kept.file.path).is_relative_to(settings.MEDIA_ROOT)


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>",
        b"<html><script>1</script></html>",
        b"MZ\x90\x00",
        b"PK\x03\x04",
        b"just words",
        picture("GIF"),
        picture("BMP"),
        picture("TIFF"),
        b"\x00" * 100,
    ],
)
def test_other_types_are_refused_by_their_content(content, officer):
    assert refusal(content, officer, "photo.jpg") == "wrong_type"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.3, 0.7, 0.95])
def test_a_file_that_was_cut_off_is_refused(kind, part, officer):
    out = io.BytesIO()
    Image.effect_noise((200, 200), 80).convert("RGB").save(out, kind)
    whole = out.getvalue()
    cut = whole[: int(len(whole) * part)]
    assert refusal(cut, officer) in ("unreadable_file", "wrong_type")


def test_an_empty_and_a_huge_file_are_refused(officer, settings):
    assert refusal(b"", officer) == "unreadable_file"
    settings.EVIDENCE_MAX_BYTES = 100
    assert refusal(picture("PNG", (300, 300)) + b"x" * 100, officer) == "too_big"


@pytest.mark.parametrize("size", [(8000, 8000), (20000, 20000)])
def test_a_bomb_is_refused_before_it_is_decoded(size, officer):
    """Small on the wire, hundreds of megabytes in memory."""
    bomb = picture("PNG", size, mode="1")
    assert len(bomb) < 100_000
    assert refusal(bomb, officer) in ("too_big", "unreadable_file")


def test_a_paper_stays_as_it_is(officer):
    kept = keep(upload(b"%PDF-1.4\n%%EOF", "a.pdf"), by=officer)
    assert (kept.content_type, kept.suffix, kept.is_image) == ("application/pdf", ".pdf", False)


def test_an_upload_is_seen_by_who_made_it(officer):
    kept = keep(upload(picture("PNG")), by=officer)
    assert Evidence.objects.visible_to(officer).get() == kept
    for person in (make.ChiefFactory(unit=officer.unit), make.OfficerFactory()):
        assert not Evidence.objects.visible_to(person).exists()
    officer.is_active = False
    assert not Evidence.objects.visible_to(officer).exists()
