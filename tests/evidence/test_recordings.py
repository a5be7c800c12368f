"""Voice notes: decoded and written anew by a process of its own, within limits, whatever comes."""

import hashlib
import io
import random
import subprocess
import sys
import time

import av
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from liaison.core.refused import Refused
from liaison.evidence import rewriting
from liaison.evidence.actions import keep
from liaison.evidence.models import Evidence
from liaison.evidence.recordings import REWRITING, container_of
from tests import factories as make

pytestmark = pytest.mark.django_db
OPUS, AAC = ("webm", "libopus"), ("mp4", "aac")


@pytest.fixture
def officer():
    return make.OfficerFactory()


def upload(content, name="image.jpg"):
    return SimpleUploadedFile(name, content)


def refusal(content, officer):
    with pytest.raises(Refused) as refused:
        keep(upload(content), by=officer)
    assert not Evidence.objects.exists()
    return refused.value.code


@pytest.mark.parametrize("made", [OPUS, AAC], ids=["chromium", "safari"])
@pytest.mark.parametrize("layout", ["mono", "stereo"])
def test_it_becomes_one_format_that_every_browser_plays(made, layout, officer):
    kept = keep(upload(make.recording_bytes(2.5, *made, layout=layout), "../语音.exe"), by=officer)
    assert (kept.content_type, kept.suffix) == ("audio/mp4", ".m4a")
    assert (kept.is_recording, kept.is_image, kept.width, kept.height) == (True, False, None, None)
    assert kept.seconds in (2, 3)
    assert kept.length in ("0:02", "0:03")
    with kept.file.open("rb") as file:
        stored = file.read()
    assert (kept.size, kept.sha256) == (len(stored), hashlib.sha256(stored).hexdigest())
    with av.open(io.BytesIO(stored), format="mp4") as played:
        [sound] = played.streams
        assert (sound.codec_context.name, sound.layout.name, sound.rate) == ("aac", "mono", 24_000)
        assert 20_000 < sound.bit_rate < 48_000
        assert float(sound.duration * sound.time_base) == pytest.approx(2.5, abs=0.1)
        samples = sum(frame.samples for frame in played.decode(sound))
    assert samples / 24_000 == pytest.approx(2.5, abs=0.15)


@pytest.mark.parametrize("made", [OPUS, AAC], ids=["chromium", "safari"])
def test_nothing_but_the_sound_stays(made, officer):
    content = make.recording_bytes(1, *made)
    assert b"secret place" in content
    kept = keep(upload(content + b"PK\x03\x04 secret place"), by=officer)
    with kept.file.open("rb") as file:
        stored = file.read()
    for trace in (b"secret", b"PK\x03\x04", b"Lavf", b"Lavc"):
        assert trace not in stored
    # What a player needs stands before the sound, so that it begins at once.
    assert stored.index(b"moov") < stored.index(b"mdat")


def video():
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as file:
        stream = file.add_stream("mpeg4", rate=5)
        stream.width = stream.height = 64
        for _ in range(5):
            file.mux(stream.encode(av.VideoFrame(64, 64, "yuv420p")))
        file.mux(stream.encode(None))
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        video(),
        make.recording_bytes(1, *OPUS, streams=2),
        make.recording_bytes(1, *AAC, streams=2),
        make.recording_bytes(1, "matroska", "aac"),
        make.recording_bytes(1, "matroska", "flac"),
        make.recording_bytes(1, "mp4", "libopus"),
        make.recording_bytes(1, "mp4", "libmp3lame"),
        make.recording_bytes(1, "ogg", "libopus"),
        make.recording_bytes(1, "adts", "aac"),
        make.recording_bytes(1, "wav", "pcm_s16le"),
    ],
    ids=["film", "two", "two", "aac", "flac", "opus", "mp3", "ogg", "adts", "wav"],
)
def test_other_sounds_are_refused_by_their_content(content, officer):
    assert refusal(content, officer) == "wrong_type"


@pytest.mark.parametrize("made", [OPUS, AAC], ids=["chromium", "safari"])
def test_it_ends_where_more_has_been_decoded_than_may_be(made, officer, settings):
    settings.EVIDENCE_MAX_SECONDS = 2
    assert keep(upload(make.recording_bytes(1.9, *made)), by=officer).seconds == 2
    Evidence.objects.all().delete()
    content = make.recording_bytes(3, *made)
    assert refusal(content, officer) == "too_long"
    # Whatever its header says: of no length at all, as recorders leave it, or of a second.
    lying = bytearray(content)
    for name, there in ((b"mvhd", 12 + 4), (b"\x44\x89\x88", 3)):
        place = content.find(name)
        if place >= 0:
            lying[place + there : place + there + 4] = b"\x00\x00\x00\x01"
    assert bytes(lying) != content
    assert refusal(bytes(lying), officer) == "too_long"


def test_a_short_file_that_never_ends_is_stopped(officer, settings):
    """Silence costs a few bytes: within the size that is taken lie hours of it."""
    settings.EVIDENCE_MAX_SECONDS = 60
    out = io.BytesIO()
    with av.open(out, "w", format="webm") as file:
        voice = file.add_stream("libopus", rate=48_000, layout="mono")
        file.mux(voice.encode(_silence(voice)))
        for n in range(40_000):
            # A packet of 60 ms that says nothing.
            packet = av.Packet(b"\x18")
            packet.stream, packet.time_base = voice, voice.time_base
            packet.pts = packet.dts = 5000 + n * 60 * 48
            packet.duration = 60 * 48
            file.mux(packet)
    hours = out.getvalue()
    assert len(hours) < settings.EVIDENCE_MAX_BYTES / 8
    begun = time.monotonic()
    assert refusal(hours, officer) == "too_long"
    assert time.monotonic() - begun < 20


def _silence(voice):
    frame = av.AudioFrame(format="s16", layout="mono", samples=960)
    frame.sample_rate, frame.pts = 48_000, 0
    frame.planes[0].update(bytes(960 * 2))
    return frame


@pytest.mark.parametrize("made", [OPUS, AAC], ids=["chromium", "safari"])
def test_without_a_sound_it_is_none(made, officer):
    whole = make.recording_bytes(1, *made)
    for cut in (whole[:12], whole[:60], whole[:300]):
        assert refusal(cut, officer) == "unreadable_file"
    assert refusal(b"\x1a\x45\xdf\xa3", officer) == "unreadable_file"


def test_more_than_may_be_is_not_even_decoded(officer, settings):
    content = make.recording_bytes(1)
    settings.EVIDENCE_MAX_BYTES = len(content) - 1
    assert refusal(content, officer) == "too_big"


def damaged(chance):
    content = bytearray(chance.choice(SEEDS))
    for _ in range(chance.randint(1, 6)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    if chance.random() < 0.2:
        del content[chance.randrange(len(content)) :]
    return bytes(content)


SEEDS = [make.recording_bytes(0.2, *made) for made in (OPUS, AAC)]


def test_a_damaged_recording_is_refused_or_kept_and_never_a_mistake_of_ours(officer):
    """The whole way, with the process of its own."""
    chance, codes = random.Random(11), []
    for _ in range(60):
        try:
            kept = keep(upload(damaged(chance)), by=officer)
        except Refused as refused:
            codes.append(refused.code)
        else:
            assert kept.content_type == "audio/mp4"
    assert set(codes) <= {"wrong_type", "unreadable_file", "too_long"}
    assert 5 < len(codes) < 60


def test_many_damaged_recordings_raise_nothing_that_is_not_known(tmp_path):
    """Without a process for each; what the library raises is caught where it is called."""
    chance, codes = random.Random(7), set()
    for _ in range(1500):
        content = damaged(chance)
        if container := container_of(content):
            said = rewriting.rewritten(content, container, 300, str(tmp_path / "out.m4a"))
            codes.add(said.get("refused"))
    assert codes <= {None, "wrong_type", "unreadable_file", "too_long"}
    assert {None, "unreadable_file"} <= codes


def test_the_process_knows_nothing_of_us(tmp_path):
    """No import of ours: what reads a hostile file has neither settings nor secrets."""
    asking = f"import runpy, sys; runpy.run_path({str(REWRITING)!r}); print(*sys.modules)"
    told = subprocess.run(
        [sys.executable, "-I", "-c", asking], capture_output=True, text=True, check=True, env={}
    )
    modules = set(told.stdout.split())
    assert "av" in modules
    assert not {one for one in modules if one.split(".")[0] in ("liaison", "django", "issues")}


def test_what_kills_it_is_one_file_refused(officer, monkeypatch, tmp_path, caplog):
    """The library crashes, or uses up what it may: an answer like any other."""
    for fault in ("import os; os.abort()", "raise RuntimeError('strange')"):
        program = tmp_path / "program.py"
        program.write_text(fault)
        monkeypatch.setattr("liaison.evidence.recordings.REWRITING", program)
        assert refusal(make.recording_bytes(0.2), officer) == "unreadable_file"
        assert "rewriting a recording ended with" in caplog.text
    program.write_text("import time; time.sleep(60)")
    monkeypatch.setattr("liaison.evidence.recordings.PATIENCE", 0.5)
    assert refusal(make.recording_bytes(0.2), officer) == "unreadable_file"


# --- served -----------------------------------------------------------------------------------


@pytest.fixture
def fetch(officer):
    note = make.RecordingFactory(by=officer)
    client = Client()
    client.force_login(officer)
    with note.file.open("rb") as file:
        whole = file.read()

    def get(**headers):
        return client.get(f"/api/v1/evidence/{note.pk}/file/", headers=headers), whole

    get.size = len(whole)
    return get


def test_it_is_played_and_not_downloaded(fetch):
    answer, whole = fetch()
    assert b"".join(answer) == whole
    assert (answer.status_code, answer["Content-Type"]) == (200, "audio/mp4")
    assert answer["Content-Disposition"].startswith("inline")
    assert (answer["Accept-Ranges"], answer["X-Content-Type-Options"]) == ("bytes", "nosniff")


def test_it_is_handed_out_in_parts(fetch):
    size = fetch.size
    for asked, start, end in (
        ("bytes=0-1", 0, 1),
        ("bytes=10-", 10, size - 1),
        ("bytes=-5", size - 5, size - 1),
        (f"bytes=0-{size * 9}", 0, size - 1),
        (f"bytes=-{size * 9}", 0, size - 1),
    ):
        answer, whole = fetch(Range=asked)
        assert answer.status_code == 206, asked
        assert answer["Content-Range"] == f"bytes {start}-{end}/{size}"
        assert answer["Content-Length"] == str(end - start + 1)
        assert b"".join(answer) == whole[start : end + 1]


@pytest.mark.parametrize(
    "headers",
    [
        {"Range": "bytes=0-1,5-6"},
        {"Range": "bytes=5-2"},
        {"Range": "bytes=-"},
        {"Range": "lines=0-1"},
        {"Range": "bytes=" + "9" * 40 + "-"},
        {"Range": "bytes=0-1", "If-Range": '"x"'},
    ],
)
def test_what_is_asked_for_oddly_is_the_whole(fetch, headers):
    answer, whole = fetch(**headers)
    assert (answer.status_code, b"".join(answer)) == (200, whole)


def test_what_lies_behind_its_end_is_not_there(fetch):
    size = fetch.size
    for asked in (f"bytes={size}-", "bytes=-0"):
        answer, _whole = fetch(Range=asked)
        assert (answer.status_code, b"".join(answer)) == (416, b"")
        assert answer["Content-Range"] == f"bytes */{size}"
