"""Forms to fill in: Word and Excel as they are since 2007, told by what is in them.

Unlike a picture such a file is kept as it came. It is never opened here beyond its list of contents
and is handed out as a download only; what could run on the machine of whoever opens it is refused.
"""

import io
import re
import zipfile

from django.utils.translation import gettext as _

from liaison.core.refused import Refused

_OOXML = "application/vnd.openxmlformats-officedocument"
# The part that makes it one, and what it becomes.
KINDS = {
    "word/document.xml": (".docx", f"{_OOXML}.wordprocessingml.document"),
    "xl/workbook.xml": (".xlsx", f"{_OOXML}.spreadsheetml.sheet"),
}
# Programs, objects of other programs, and what is fetched from elsewhere at opening.
ACTIVE = re.compile(r"vbaProject|activeX|/embeddings/|oleObject|externalLinks|macrosheets", re.I)
# Beyond these it is no form but something meant to fill a disk.
MOST_PARTS = 2_000
MOST_UNPACKED = 200 * 1024 * 1024


def is_zip(data: bytes) -> bool:
    return data.startswith(b"PK\x03\x04")


def paper_kind(data: bytes) -> tuple[str, str]:
    """Suffix and content type. Raises Refused("wrong_type" | "unreadable_file" | "active_file" |
    "too_big")."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            parts = file.infolist()
            names = [one.filename for one in parts]
            if len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > MOST_UNPACKED:
                raise Refused(
                    "too_big", _("The file is far too large once unpacked."), field="file"
                )
            types = file.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise Refused(
            "unreadable_file", _("The file cannot be read; it may be cut off."), field="file"
        ) from error
    kind = next((found for part, found in KINDS.items() if part in names), None)
    if kind is None or not types:
        raise Refused(
            "wrong_type",
            _("Only PDF, pictures, Word and Excel (docx, xlsx) are taken."),
            field="file",
        )
    if any(ACTIVE.search(name) for name in names) or b"macroEnabled" in types:
        raise Refused(
            "active_file",
            _("The file holds macros or embedded objects: save it without them."),
            field="file",
        )
    return kind
