"""Taking a file in."""

import hashlib
import io
import warnings

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from liaison.accounts.models import User
from liaison.core.refused import Refused
from liaison.evidence.models import Evidence

# What a decoder may be asked to read, and what each becomes.
IMAGES = {"JPEG": ("JPEG", ".jpg", "image/jpeg"), "PNG": ("PNG", ".png", "image/png")}
IMAGES["WEBP"] = IMAGES["JPEG"]
IMAGES["MPO"] = IMAGES["JPEG"]


def keep(upload: UploadedFile, *, by: User) -> Evidence:
    """Check, decode, write anew and store an upload.

    The type is read from the content, never from the name. Images are decoded and encoded again,
    which drops place, camera and anything appended; PDF is stored as it is and only ever served
    as a download. Raises Refused("too_big" | "unreadable_file" | "wrong_type").
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
    if data.startswith(b"%PDF-"):
        content, suffix, content_type = data, ".pdf", "application/pdf"
        width = height = None
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
    )
    evidence.file.save(evidence.name, ContentFile(content), save=False)
    evidence.save(force_insert=True)
    return evidence


def _redrawn(data: bytes) -> tuple[bytes, str, str, int, int]:
    """The picture decoded, turned upright and encoded again without its metadata."""
    try:
        with warnings.catch_warnings():
            # Pillow only warns of a bomb between one and two times the limit; we refuse both.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=tuple(IMAGES)) as picture:
                if picture.width * picture.height > settings.EVIDENCE_MAX_PIXELS:
                    raise Refused("too_big", _("The picture has too many pixels."), field="file")
                kind, suffix, content_type = IMAGES[picture.format or ""]
                upright = ImageOps.exif_transpose(picture)
                if kind == "JPEG" or upright.mode not in ("RGB", "RGBA", "L"):
                    upright = upright.convert("RGB")
                out = io.BytesIO()
                # A new image from the pixels alone: info such as comments stays behind.
                clean = Image.frombytes(upright.mode, upright.size, upright.tobytes())
                clean.save(out, kind, quality=88)
                return out.getvalue(), suffix, content_type, clean.width, clean.height
    except UnidentifiedImageError as error:
        raise Refused(
            "wrong_type",
            _("Only photos (JPEG, PNG, WebP) and PDF files can be evidence."),
            field="file",
        ) from error
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning) as error:
        raise Refused(
            "unreadable_file", _("The picture cannot be read; it may be cut off."), field="file"
        ) from error
