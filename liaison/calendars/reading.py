"""A calendar file: the published plan of a year as a table of dates."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from liaison.core.dates import parse_messy_date
from liaison.core.refused import Refused
from liaison.core.sheets import Row, UnreadableSheet, normalise_text, read_sheet
from liaison.core.workdays import CalendarRow, DayKind

HEADINGS = {
    "date": ("日期", "date", "放假日期"),
    "kind": ("类型", "kind", "类别", "性质", "type"),
    "name": ("名称", "name", "节日", "节日名称", "节假日名称", "holiday"),
}
KINDS = {
    DayKind.HOLIDAY: (
        "holiday", "public_holiday", "public holiday", "节假日", "法定节假日", "放假", "休息", "休",
    ),
    DayKind.MAKEUP: (
        "makeup", "makeup_workday", "makeup workday", "make-up workday", "调休上班", "补班", "上班",
        "调休工作日", "班",
    ),
    DayKind.NORMAL: ("normal", "正常", "正常上班", "工作日"),
}  # fmt: skip
KIND_OF = {word: kind for kind, words in KINDS.items() for word in words}
# Kept in English like every word of the program, and shown in the reader's language.
NAMES = {
    "元旦": gettext_noop("New Year's Day"),
    "春节": gettext_noop("Spring Festival"),
    "清明节": gettext_noop("Tomb-sweeping Day"),
    "劳动节": gettext_noop("Labour Day"),
    "端午节": gettext_noop("Dragon Boat Festival"),
    "中秋节": gettext_noop("Mid-autumn Festival"),
    "国庆节": gettext_noop("National Day"),
}
NAME_LENGTH = 40


def read_calendar(content: bytes, filename: str = "") -> list[CalendarRow]:
    """The rows of an XLSX, XLS or CSV with the columns date, kind and name (which may lack).

    Raises ``UnreadableSheet``, or Refused("invalid_rows") with every row that cannot be taken and
    why in ``details["errors"]``.
    """
    sheet = read_sheet(content, filename, aliases=HEADINGS)
    for field, words in (("date", _("Date")), ("kind", _("Kind"))):
        if field not in sheet.columns:
            raise UnreadableSheet("no_column", _("There is no column “%s”.") % words)
    if not sheet.rows:
        raise UnreadableSheet("no_rows", _("Below the headings there is no row."))
    found: dict[object, tuple[int, CalendarRow]] = {}
    errors = []
    for row in sheet.rows:
        try:
            one = _read(row)
            if one.on in found:
                raise ValueError(_("Row %d names this date already.") % found[one.on][0])
        except ValueError as error:
            errors.append({"row": row.number, "message": str(error)})
        else:
            found[one.on] = row.number, one
    if errors:
        raise Refused(
            "invalid_rows",
            _("Nothing was imported. %s")
            % " ".join(told(error["row"], error["message"]) for error in errors[:10]),
            field="file",
            details={"errors": errors},
        )
    return [one for _number, one in found.values()]


def told(row: object, message: object) -> str:
    """Where in the file something is wrong, and what."""
    return _("Row %(row)s: %(message)s") % {"row": row, "message": message}


def _read(row: Row) -> CalendarRow:
    on = parse_messy_date(row.values["date"])
    word = normalise_text(str(row.values["kind"] or ""))
    kind = KIND_OF.get(word.lower())
    if kind is None:
        raise ValueError(
            _("The kind “%(word)s” is none of: %(known)s.")
            % {"word": word[:40], "known": "、".join(map(_as_published, KINDS.values()))}
        )
    name = normalise_text(str(row.values.get("name") or ""))
    if len(name) > NAME_LENGTH:
        raise ValueError(_("The name is longer than %d characters.") % NAME_LENGTH)
    return CalendarRow(on, kind, NAMES.get(name, name))


def _as_published(words: tuple[str, ...]) -> str:
    """The word that lists in China use."""
    return next(word for word in words if not word.isascii())
