"""Every address of the product, from the URL configuration, and what stands behind it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from liaison.accounts.access import Rule, rule_of
from liaison.accounts.middleware import OWN_RULES

# "(?P<pk>[0-9]+)", also with one group inside, and "<int:pk>".
_ARGUMENT = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)|<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Address:
    """``route`` is plain: "enterprises/<pk>/edit/", whatever it was written in."""

    route: str
    view: Callable[..., Any]
    name: str | None

    @property
    def rule(self) -> Rule | None:
        return rule_of(self.view)

    @property
    def arguments(self) -> list[tuple[str, str]]:
        """(the word before it, its name) for each argument: ("enterprises", "pk")."""
        parts = self.route.split("/")
        found = []
        for n, part in enumerate(parts):
            for match in _ARGUMENT.finditer(part):
                words = [one for one in parts[:n] if not _ARGUMENT.search(one)]
                found.append((words[-1] if words else "", match[1] or match[2]))
        return found

    def path(self, stands_for: Callable[[str, str], object]) -> str:
        """A real address, each argument replaced by what it stands for."""
        values = iter([str(stands_for(word, name)) for word, name in self.arguments])
        return "/" + _ARGUMENT.sub(lambda _match: next(values), self.route)

    def __str__(self) -> str:
        return self.route or "/"


def plain(route: str) -> str:
    route = re.sub(r"/?\?\$$", "/", route.replace("^", "")).removesuffix("$")
    return _ARGUMENT.sub(lambda match: f"<{match[1] or match[2]}>", route)


def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[Address]:
    """All below the resolver, without those of libraries that have rules of their own."""
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, route)
        elif isinstance(entry, URLPattern) and not entry.callback.__module__.startswith(OWN_RULES):
            yield Address(plain(route), entry.callback, entry.name)


OURS = list(addresses(get_resolver()))
# The last resort of the API has no address of its own; it answers wherever there is none.
NAMED = [one for one in OURS if one.name]
_BY_ROUTE = {one.route: one for one in NAMED}
# A detail hangs directly below the list it belongs to.
LISTS_AND_DETAILS = [
    (_BY_ROUTE[match[1]], one)
    for one in NAMED
    if (match := re.fullmatch(r"(.+/)<(?:pk|number)>/", one.route)) and match[1] in _BY_ROUTE
]
