"""What every ledger does alike: read its filters, cut a page, export what is shown."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.db.models import F, OrderBy, QuerySet
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponseBase,
    QueryDict,
    StreamingHttpResponse,
)
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from liaison.core.forms import Ticks
from liaison.core.paging import BadCursor, KeysetPage, paginate
from liaison.core.sheets import CellValue, Column, write_csv, write_xlsx

# Parameters of the page itself, which no filter form knows.
OF_THE_PAGE = frozenset({"after", "before", "order"})
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class LedgerFilter(forms.Form):
    """A ledger's filters, read from the address.

    What cannot be understood is told (``complaints``) and left out, never ignored in silence.
    ``orders`` maps the names a person may ask for to the columns they mean; a name with a minus
    is that order turned round. ``default_order`` holds when nothing was asked.
    """

    orders: Mapping[str, Sequence[str]] = {"id": ("id",)}
    default_order = "id"

    def __init__(self, data: QueryDict, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.asked = data
        self.narrow()
        for field in self.fields.values():
            if isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
                # Boxes to tick in a drop-down: nobody finds out about Ctrl and click.
                field.widget = Ticks()
                field.widget.choices = field.choices
        self.full_clean()
        # Of what was not asked for nothing is known: a queryset of none is one all the same, and
        # finding it empty costs as much as a query.
        self.given = {name: one for name, one in self.cleaned_data.items() if name in data}
        self.complaints = [
            f"{self.fields[name].label if name in self.fields else name}: {error}"
            for name, errors in self.errors.items()
            for error in errors
        ]
        unknown = sorted(set(data) - set(self.fields) - OF_THE_PAGE)
        self.complaints += [_("There is no filter “%s”.") % name for name in unknown]
        self.order = data.get("order") or self.default_order
        if self.order.removeprefix("-") not in self.orders:
            self.complaints.append(_("The list cannot be ordered by “%s”.") % self.order)
            self.order = self.default_order

    def narrow(self) -> None:
        """Limit choices to what the person sees; on this instance, never on the shared class."""

    def chosen(self, name: str) -> Any:
        """The cleaned value of a filter, empty when it was not given or not understood."""
        return self.given.get(name)

    @property
    def narrowed(self) -> bool:
        """Whether anything was asked at all: an empty list then needs other words."""
        return any(self.given.values())

    def narrowed_besides(self, *names: str) -> bool:
        """Whether any other filter than these was asked for."""
        return any(value for key, value in self.given.items() if key not in names)

    @property
    def columns(self) -> Sequence[str]:
        columns = self.orders[self.order.removeprefix("-")]
        return [turned(name) for name in columns] if self.order.startswith("-") else columns


def turned(column: str) -> str:
    """The same column in the other direction."""
    return column[1:] if column.startswith("-") else f"-{column}"


def cut_page(
    request: HttpRequest, rows: QuerySet[Any], columns: Sequence[str], *, size: int = 25
) -> KeysetPage[Any]:
    """The page the address asks for; the first when its cursor is out of date."""
    after, before = request.GET.get("after"), request.GET.get("before")
    try:
        return paginate(rows, columns, after=after, before=before, size=size)
    except BadCursor:
        return paginate(rows, columns, size=size)


def counted_to(rows: QuerySet[Any], most: int = 1000) -> str:
    """How many rows, as it is shown; counting ends where it tells nothing more."""
    found = rows.order_by()[: most + 1].count()
    return f"{most}+" if found > most else str(found)


def nulls_last(columns: Sequence[str]) -> list[OrderBy]:
    """The order of the pages, for rows that are read in one go."""
    return [
        F(name[1:]).desc(nulls_last=True) if name.startswith("-") else F(name).asc(nulls_last=True)
        for name in columns
    ]


def in_language(language: str | None, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces, each made in this language: a stream is sent after the request's has ended."""
    made = iter(pieces)
    while True:
        # Not around the yield: between two pieces this thread may serve somebody else.
        with translation.override(language):
            piece = next(made, None)
        if piece is None:
            return
        yield piece


def export(
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, CellValue]],
    *,
    name: str,
    title: str,
    kind: str,
) -> HttpResponseBase:
    """The rows as a download, ``kind`` csv or xlsx; neither is held in memory as a whole."""
    filename = f"{name}-{timezone.localdate():%Y%m%d}.{kind}"
    if kind == "csv":
        return StreamingHttpResponse(
            in_language(get_language(), write_csv(columns, rows)),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{filename}"'},
        )
    # The response closes it; once closed the temporary file is gone.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    write_xlsx(columns, rows, title, cast("Any", file))
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=filename, content_type=XLSX)
