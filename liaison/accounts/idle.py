"""When a session was last known to be in use."""

import time

from django.http import HttpRequest

SEEN = "seen"


def note_seen(request: HttpRequest) -> None:
    """Writing the session puts off its end, and that of the browser's cookie."""
    request.session[SEEN] = int(time.time())
