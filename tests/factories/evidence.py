"""Files."""

import io
import math
from array import array
from typing import Any

import av
import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from liaison.evidence.actions import keep
from liaison.evidence.models import Evidence
from tests.factories.people import OfficerFactory

# Of the sound that is made: samples a second, and in a frame.
RATE, SLICE = 48_000, 960


def picture_bytes(colour: str = "red", size: tuple[int, int] = (8, 6), kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


class EvidenceFactory(factory.django.DjangoModelFactory):
    """A tiny photo kept by ``by``."""

    class Meta:
        model = Evidence

    by = factory.SubFactory(OfficerFactory)
    name = factory.Sequence(lambda n: f"photo{n}.png")
    content = factory.LazyFunction(picture_bytes)

    @classmethod
    def _create(cls, model_class: type[Evidence], *args: Any, **kwargs: Any) -> Evidence:
        return keep(SimpleUploadedFile(kwargs["name"], kwargs["content"]), by=kwargs["by"])


def recording_bytes(
    seconds: float = 1,
    container: str = "webm",
    codec: str = "libopus",
    *,
    streams: int = 1,
    layout: str = "mono",
) -> bytes:
    """A tone as Chromium records it (WebM, Opus); ("mp4", "aac") as Safari does."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as file:
        file.metadata["title"] = "secret place"
        voices = [file.add_stream(codec, rate=RATE, layout=layout) for _ in range(streams)]
        for start in range(0, int(seconds * RATE), SLICE):
            for voice in voices:
                file.mux(voice.encode(_tone(start)))
        for voice in voices:
            file.mux(voice.encode(None))
    return out.getvalue()


def _tone(start: int) -> av.AudioFrame:
    frame = av.AudioFrame(format="s16", layout="mono", samples=SLICE)
    frame.sample_rate, frame.pts = RATE, start
    turns = (2 * math.pi * 440 * (start + n) / RATE for n in range(SLICE))
    frame.planes[0].update(array("h", (int(9000 * math.sin(turn)) for turn in turns)).tobytes())
    return frame


class RecordingFactory(EvidenceFactory):
    """A voice note of a second kept by ``by``."""

    name = factory.Sequence(lambda n: f"note{n}.webm")
    content = factory.LazyFunction(recording_bytes)
