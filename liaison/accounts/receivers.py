"""What a sign-in begins, and what ends with a password or an account."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from rest_framework.authtoken.models import Token

from liaison.accounts.idle import note_seen
from liaison.accounts.models import FeedLink, User
from liaison.accounts.signals import password_changed, person_changed


@receiver(password_changed)
def tokens_end_with_the_password(sender: object, *, user: User, **_more: Any) -> None:
    # A token is as good as the password it was given for.
    Token.objects.filter(user=user).delete()


@receiver(person_changed)
def tokens_end_with_the_account(sender: object, *, user: User, deed: str, **_more: Any) -> None:
    if deed in ("closed", "password_reset"):
        Token.objects.filter(user=user).delete()
        FeedLink.objects.filter(person=user).delete()


@receiver(user_logged_in)
def a_session_begins_in_use(sender: object, *, request: HttpRequest, **_more: Any) -> None:
    # Whoever asked for a token has no session.
    if SESSION_KEY in request.session:
        note_seen(request)
