"""Which entries of a station's list look like one enterprise listed twice."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from enterprises.models import Contact, Enterprise
from liaison.accounts.models import Unit
from liaison.endings.preview import codes_differ

# What names of enterprises end in and are often listed without.
ENDINGS = re.compile(r"(股份有限公司|有限责任公司|有限公司|集团公司|集团|公司|厂|项目|工程)$")


@dataclass(frozen=True)
class Pair:
    """``other`` was listed first: that is the one to keep, unless somebody knows better."""

    one: Enterprise
    other: Enterprise
    why: str


def bare_name(name: str) -> str:
    """The name without its legal form, spaces and brackets: 示例铝业 of 示例铝业有限公司."""
    bare = re.sub(r"[\s()（）]", "", name).lower()
    while (shorter := ENDINGS.sub("", bare)) and shorter != bare:
        bare = shorter
    return bare


def pairs_at(unit: Unit) -> list[Pair]:
    """Pairs of live entries that share their bare name or a contact's telephone, and have no two
    different credit codes. Two queries; the station's own entries only, which are a few hundred."""
    live = Enterprise.objects.filter(unit=unit).live().order_by("pk")
    entries = {one.pk: one for one in live}
    phones = (
        Contact.objects.filter(enterprise__in=live.values("pk"))
        .present()
        .exclude(phone="")
        .values_list("phone", "enterprise_id")
    )
    found: dict[tuple[int, int], str] = {}
    for pair in _sharing((bare_name(one.name), pk) for pk, one in entries.items()):
        found.setdefault(pair, str(_("the same name")))
    for pair in _sharing(phones):
        found.setdefault(pair, str(_("a contact with the same telephone")))
    return [
        Pair(entries[later], entries[first], why)
        for (first, later), why in sorted(found.items())
        if not codes_differ(entries[first], entries[later])
    ]


def _sharing(values: Iterable[tuple[str, int]]) -> Iterator[tuple[int, int]]:
    """Pairs of keys under one value, the smaller first."""
    under: dict[str, set[int]] = defaultdict(set)
    for value, key in values:
        under[value].add(key)
    for keys in under.values():
        first, *rest = sorted(keys)
        yield from ((first, one) for one in rest)
