"""Taking a file in."""

import hashlib
import io
import logging
import struct
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from liaison.accounts.models import User
from liaison.core.refused import Refused
from liaison.evidence.models import Evidence
from liaison.evidence.papers import is_zip, paper_kind
from liaison.evidence.recordings import CONTENT_TYPE, SUFFIX, container_of, rerecorded, wrong_type

logger = logging.getLogger(__name__)

# What a decoder may be asked to read, and what each becomes.
IMAGES = {"JPEG": ("JPEG", ".jpg", "image/jpeg"), "PNG": ("PNG", ".png", "image/png")}
IMAGES["WEBP"] = IMAGES["JPEG"]
IMAGES["MPO"] = IMAGES["JPEG"]
# MPO is no format to ask for: several JPEG in a row, found out once it is open.
ASKED = ("JPEG", "PNG", "WEBP")
# What Pillow raises on a picture that is cut off or put together wrongly.
BROKEN = (OSError, ValueError, SyntaxError, struct.error)


def keep(upload: UploadedFile, *, by: User, papers: bool = False) -> Evidence:
    """Check, decode, write anew and store an upload.

    The type is read from the content, never from the name. Images and recordings are decoded and
    encoded again, which drops place, camera and anything appended; PDF is stored as it is and only
    ever served as a download; so are Word and Excel files, where ``papers`` are wanted. Raises
    Refused("too_big" | "too_long" | "unreadable_file" | "wrong_type" | "active_file").
    """
    size = upload.size or 0
    if size > settings.EVIDENCE_MAX_BYTES:
        raise Refused(
            "too_big",
            _("The file is larger than %(limit)d MB.")
            % {"limit": settings.EVIDENCE_MAX_BYTES // 1_048_576},
            field="file",
        )
    data = upload.read()
    if not data:
        raise Refused("unreadable_file", _("The file is empty."), field="file")
    width = height = seconds = None
    if data.startswith(b"%PDF-"):
        content, suffix, content_type = data, ".pdf", "application/pdf"
    elif papers and is_zip(data):
        content = data
        suffix, content_type = paper_kind(data)
    elif container := container_of(data):
        recording = rerecorded(data, container)
        content, seconds = recording.content, recording.seconds
        suffix, content_type = SUFFIX, CONTENT_TYPE
    else:
        content, suffix, content_type, width, height = _redrawn(data)
    evidence = Evidence(
        uploaded_by=by,
        name=(upload.name or "")[-200:],
        suffix=suffix,
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        width=width,
        height=height,
        seconds=seconds,
    )
    evidence.file.save(evidence.name, ContentFile(content), save=False)
    try:
        evidence.save(force_insert=True)
    except Exception:
        # No row will ever lead to this file again.
        evidence.file.delete(save=False)
        raise
    return evidence


def take(wanted: Sequence[UUID], *, by: User) -> list[Evidence]:
    """One's own uploads that belong to no record, in the order given, for the record that they are
    put to in this transaction. A file belongs to one record for good, of whatever kind.

    Call it after every other row that the verb holds. Written unchanged and in one order, the
    files have two who want the same one wait for each other on both databases. Raises
    Refused("no_such_file" | "file_used").
    """
    mine = Evidence.objects.visible_to(by).filter(pk__in=wanted)
    for pk in sorted(set(wanted)):
        mine.filter(pk=pk).update(size=F("size"))
    there = {one.pk: one for one in mine}
    if not there.keys() >= set(wanted):
        raise Refused(
            "no_such_file", _("One of the files is not there or not yours."), field="evidence"
        )
    if len(there) < len(wanted) or mine.unattached().count() < len(there):
        raise Refused("file_used", _("One of the files is attached already."), field="evidence")
    return [there[pk] for pk in wanted]


def not_a_photo(what: str) -> Refused:
    """To be raised where only a picture will do; ``what`` is it that must be one."""
    return Refused("not_a_photo", _("“%s” must be a picture.") % what, field="evidence")


def not_of_a_visit(name: str) -> Refused:
    """To be raised for what is neither a picture nor a recording, by the file's name."""
    return Refused(
        "not_of_a_visit", _("“%s” is neither a picture nor a voice note.") % name, field="evidence"
    )


def discard_forgotten_uploads(now: datetime) -> dict[str, int]:
    """Files are uploaded before the form is sent; some forms never are."""
    kept_for = timedelta(days=settings.EVIDENCE_KEEP_UNATTACHED_DAYS)
    return {"uploads": discard_unattached(before=now - kept_for)}


def discard_unattached(*, before: datetime) -> int:
    """Delete uploads from before this moment that nobody put to a record; how many it were."""
    discarded = 0
    for evidence in Evidence.objects.all().unattached().made_before(before).order_by("pk"):
        try:
            with transaction.atomic():
                # Asked again by the DELETE itself: somebody may have attached it meanwhile.
                still = Evidence.objects.filter(pk=evidence.pk).unattached()
                if not still._raw_delete(still.db):
                    continue
        except IntegrityError:
            # Attached between that question and the end of the transaction: it stays.
            logger.info("evidence %s was attached while it was being discarded", evidence.pk)
            continue
        # The row first: a row without its file would be a broken link, a file without a row is
        # only room.
        evidence.file.delete(save=False)
        discarded += 1
    return discarded


def _redrawn(data: bytes) -> tuple[bytes, str, str, int, int]:
    """The picture decoded, turned upright and encoded again without its metadata."""
    try:
        with Image.open(io.BytesIO(data), formats=ASKED) as picture:
            # Known from the header, before anything is decoded.
            if picture.width * picture.height > settings.EVIDENCE_MAX_PIXELS:
                raise Image.DecompressionBombError
            kind, suffix, content_type = IMAGES[picture.format or ""]
            upright = ImageOps.exif_transpose(picture)
            if kind == "JPEG" or upright.mode not in ("RGB", "RGBA", "L"):
                upright = upright.convert("RGB")
            # What Pillow would write along besides the pixels: comments, profiles, text.
            upright.info = {}
            out = io.BytesIO()
            upright.save(out, kind, quality=88)
            return out.getvalue(), suffix, content_type, upright.width, upright.height
    except Image.DecompressionBombError as error:
        raise Refused("too_big", _("The picture has too many pixels."), field="file") from error
    except UnidentifiedImageError as error:
        raise wrong_type() from error
    except BROKEN as error:
        raise Refused(
            "unreadable_file", _("The picture cannot be read; it may be cut off."), field="file"
        ) from error
