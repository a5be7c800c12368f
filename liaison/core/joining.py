"""Several things in a row, with the mark that the language puts between them."""

from collections.abc import Iterable

from django.utils.translation import pgettext


def joined(parts: Iterable[object]) -> str:
    return pgettext("between things", ", ").join(str(one) for one in parts)
