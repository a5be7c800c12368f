"""Photos of workers: out of an archive or one by one, made small, put to the row they belong to."""

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from liaison.accounts.models import User
from liaison.core.identifiers import normalise_resident_id
from liaison.core.refused import Refused
from liaison.core.sealing import blind_index
from liaison.evidence.actions import BROKEN, keep, take
from liaison.evidence.models import Evidence
from workers.checking.rows import photo_key
from workers.keeping import id_scope, photo_index
from workers.models import Batch, BatchRow, Worker
from workers.rights import must_hand_in
from workers.workflow import Status

# What a certificate needs, with room; a photo is never kept larger.
SIZE = (480, 640)
ENDINGS = (".jpg", ".jpeg", ".png", ".webp")
ASKED = ("JPEG", "PNG", "WEBP")
_UTF8 = 0x800


@dataclass(frozen=True)
class Picture:
    """A picture of an archive by the name of its file; kept, or None when it cannot be read."""

    key: str
    evidence: UUID | None


@dataclass(frozen=True)
class Added:
    """How many photos found their row, belong to nobody here, or are no pictures."""

    put: int
    unknown: int
    unreadable: int


def take_pictures(archive: bytes, *, by: User) -> list[Picture]:
    """Decode the pictures of a ZIP one by one. Raises Refused for one that is no such archive.

    The names of files may be ID numbers: they are kept nowhere.
    """
    found = []
    with _opened(archive) as zipped:
        for member in _members(zipped):
            with zipped.open(member) as file:
                data = file.read(settings.EVIDENCE_MAX_BYTES + 1)
            found.append(Picture(photo_key(_name(member)), _kept(data, by=by)))
    return found


def add_photos(batch: Batch, archive: bytes, *, by: User) -> Added:
    """Put the pictures of a ZIP to the batch's workers and to its rows that are none yet."""
    must_hand_in(by, batch.enterprise)
    pictures = take_pictures(archive, by=by)
    with transaction.atomic():
        return put_photos(batch, pictures, by=by)


def put_photos(batch: Batch, pictures: Iterable[Picture], *, by: User) -> Added:
    """Inside the caller's transaction. Of two pictures of one name the later counts."""
    pictures = list(pictures)
    by_key = {one.key: one.evidence for one in pictures if one.evidence is not None}
    wanted: dict[UUID, BatchRow | Worker] = {}
    rows, workers = _by_index(batch)
    for key, evidence in by_key.items():
        number = normalise_resident_id(key)
        by_name = photo_index(batch.enterprise, key)
        by_number = blind_index(number, scope=id_scope(batch.unit_id))
        row = rows.get(by_name) or rows.get(by_number)
        found = row or workers.get(by_name) or workers.get(by_number)
        if found is not None and found not in wanted.values():
            wanted[evidence] = found
    _put(wanted, by=by)
    unreadable = sum(one.evidence is None for one in pictures)
    return Added(len(wanted), len(pictures) - unreadable - len(wanted), unreadable)


def add_photo(worker: Worker, data: bytes, *, by: User) -> None:
    """Give one worker a photo, or another one, before the certificate is made."""
    must_hand_in(by, worker.enterprise)
    if worker.status in (Status.REGISTERED, Status.LEFT):
        raise Refused("settled", _("The certificate is made; its photo stays."), field="photo")
    if len(data) > settings.EVIDENCE_MAX_BYTES:
        raise Refused(
            "too_big",
            _("The file is larger than %(limit)d MB.")
            % {"limit": settings.EVIDENCE_MAX_BYTES // 1_048_576},
            field="photo",
        )
    evidence = _kept(data, by=by)
    if evidence is None:
        raise Refused(
            "unreadable_file", _("This is not a picture that can be read."), field="photo"
        )
    with transaction.atomic():
        _put({evidence: worker}, by=by)


def _by_index(batch: Batch) -> tuple[dict[bytes, BatchRow], dict[bytes, Worker]]:
    rows: dict[bytes, BatchRow] = {}
    waiting = BatchRow.objects.filter(file__batch=batch).exclude(file__state="discarded")
    for row in waiting.defer("sealed", "messages"):
        for index in (row.id_index, row.photo_index):
            if index:
                rows[bytes(index)] = row
    workers: dict[bytes, Worker] = {}
    open_ones = batch.workers.exclude(status__in=(Status.REGISTERED, Status.LEFT))
    for worker in open_ones.defer("sealed"):
        for index in (worker.id_index, worker.photo_index):
            workers[bytes(index)] = worker
    return rows, workers


def _put(wanted: dict[UUID, BatchRow | Worker], *, by: User) -> None:
    take(list(wanted), by=by)
    for evidence, row in wanted.items():
        if isinstance(row, BatchRow):
            BatchRow.objects.filter(pk=row.pk).update(photo=evidence)
            continue
        settled = (Status.REGISTERED, Status.LEFT)
        Worker.objects.filter(pk=row.pk).exclude(status__in=settled).update(photo=evidence)
        # What was to be corrected may have been the photo: the station looks again, and still
        # reads what it had written.
        Worker.objects.filter(pk=row.pk, status=Status.CORRECTION).update(
            status=Status.SUBMITTED, changed_at=timezone.now()
        )


def _opened(archive: bytes) -> zipfile.ZipFile:
    if len(archive) > settings.WORKERS_ARCHIVE_BYTES:
        raise _too_big()
    try:
        return zipfile.ZipFile(io.BytesIO(archive))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Refused(
            "not_an_archive", _("This is not a ZIP archive, or it is damaged."), field="archive"
        ) from error


def _members(zipped: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    members = [
        one
        for one in zipped.infolist()
        if not one.is_dir()
        and one.filename.lower().endswith(ENDINGS)
        and not one.filename.startswith("__MACOSX/")
    ]
    if not members:
        raise Refused(
            "no_pictures", _("There is no picture (JPG, PNG) in the archive."), field="archive"
        )
    if len(members) > settings.WORKERS_MOST_PHOTOS:
        raise Refused(
            "too_many",
            _("At most %(most)d photos in one archive; this one has %(count)d. Divide it.")
            % {"most": settings.WORKERS_MOST_PHOTOS, "count": len(members)},
            field="archive",
        )
    if any(one.flag_bits & 1 for one in members):
        raise Refused(
            "encrypted", _("The archive is protected by a password. Send one without."),
            field="archive",
        )  # fmt: skip
    # Pictures hardly pack: what unpacks to many times its size is none.
    if sum(one.file_size for one in members) > 4 * settings.WORKERS_ARCHIVE_BYTES:
        raise _too_big()
    return members


def _too_big() -> Refused:
    return Refused(
        "too_big",
        _("The archive is bigger than %(size)d MB. Divide it, or make the photos smaller.")
        % {"size": settings.WORKERS_ARCHIVE_BYTES // 1_048_576},
        field="archive",
    )


def _name(member: zipfile.ZipInfo) -> str:
    """As the enterprise wrote it: Windows packs Chinese names in GBK and does not say so."""
    if member.flag_bits & _UTF8:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


def _kept(data: bytes, *, by: User) -> UUID | None:
    """The picture made small and kept; None when it is none. Its file is named after nobody."""
    small = _small(data)
    if small is None:
        return None
    evidence: Evidence = keep(SimpleUploadedFile("photo.jpg", small, "image/jpeg"), by=by)
    return evidence.pk


def _small(data: bytes) -> bytes | None:
    if len(data) > settings.EVIDENCE_MAX_BYTES:
        return None
    try:
        with Image.open(io.BytesIO(data), formats=ASKED) as picture:
            if picture.width * picture.height > settings.EVIDENCE_MAX_PIXELS:
                return None
            # A JPEG is decoded at an eighth of its size where that is enough.
            picture.draft("RGB", (2 * SIZE[0], 2 * SIZE[1]))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            upright.thumbnail(SIZE)
            out = io.BytesIO()
            upright.save(out, "JPEG", quality=88)
            return out.getvalue()
    except (*BROKEN, Image.DecompressionBombError):
        return None
