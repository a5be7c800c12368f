"""Telling the browser which draft the server has taken."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# static/js/portal/draft.js forgets the draft of this id. It says nothing about anybody.
TAKEN = "draft_taken"
LONGEST = 40
SECONDS = 3600


class DraftTakenMiddleware:
    """A form that came with a ``draft_id`` and was answered by going on to another page has been
    taken; any other answer, the way to the sign-in page too, leaves it on the device."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "POST" or response.status_code not in (302, 303):
            return response
        draft, user = request.POST.get("draft_id", ""), request.user
        # Whoever owes a password was sent to choose one, and the form was not looked at.
        heard = user.is_authenticated and not user.must_change_password
        if heard and 0 < len(draft) <= LONGEST and draft.isalnum():
            response.set_cookie(
                TAKEN, draft, max_age=SECONDS, secure=request.is_secure(), samesite="Lax"
            )
        return response
