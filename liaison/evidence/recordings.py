"""Sound: what the recorders of browsers make, written anew into what every browser plays."""

import json
import logging
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from liaison.core.refused import Refused

logger = logging.getLogger(__name__)

SUFFIX, CONTENT_TYPE = ".m4a", "audio/mp4"
# Brands of pictures in the same boxes as MP4: HEIC and AVIF, which no evidence is.
PICTURES = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis")
# Not a module to import: it runs apart, see there.
REWRITING = Path(__file__).with_name("rewriting.py")
# Seconds by the clock on the wall; by its own reckoning it ends itself sooner.
PATIENCE = 120


@dataclass(frozen=True)
class Recording:
    """A file that plays, and its length in whole seconds, at least one."""

    content: bytes
    seconds: int


def container_of(data: bytes) -> str:
    """What could be a recording: the demuxer that is to read it; "" for what cannot be one."""
    if data.startswith(b"\x1a\x45\xdf\xa3"):
        return "matroska"
    return "mp4" if data[4:8] == b"ftyp" and data[8:12] not in PICTURES else ""


def wrong_type(*, field: str = "file") -> Refused:
    return Refused(
        "wrong_type",
        _(
            "Only photos (JPEG, PNG, WebP), voice notes (WebM, MP4 with sound alone) and PDF files "
            "can be evidence."
        ),
        field=field,
    )


def rerecorded(data: bytes, container: str) -> Recording:
    """The sound decoded and encoded again: mono AAC in MP4, without metadata.

    Raises Refused("wrong_type") for whatever is not one stream of sound in the codec of recorders,
    Refused("too_long") beyond EVIDENCE_MAX_SECONDS, Refused("unreadable_file").
    """
    with tempfile.TemporaryDirectory(prefix="recording-") as folder:
        out = Path(folder) / "out.m4a"
        said = _rewritten(data, container, out)
        match said.get("refused"):
            case None:
                return Recording(out.read_bytes(), max(1, round(said["seconds"])))
            case "wrong_type":
                raise wrong_type()
            case "too_long":
                limit = settings.EVIDENCE_MAX_SECONDS
                raise Refused(
                    "too_long",
                    _("A voice note has at most %(n)d minutes.") % {"n": limit // 60}
                    if limit % 60 == 0
                    else _("A voice note has at most %(n)d seconds.") % {"n": limit},
                    field="file",
                )
    raise Refused(
        "unreadable_file", _("The voice note cannot be read; it may be cut off."), field="file"
    )


def _rewritten(data: bytes, container: str, out: Path) -> dict[str, Any]:
    command = [sys.executable, "-I", str(REWRITING), container]
    try:
        done = subprocess.run(  # noqa: S603  # nothing of the command is anybody's word
            [*command, str(settings.EVIDENCE_MAX_SECONDS), str(out)],
            input=data,
            capture_output=True,
            timeout=PATIENCE,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        logger.warning("a recording of %d bytes was given up: it took too long", len(data))
        return {"refused": "unreadable_file"}
    if done.returncode:
        # Ended by its limits, or by a fault of the library: with this file it would be so again.
        told = done.stderr[-500:].decode(errors="replace")
        logger.warning("rewriting a recording ended with %d: %s", done.returncode, told)
        return {"refused": "unreadable_file"}
    said: dict[str, Any] = json.loads(done.stdout)
    return said
