"""A list that was looked at, agreed to, and refused after all."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest

from liaison.core.refused import Refused


def tell_refused(request: HttpRequest, refused: Refused, renew: Callable[[], object]) -> None:
    """Say why. When what the list rests on has changed since its preview (``changed``), ``renew``
    makes that anew: people see what it would do now before they agree again."""
    messages.error(request, str(refused.message))
    if refused.code == "changed":
        renew()
