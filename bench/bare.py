"""The barest pages of so many bytes: they ask for no data."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines

from liaison.accounts.access import SIGNED_IN, open_to

COLUMNS = 6
CELL = "示例机械有限公司 on 2026-03-05"
TABLE = engines["django"].from_string(
    "<!doctype html><title>{{ title }}</title><table>"
    "{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>"
    "{% endfor %}</table>"
)
ROW_BYTES = COLUMNS * (len(CELL.encode()) + len("<td></td>")) + len("<tr></tr>")


@open_to(SIGNED_IN)
def table(request: HttpRequest, size: int) -> HttpResponse:
    """An HTML table of about so many bytes, for somebody who has signed in."""
    rows = [[CELL] * COLUMNS] * max(size // ROW_BYTES, 1)
    return HttpResponse(TABLE.render({"rows": rows, "title": request.user}, request))


@open_to(SIGNED_IN)
def listing(request: HttpRequest, size: int) -> HttpResponse:
    """A JSON list of about so many bytes, likewise."""
    row = {f"field{n}": CELL for n in range(COLUMNS)}
    each = len(JsonResponse(row).content)
    rows = [row] * max(size // each, 1)
    return JsonResponse({"user": str(request.user), "results": rows})
