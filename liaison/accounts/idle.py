"""When a session was last known to be in use, and what becomes of it afterwards."""

import time
from datetime import datetime

from django.contrib.sessions.models import Session
from django.http import HttpRequest

SEEN = "seen"


def note_seen(request: HttpRequest) -> None:
    """Writing the session puts off its end, and that of the browser's cookie."""
    request.session[SEEN] = int(time.time())


def clear_ended_sessions(now: datetime) -> dict[str, int]:
    """Sessions that have ended stay in the table until they are deleted."""
    deleted, _of_each = Session.objects.filter(expire_date__lt=now).delete()
    return {"sessions": deleted}
