"""What is kept of an upload, and for how long."""

import io
import random
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from liaison.core.refused import Refused
from liaison.evidence.actions import discard_forgotten_uploads, discard_unattached, keep
from liaison.evidence.models import CONTENT_TYPES, Evidence
from tests import factories as make

ORIENTATION, DESCRIPTION, GPS = 0x0112, 0x010E, 0x8825


def photo(kind, mode="RGB", **more):
    exif = Image.Exif()
    exif[ORIENTATION], exif[DESCRIPTION] = 6, "secret place"
    exif.get_ifd(GPS)[1] = "N"
    out = io.BytesIO()
    picture = Image.new("RGB", (40, 20), "red").convert(mode)
    picture.save(out, kind, exif=exif, **more)
    return out.getvalue()


def kept(content, name="a"):
    return keep(SimpleUploadedFile(name, content), by=make.OfficerFactory())


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (photo("JPEG", comment=b"secret place"), "image/jpeg"),
        (photo("JPEG", "CMYK"), "image/jpeg"),
        (photo("JPEG", "L"), "image/jpeg"),
        (photo("PNG"), "image/png"),
        (photo("PNG", "RGBA"), "image/png"),
        (photo("PNG", "P"), "image/png"),
        (photo("PNG", "1"), "image/png"),
        (photo("WEBP"), "image/jpeg"),
        (photo("JPEG") + b"PK\x03\x04 secret place", "image/jpeg"),
    ],
)
def test_only_the_picture_is_kept(db, content, content_type):
    evidence = kept(content)
    assert evidence.content_type == content_type
    assert evidence.content_type in CONTENT_TYPES
    with evidence.file.open("rb") as file:
        data = file.read()
    assert b"secret" not in data
    assert b"PK\x03\x04" not in data
    again = Image.open(io.BytesIO(data))
    assert not again.getexif()
    assert not {"comment", "icc_profile", "exif", "xmp"} & again.info.keys()
    # Turned upright, as the camera meant it, since the note that says so is gone.
    assert (again.width, again.height) == (evidence.width, evidence.height) == (20, 40)
    red = again.convert("RGB").getpixel((10, 20))
    assert content == photo("PNG", "1") or content == photo("JPEG", "L") or red[0] > 200


def test_several_pictures_in_one_file_are_one(db):
    out = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "green")]
    frames[0].save(out, "MPO", save_all=True, append_images=frames[1:])
    assert kept(out.getvalue()).content_type == "image/jpeg"


def test_a_bomb_is_refused_from_its_header(db):
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(Refused) as refused:
        kept(out.getvalue())
    assert refused.value.code == "too_big"


# Pillow only warns of some damage; what it then makes of the picture is what counts.
@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::PIL.Image.DecompressionBombWarning")
def test_a_damaged_picture_is_refused_or_kept_and_never_a_mistake_of_ours(db, settings):
    """Pillow raises many things; a thousand pictures with a few bytes changed find them."""
    by, chance = make.OfficerFactory(), random.Random(7)
    settings.EVIDENCE_MAX_PIXELS = 100_000
    seeds = [photo("JPEG"), photo("PNG"), photo("PNG", "P"), photo("WEBP"), photo("WEBP", "RGBA")]
    codes = []
    for _ in range(1000):
        damaged = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(1, 4)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            keep(SimpleUploadedFile("a", bytes(damaged)), by=by)
        except Refused as refusal:
            codes.append(refusal.code)
    assert 100 < len(codes) < 1000
    assert set(codes) <= {"too_big", "wrong_type", "unreadable_file"}


def test_a_file_without_a_row_is_not_left_behind(db, settings, monkeypatch):
    folder = settings.MEDIA_ROOT / "evidence"
    name = "x" * 10
    stranger = make.OfficerFactory.build(unit=None)  # never saved: the row cannot be written
    with pytest.raises(ValueError, match="unsaved"):
        keep(SimpleUploadedFile(name, make.picture_bytes()), by=stranger)
    assert not [one for one in folder.rglob("*") if one.is_file()]


@pytest.fixture
def uploads(db):
    """An attached file and one nobody used, both old, and a fresh one."""
    issue = make.ProposedIssueFactory(kind="hazard")
    attached = issue.attachments.first().evidence
    forgotten, fresh = make.EvidenceFactory(), make.EvidenceFactory()
    old = timezone.now() - timedelta(days=31)
    Evidence.objects.filter(pk__in=[attached.pk, forgotten.pk]).update(made_at=old)
    return attached, forgotten, fresh


def test_what_nobody_used_is_discarded_and_nothing_else(uploads):
    attached, forgotten, fresh = uploads
    assert not Evidence.objects.all().unattached().filter(pk=attached.pk).exists()
    assert discard_forgotten_uploads(timezone.now()) == {"uploads": 1}
    assert not Evidence.objects.filter(pk=forgotten.pk).exists()
    assert not forgotten.file.storage.exists(forgotten.file.name)
    for one in (attached, fresh):
        assert one.file.storage.exists(one.file.name)
        assert Evidence.objects.filter(pk=one.pk).exists()
    assert discard_unattached(before=timezone.now() - timedelta(days=30)) == 0


def test_the_file_may_be_gone_already(uploads):
    _attached, forgotten, _fresh = uploads
    forgotten.file.storage.delete(forgotten.file.name)
    assert discard_unattached(before=timezone.now() - timedelta(days=30)) == 1
