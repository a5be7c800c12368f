"""The marks that every page is written with; ``docs/ui.md`` shows each in use."""

import re
from datetime import date, datetime
from functools import cache, lru_cache
from itertools import pairwise, zip_longest
from typing import Any, Protocol
from urllib.parse import quote

from django import template
from django.http import QueryDict
from django.template.context import RequestContext
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from liaison.core import due as words
from liaison.core.identifiers import mask_phone

register = template.Library()

STAGE_TONES = {
    "raised": "amber",
    "accepted": "blue",
    "working": "blue",
    "waiting": "amber",
    "proposed": "jade",
    "closed": "jade",
}
DATE = re.compile(r"(\d{4}-\d\d-\d\d)")
TONES = frozenset({"blue", "seal", "amber", "jade"})
# What Django leaves as it is in a part of an address.
_SAFE = "/~:@!$&'()*+,;="
# The cursors of a page mean nothing in another order.
CURSORS = ("after", "before")


class _Staged(Protocol):
    stage: str

    def get_stage_display(self) -> str: ...


@register.simple_tag
def tag(text: object, tone: str = "") -> SafeString:
    """``{% tag "Listed" "seal" %}``"""
    return _tag(str(text), tone)


@register.simple_tag
def stage_tag(issue: _Staged) -> SafeString:
    """``{% stage_tag issue %}``: where a line of the bill stands."""
    return _stage_tag(type(issue), issue.stage, get_language())


@register.filter
def whole_dates(text: str) -> SafeString:
    """``{{ why|whole_dates }}``: a narrow column breaks between the words, not inside a date."""
    parts = DATE.split(text)
    wholes = (format_html('<span class="nowrap">{}</span>', one) for one in parts[1::2])
    between = zip_longest(parts[::2], wholes, fillvalue="")
    return format_html_join("", "{}{}", between)


@register.simple_tag
def due(
    due_at: datetime | None, now: datetime | None = None, start: datetime | None = None
) -> SafeString:
    """``{% due issue.next_due_at now issue.raised_at %}``: words, and a fuse burnt so far.

    For ``<td>{% due ... %}</td>``. Without ``start`` there is no fuse; without a date, a dash.
    """
    if due_at is None:
        return _none()
    said = words.moment(due_at, now or timezone.now())
    burnt = words.burnt(start, due_at, now or timezone.now()) if start else None
    # The words say it all to a screen reader; the fuse is for the eye.
    fuse = SafeString() if burnt is None else _fuse(burnt)
    # Only the words could hold anything to escape; the rest is ours, and digits.
    return SafeString(
        f'<span class="due {said.tone}"><b><time datetime="{due_at.isoformat(timespec="minutes")}"'
        f' title="{said.exact}">{escape(said.text)}</time></b>{fuse}</span>'
    )


@register.simple_tag
def due_on(day: date | None, today: date | None = None) -> SafeString:
    """``{% due_on cadence.next_visit_due_on today %}``: the same for a day without an hour."""
    if day is None:
        return _none()
    return _due_on(day, today or timezone.localdate(), get_language())


@register.simple_tag
def day(moment: datetime | date | None) -> SafeString:
    """``{% day visit.happened_at %}``: the date in China, with the hour for those who ask."""
    if moment is None:
        return _none()
    if isinstance(moment, datetime):
        # Nothing but digits: what escaping each of them takes is most of a row's time.
        whole = timezone.localtime(moment).isoformat(timespec="minutes")
        on = whole[:10]
        return SafeString(f'<time datetime="{whole}" title="{on} {whole[11:16]}">{on}</time>')
    return format_html('<time datetime="{0}">{0}</time>', moment.isoformat())


@register.simple_tag
def minute(moment: datetime | None) -> str:
    """``{% minute visit.happened_at %}``: date and time of day in China, nothing for none. Django's
    own filter takes as long as the rest of a row."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{local.date().isoformat()} {local.hour:02}:{local.minute:02}"


@register.simple_block_tag
def once(content: str) -> str:
    """``{% once as listed %}...{% endonce %}``: made here, and written wherever ``{{ listed }}``
    stands."""
    return content


@register.simple_tag
def link(name: str, key: object) -> str:
    """``{% link "issue_detail" issue.number %}``: as ``{% url %}``, for rows. The way to a page is
    looked up once, not for each row."""
    before, after = _around_key(name, get_script_prefix())
    return f"{before}{quote(str(key), safe=_SAFE)}{after}"


@register.filter
def shortened(text: str, most: int) -> str:
    """``{{ visit.summary|shortened:80 }}``: so many characters at most, "…" for what is left out.
    Django's own filter looks at each for what it is combined of, as no Chinese text is."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


@register.simple_tag
def stamp(moment: datetime, short: bool = False) -> SafeString:
    """``{% stamp event.at %}``: the same, for programs too; ``short=True`` leaves out the year."""
    local = timezone.localtime(moment)
    said = f"{local.date().isoformat()} {local.hour:02}:{local.minute:02}"
    return format_html(
        '<time datetime="{}">{}</time>',
        local.isoformat(timespec="minutes"),
        said[5:] if short else said,
    )


@register.filter
def masked(phone: str | None) -> str:
    """``{{ user.phone|masked }}``: enough to recognise a number, too little to misuse it."""
    return mask_phone(phone or "")


@register.simple_tag
def grade(value: str, show: bool = False) -> SafeString:
    """``{% grade enterprise.grade %}``: a dot, read aloud; ``show=True`` also writes the word."""
    return _grade(value, show, get_language())


@register.simple_tag
def empty(said: str, url: str = "", next_step: str = "") -> SafeString:
    """``{% empty _("No visits yet.") url _("Log a visit") %}``: nothing here, and what to do."""
    step = format_html('<a class="btn" href="{}">{}</a>', url, next_step) if url else SafeString()
    return format_html('<div class="empty"><p>{}</p>{}</div>', said, step)


@register.simple_tag
def share_bar(*parts: Any) -> SafeString:
    """``{% share_bar "seal" 6 "amber" 28 "jade" 131 %}``: parts of a whole as one bar.

    For the eye only: write the numbers beside it.
    """
    tones, amounts = parts[::2], [max(0, int(amount or 0)) for amount in parts[1::2]]
    whole = sum(amounts) or 1
    edges = [100 * sum(amounts[:place]) / whole for place in range(len(amounts) + 1)]
    pieces = format_html_join(
        "",
        '<rect class="fill-{}" x="{}" y="0" width="{}" height="10"/>',
        (
            (tone, f"{left:.2f}", f"{right - left:.2f}")
            for tone, (left, right) in zip(tones, pairwise(edges), strict=True)
        ),
    )
    return format_html(
        '<svg class="share" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        "{}</svg>",
        pieces,
    )


@register.simple_tag(takes_context=True)
def sort_header(context: RequestContext, name: str, label: str, param: str = "order") -> SafeString:
    """``{% sort_header "due" _("Next deadline") %}``: a ``<th>`` that turns the order round.

    The address carries ``order=due`` or ``order=-due``; filters stay, cursors go. The page's
    ``filter`` says which order holds where the address does not.
    """
    asked: QueryDict = context["request"].GET.copy()
    shown = context.get("filter")
    current = shown.order if shown is not None else asked.get(param, "")
    for cursor in CURSORS:
        asked.pop(cursor, None)
    asked[param] = f"-{name}" if current == name else name
    state = {name: "ascending", f"-{name}": "descending"}.get(current, "")
    arrow = {"ascending": "▲", "descending": "▼"}.get(state, "▴▾")
    return format_html(
        '<th scope="col"{}><a href="?{}">{}'
        '<span class="arrow" aria-hidden="true">{}</span></a></th>',
        format_html(' aria-sort="{}"', state) if state else "",
        asked.urlencode(),
        label,
        arrow,
    )


# A ledger says the same few marks in every row. Each is made once a language, which is why these
# take one that they do not read: the translation looks at the one in force.


@cache
def _stage_tag(model: type[Any], stage: str, language: str | None) -> SafeString:
    return tag(model(stage=stage).get_stage_display(), STAGE_TONES.get(stage, ""))


@lru_cache(maxsize=64)
def _around_key(name: str, prefix: str) -> tuple[str, str]:
    """What stands before and after the one argument of a route; under ``prefix``, which the lookup
    itself adds."""
    before, _zero, after = reverse(name, args=["0"]).rpartition("0")
    if reverse(name, args=["1"]) != f"{before}1{after}":
        raise template.TemplateSyntaxError(f"{name!r} has more in it than the key of one row")
    return before, after


@lru_cache(maxsize=1024)
def _tag(text: str, tone: str) -> SafeString:
    if tone and tone not in TONES:
        raise template.TemplateSyntaxError(f"{tone!r} is no tone; there are {sorted(TONES)}")
    return format_html('<span class="tag{}">{}</span>', f" {tone}" if tone else "", text)


@lru_cache(maxsize=2048)
def _due_on(day: date, today: date, language: str | None) -> SafeString:
    said = words.day(day, today)
    return format_html(
        '<span class="due {}"><b><time datetime="{}" title="{}">{}</time></b></span>',
        said.tone,
        day.isoformat(),
        said.exact,
        said.text,
    )


@lru_cache(maxsize=128)
def _fuse(burnt: int) -> SafeString:
    return format_html(
        '<progress class="fuse" max="100" value="{}" aria-hidden="true"></progress>', burnt
    )


@lru_cache(maxsize=64)
def _grade(value: str, show: bool, language: str | None) -> SafeString:
    marks = {
        "red": ("r", pgettext("grade", "Red")),
        "yellow": ("y", pgettext("grade", "Yellow")),
        "green": ("g", pgettext("grade", "Green")),
    }
    if value not in marks:
        return SafeString()
    shape, word = marks[value]
    return format_html(
        '<span class="grade {}" title="{}"></span><span class="{}">{} </span>',
        shape,
        word,
        "" if show else "sr-only",
        word,
    )


def _none() -> SafeString:
    return _dash(get_language())


@lru_cache(maxsize=8)
def _dash(language: str | None) -> SafeString:
    return format_html(
        '<span class="faint" aria-hidden="true">—</span><span class="sr-only">{}</span>',
        _("None"),
    )
