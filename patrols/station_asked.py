"""Whose night a page of patrols shows: one's own station's, or the one that the address names."""

from django.http import HttpRequest

from liaison.accounts.models import Unit, User


def station_asked(request: HttpRequest) -> Unit | None:
    """``?unit=`` among what this person sees, by its code; without it one's own station. None for a
    bureau that has not chosen, and for what there is not."""
    user: User = request.user  # type: ignore[assignment]
    code = request.GET.get("unit", "")
    if code:
        return Unit.objects.visible_to(user).stations().filter(code=code).first()
    own = user.unit
    return own if own is not None and own.kind == Unit.Kind.STATION else None
