"""The barest page of one line: what its page shows is read, and nothing made of it."""

from itertools import chain, cycle, islice

from django.http import HttpRequest, HttpResponse

from bench.bare import TABLE
from issues.models import Issue
from liaison.accounts.access import SIGNED_IN, open_to

# The line with those it points at, and what belongs to it; a query each.
POINTED_AT = ("unit", "enterprise", "kind", "handler", "raised_by", "policy")
PARTS = ("events", "attachments", "pauses", "extensions", "escalations")


@open_to(SIGNED_IN)
def line_table(request: HttpRequest, pk: int, size: int) -> HttpResponse:
    """An HTML table of about so many bytes, for somebody who has signed in: the columns of the line
    and of its parts, over and over."""
    line = Issue.objects.select_related(*POINTED_AT).get(pk=pk)
    parts = [line, *chain.from_iterable(getattr(line, name).all() for name in PARTS)]
    rows = [
        [str(getattr(part, field.attname)) for field in part._meta.concrete_fields]
        for part in parts
    ]
    each = sum(len(f"<td>{cell}</td>".encode()) for cell in chain.from_iterable(rows)) / len(rows)
    enough = islice(cycle(rows), max(round(size / each), 1))
    return HttpResponse(TABLE.render({"rows": enough, "title": request.user}, request))
