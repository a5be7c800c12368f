"""What the frame of every staff page is written with."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from liaison.staff.navigation import Entry

register = template.Library()

_CURRENT = mark_safe(' aria-current="page"')


@register.simple_tag
def entries(listed: Iterable[Entry]) -> SafeString:
    """``{% entries nav as listed %}``: the side navigation, once for both places it stands in."""
    items = ((one.url, _CURRENT if one.current else "", one.label, _count(one)) for one in listed)
    return format_html(
        "<ul>{}</ul>", format_html_join("", '<li><a href="{}"{}>{}{}</a></li>', items)
    )


def _count(entry: Entry) -> SafeString:
    if not entry.count:
        return SafeString()
    return format_html(
        ' <span class="count{}">{}<span class="sr-only"> {}</span></span>',
        " hot" if entry.hot else "",
        entry.count,
        entry.hint,
    )
