"""Finding the heading row, and which column is which field."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from liaison.core.sheets.grid import GridRow
from liaison.core.sheets.text import normalise_text

Aliases = Mapping[str, Sequence[str]]

# Above the headings stand a title, who filled the form in, and notes, but not more than this.
SEARCHED_ROWS = 30
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|<[^<>]*>|〔[^〔〕]*〕|\{[^{}]*\}")
_INDEX = frozenset(["序号", "no", "#", "编号no"])


@dataclass(slots=True)
class Headings:
    """The heading row, or pair of rows, and what it means.

    ``fields`` and ``names`` go from column (from 0) to field and to the heading as written;
    ``doubled`` are headings of a field that an earlier column has already.
    """

    rows: list[GridRow]
    names: dict[int, str]
    fields: dict[int, str] = field(default_factory=dict)
    doubled: dict[int, str] = field(default_factory=dict)


# Asked of every cell, to find headings repeated on every page; most columns hold few words.
@lru_cache(maxsize=4096)
def heading_key(heading: str) -> str:
    """A heading without what varies: blanks, width, case, asterisks and punctuation."""
    return "".join(c for c in normalise_text(heading).lower() if c.isalnum() or c == "#")


def _bare_key(heading: str) -> str:
    """The key without what stands in brackets, such as a unit: 注册资本(万元)."""
    text, before = normalise_text(heading), ""
    while text != before:
        before, text = text, _BRACKETS.sub("", text)
    return heading_key(text)


def is_index(heading: str) -> bool:
    """Whether the column only numbers the rows (序号)."""
    return heading_key(heading) in _INDEX or heading.strip() == "#"


def find_headings(rows: Sequence[GridRow], aliases: Aliases) -> Headings | None:
    """The best heading row among ``rows``, one level or two; None when nothing is known there.

    Without aliases the first row with two texts is taken, and no column is known.
    """
    if not aliases:
        for row in rows:
            names = _names(row)
            if len(names) > 1 or len(rows) == 1:
                return Headings([row], names)
        return Headings([rows[0]], _names(rows[0])) if rows else None
    exact = _index(aliases)
    best: Headings | None = None
    for position, row in enumerate(rows):
        single = Headings([row], _names(row))
        _match(single, exact)
        if best is None or len(single.fields) > len(best.fields):
            best = single
        if position + 1 == len(rows):
            break
        double = _two_levels(row, rows[position + 1], exact)
        if double and (
            len(double.fields) > len(best.fields)
            # Equal, but cells reach over both rows: so the lower one is no data.
            or (
                len(double.fields) == len(best.fields)
                and best.rows[-1] in double.rows
                and len(best.rows) == 1
                and _reach_down(row, rows[position + 1])
            )
        ):
            best = double
    return best if best and best.fields else None


def _index(aliases: Aliases) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, headings in aliases.items():
        for heading in (*headings, name):
            found.setdefault(heading_key(heading), name)
    found.pop("", None)
    return found


def _names(row: GridRow) -> dict[int, str]:
    """The headings of one row; a date or a number is no heading, but ``2026`` as text is."""
    return {
        column: " ".join(value.split())
        for column, value in enumerate(row.cells)
        if isinstance(value, str)
    }


def _match(headings: Headings, exact: Mapping[str, str]) -> None:
    """Give fields to columns: exact headings first, then without brackets, then the lower level."""
    taken: dict[str, int] = {}
    keys = {column: _keys(name) for column, name in headings.names.items()}
    for attempt in range(3):
        for column in headings.names:
            if column in headings.fields or column in headings.doubled:
                continue
            name = exact.get(keys[column][attempt])
            if name is None:
                continue
            if name in taken:
                headings.doubled[column] = name
            else:
                taken[name] = column
                headings.fields[column] = name


def _keys(name: str) -> tuple[str, str, str]:
    """The heading as it is, without brackets, and the lower of two levels alone."""
    return heading_key(name), _bare_key(name), _bare_key(name.rpartition("/")[2])


def _two_levels(upper: GridRow, lower: GridRow, exact: Mapping[str, str]) -> Headings | None:
    """Both rows as one: 法定代表人 over 姓名 and 电话 gives 法定代表人/姓名 and 法定代表人/电话."""
    above, below = _names(upper), _names(lower)
    if len(set(above.values())) < 2 or len(above) + len(upper.spread) < 2 or not below:
        return None
    if any(not isinstance(v, str) for v in lower.cells if v is not None):
        return None
    names: dict[int, str] = {}
    group = ""
    for column in range(max(upper.width, lower.width)):
        over = upper.shown(column)
        own = str(over) if over is not None else ""
        leaf = below.get(column, "")
        # In a CSV nothing is merged: a group stands over its first column only.
        group = own or (group if leaf else "")
        if leaf and group and heading_key(leaf) != heading_key(group):
            names[column] = f"{' '.join(group.split())}/{leaf}"
        elif leaf or own:
            names[column] = leaf or " ".join(own.split())
    found = Headings([upper, lower], names)
    _match(found, exact)
    return found


def _reach_down(upper: GridRow, lower: GridRow) -> bool:
    same = [
        column
        for column, value in enumerate(upper.cells)
        if value is not None and column < len(lower.cells) and lower.cells[column] == value
    ]
    return bool(same) and bool(upper.spread)
