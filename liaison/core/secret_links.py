"""Links that are their own key.

What is kept of one opens nothing: its hash and, where it has yet to be sent, a seed from which only
this server's own secret makes the token again.
"""

import hashlib
import secrets

from django.utils.crypto import salted_hmac

# 256 bits: nobody guesses it, so that its hash needs no salt.
_BYTES = 32
_PURPOSE = "liaison.core.secret_links"


def new_seed() -> str:
    return secrets.token_urlsafe(_BYTES)


def token_of(seed: str) -> str:
    """The token that belongs to a seed, for as long as SECRET_KEY stays."""
    return salted_hmac(_PURPOSE, seed, algorithm="sha256").hexdigest()


def hashed(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
