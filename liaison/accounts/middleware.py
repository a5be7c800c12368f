"""What every request passes on its way to a view."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import patch_vary_headers

from liaison.accounts.access import rule_of
from liaison.accounts.idle import SEEN, note_seen

# Views of libraries that carry no mark of ours, by module: their own rules apply.
OWN_RULES = (
    "django.views.i18n",
    "django.contrib.staticfiles",
    "django.views.static",
)


class ChosenLanguageMiddleware:
    """Chinese unless the person chose otherwise with the switch; never the browser's guess.

    Office machines often run an English system; Accept-Language would greet them in English.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class SignedInMiddleware:
    """What only matters once somebody is signed in: idle sessions end, and pages are not kept.

    What a program reads with a token it may keep, and must ask each time whether it still holds
    (Django's ConditionalGetMiddleware makes the ETag, from the bytes of the answer). Files it may
    not keep either: they are pictures of people and papers.

    A session ends SESSION_COOKIE_AGE after it was last written. It is written at most every
    ``REFRESH`` seconds, so that looking at a page costs no write; the end may come that much early.
    """

    REFRESH = 5 * 60

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Signed in by session or, inside DRF, by token.
        if request.user.is_authenticated:
            if _came_with_a_token(request) and not response.streaming:
                response["Cache-Control"] = "private, no-cache"
                patch_vary_headers(response, ["Authorization", "Cookie"])
            else:
                # The next one at this machine does not leaf back through it.
                response["Cache-Control"] = "private, no-store"
        match = request.resolver_match
        asked_by_itself = match is not None and getattr(match.func, "unattended", False)
        if SESSION_KEY in request.session and not asked_by_itself:
            since_seen = time.time() - request.session.get(SEEN, 0)
            if since_seen > self.REFRESH:
                note_seen(request)
        return response


def _came_with_a_token(request: HttpRequest) -> bool:
    """Whether DRF knows the person by a token; by session there is none to note."""
    return getattr(request, "auth", None) is not None


class AccessMiddleware:
    """Asks each view's rule; a view without one is a mistake of ours, not an open door."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if view.__module__.startswith(OWN_RULES):
            return None
        rule = rule_of(view)
        if rule is None:
            raise ImproperlyConfigured(f"{view.__module__}.{view.__qualname__} has no access rule")
        if getattr(view, "cls", None) is not None:
            # API views authenticate by token later, inside DRF; the rule is asked there.
            return None
        if rule.admits(request.user):  # type: ignore[arg-type]
            if _owes_a_password(request, view):
                return redirect("password_change")
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        # 404, not 403: a page that is not yours does not exist for you.
        raise Http404


def _owes_a_password(request: HttpRequest, view: Callable[..., Any]) -> bool:
    """Whether the person must first choose a password of their own."""
    return getattr(request.user, "must_change_password", False) and not getattr(
        view, "before_password", False
    )
