"""Taking in a file in pieces, over a line that breaks."""

import hashlib
import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from liaison.accounts.models import User
from liaison.core.refused import Conflict, Refused
from liaison.evidence.actions import keep
from liaison.evidence.models import TAKEN_TYPES, Evidence
from liaison.evidence.recordings import wrong_type
from liaison.mobile.models import Piece, Upload

logger = logging.getLogger(__name__)

# Bytes. A piece is a row: not so small that a file becomes thousands of them.
LARGEST_PIECE = 1024 * 1024
SMALLEST_PIECE = 16 * 1024
# Files of one person that are on their way. A week without network is a few dozen.
MOST_UNFINISHED = 500


def begin_upload(
    *, by: User, client_id: UUID, sha256: str, size: int, name: str, content_type: str
) -> tuple[Upload, bool]:
    """Announce a file; whether it is new. The same again is the upload that is there, as far as it
    has come.

    Raises Refused("too_big" | "wrong_type" | "too_many"), Conflict("reused") for another file under
    the same id.
    """
    if size > settings.EVIDENCE_MAX_BYTES:
        limit = settings.EVIDENCE_MAX_BYTES // 1_048_576
        raise Refused(
            "too_big", _("The file is larger than %(limit)d MB.") % {"limit": limit}, field="size"
        )
    if content_type not in TAKEN_TYPES:
        # What it really is, is found out once it is here; this saves sending a film for nothing.
        raise wrong_type(field="content_type")
    with transaction.atomic():
        there = Upload.objects.visible_to(by).filter(client_id=client_id).first()
        if there and there.kept_as and not Evidence.objects.filter(pk=there.kept_as).exists():
            # Nobody put it to a record for so long that the file is gone.
            there.delete()
            there = None
        on_their_way = Upload.objects.visible_to(by).receiving()
        if there is None and on_their_way.count() >= MOST_UNFINISHED:
            raise Refused("too_many", _("Too many files are on their way: let those arrive first."))
        upload, new = Upload.objects.get_or_create(
            user=by,
            client_id=client_id,
            defaults={"sha256": sha256, "size": size, "name": name, "content_type": content_type},
        )
    if (upload.sha256, upload.size) != (sha256, size):
        raise Conflict("reused", _("Another file was sent under this id."), field="client_id")
    return upload, new


def add_piece(upload: Upload, *, offset: int, data: bytes) -> Upload:
    """Put the next bytes to a file; with the last of them it is checked and becomes evidence.

    No bytes at the end of a file that is all there finish it, where the server was stopped before
    it could. Once the file is kept it stays so, whatever comes.

    Raises Conflict("wrong_offset") with the right ``offset``, Refused("too_long" | "too_short") for
    a piece, Refused("wrong_checksum") with nothing left of the file, and what ``keep`` does.
    """
    end = offset + len(data)
    if upload.finished_at is None:
        if end > upload.size:
            raise Refused("too_long", _("More bytes than the file was said to have."))
        if end < upload.size and len(data) < SMALLEST_PIECE:
            raise Refused("too_short", _("Only the last piece of a file may be so small."))
        _put(upload, offset, data)
    if upload.received == upload.size:
        _finish(upload)
    if upload.refused_code:
        raise Refused(upload.refused_code, upload.refused_message, field="file")
    return upload


def _put(upload: Upload, offset: int, data: bytes) -> None:
    with transaction.atomic():
        # Of two who send the same piece one comes first, and the other is told how far it is.
        won = Upload.objects.filter(pk=upload.pk, received=offset, finished_at=None).update(
            received=offset + len(data), touched_at=timezone.now()
        )
        if won and data:
            Piece.objects.create(upload=upload, offset=offset, data=data)
    if not _read_again(upload):
        raise Refused("gone", _("This file must be sent from its beginning."))
    if not won and upload.finished_at is None:
        raise Conflict(
            "wrong_offset",
            _("The file is here up to another place."),
            details={"offset": upload.received},
        )


def _finish(upload: Upload) -> None:
    with transaction.atomic():
        # Written unchanged: whoever finishes it at the same time waits, and finds it finished.
        # The file is decoded within, so that of a file there is one evidence, or none.
        mine = Upload.objects.filter(pk=upload.pk, finished_at=None).update(size=F("size"))
        if mine:
            _judge(upload)
    if not _read_again(upload):
        raise Refused(
            "wrong_checksum",
            _("The file arrived damaged. It must be sent from its beginning."),
            field="sha256",
        )


def _judge(upload: Upload) -> None:
    data = b"".join(bytes(one.data) for one in upload.pieces.order_by("offset"))
    if hashlib.sha256(data).hexdigest() != upload.sha256:
        upload.pieces.all().delete()
        Upload.objects.filter(pk=upload.pk).delete()
        return
    outcome: dict[str, object]
    try:
        kept = keep(SimpleUploadedFile(upload.name, data, upload.content_type), by=upload.user)
        outcome = {"kept_as": kept.pk}
    except Refused as refused:
        outcome = {"refused_code": refused.code, "refused_message": str(refused.message)[:300]}
    Upload.objects.filter(pk=upload.pk).update(finished_at=timezone.now(), **outcome)
    upload.pieces.all().delete()


def _read_again(upload: Upload) -> bool:
    """Whether it is still there."""
    now = Upload.objects.filter(pk=upload.pk).first()
    if now is not None:
        for field in ("received", "finished_at", "kept_as", "refused_code", "refused_message"):
            setattr(upload, field, getattr(now, field))
    return now is not None


def discard_old_uploads(now: datetime) -> dict[str, int]:
    """Forget files that nobody goes on sending, and those that have had time to be put to a
    record; how many."""
    old = {
        "unfinished_since": now - timedelta(days=settings.MOBILE_KEEP_UNFINISHED_DAYS),
        "finished_before": now - timedelta(days=settings.EVIDENCE_KEEP_UNATTACHED_DAYS),
    }
    discarded = 0
    for key in list(Upload.objects.all().forgotten(**old).values_list("pk", flat=True)):
        with transaction.atomic():
            # Asked again by the write: a piece may have come meanwhile, or one is coming and waits.
            still = Upload.objects.filter(pk=key).forgotten(**old)
            if not still.update(size=F("size")):
                continue
            Piece.objects.filter(upload=key).delete()
            Upload.objects.filter(pk=key).delete()
        discarded += 1
    return {"phone_uploads": discarded}
