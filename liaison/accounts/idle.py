"""When a session was last known to be in use, and what becomes of it afterwards."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.sessions.models import Session
from django.http import HttpRequest

SEEN = "seen"


def unattended(view: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator of a view that pages ask by themselves: nobody need be there, so that being asked
    does not put off the end of a session."""
    view.unattended = True  # type: ignore[attr-defined]
    return view


def note_seen(request: HttpRequest) -> None:
    """Writing the session puts off its end, and that of the browser's cookie."""
    request.session[SEEN] = int(time.time())


def clear_ended_sessions(now: datetime) -> dict[str, int]:
    """Sessions that have ended stay in the table until they are deleted."""
    deleted, _of_each = Session.objects.filter(expire_date__lt=now).delete()
    return {"sessions": deleted}
