"""The officer's phone: one page for every address below /m/, and what keeps it on the phone.

The page holds no row and no name: what is shown comes from /mobile/data/ by way of the phone's own
store, so that it is the same with and without a network.
"""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from liaison.accounts.access import EVERYONE, open_to
from liaison.accounts.models import STATION_STAFF

SHELL = "mobile/shell.html"
SHEETS = tuple(
    f"css/{name}.css"
    for name in ("tokens", "phone", "phone-parts", "phone-forms", "phone-files", "phone-night")
)
ICON = "img/favicon.svg"
# Of the desk's scripts those that the phone's import.
SHARED = ("js/buttons.js", "js/live.js")


@open_to(*STATION_STAFF)
@require_safe
@gzip_page
def shell(request: HttpRequest, path: str = "") -> HttpResponse:
    """The page for whatever address below /m/: its own scripts know which screen that is."""
    return render(request, SHELL, _filling())


@open_to(EVERYONE)
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. It names what is to be kept, so a new version of any of it is a new
    worker, which the browser finds by itself."""
    kept = [static(name) for name in kept_files()]
    told = hashlib.sha256(render_to_string(SHELL, _filling()).encode())
    for name in kept_files():
        told.update(Path(finders.find(name) or "").read_bytes())
    context = {"kept": kept, "shell": reverse("phone"), "version": told.hexdigest()[:16]}
    answer = render(request, "mobile/worker.js", context, content_type="text/javascript")
    # It also answers for the cards at the gates, which are scanned where there is no network.
    answer["Service-Worker-Allowed"] = "/"
    answer["Cache-Control"] = "no-cache"
    return answer


@open_to(EVERYONE)
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to know to put this among its applications."""
    icon = {"src": static(ICON), "sizes": "any", "type": "image/svg+xml"}
    return JsonResponse(
        {
            "name": _("Liaison"),
            "short_name": pgettext("application", "Liaison"),
            "lang": request.LANGUAGE_CODE,
            "start_url": reverse("phone"),
            "scope": reverse("phone"),
            "display": "standalone",
            "background_color": "#f6f5f1",
            "theme_color": "#12305f",
            "icons": [icon, {**icon, "purpose": "maskable"}],
        },
        content_type="application/manifest+json",
    )


def _filling() -> dict[str, Any]:
    """Nothing here is about anybody: the page is kept for whoever opens it next."""
    # Named in the page itself, the scripts come all at once and not one after the other.
    scripts = [static(name) for name in kept_files() if name.endswith(".js")]
    return {
        "preloaded": scripts,
        "sheets": [static(name) for name in SHEETS],
        "most_seconds": settings.EVIDENCE_MAX_SECONDS,
    }


def kept_files() -> list[str]:
    """The names of the static files that the page needs."""
    folder = settings.BASE_DIR / "static"
    scripts = sorted(folder.glob("js/phone/**/*.js"))
    return [*SHEETS, ICON, *SHARED, *(str(one.relative_to(folder)) for one in scripts)]
