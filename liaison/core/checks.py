"""What is said at the start about sealing fields."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from liaison.core.sealing import AES, CIPHERS, available, has_sm3


@register()
def fields_can_be_sealed(**_kwargs: Any) -> list[CheckMessage]:
    """FIELD_CIPHER names a cipher that there is, and FIELD_KEYS holds a key."""
    if settings.FIELD_CIPHER not in CIPHERS:
        return [Error(f"FIELD_CIPHER must be one of: {', '.join(CIPHERS)}.", id="liaison.E001")]
    if not has_sm3():
        return [
            Error("This OpenSSL has no SM3, by which sealed values are found.", id="liaison.E002")
        ]
    if not available(settings.FIELD_CIPHER):
        said = f"This OpenSSL has no {settings.FIELD_CIPHER}: fields are sealed with {AES} instead."
        hint = "Install a build of cryptography with it, or set FIELD_CIPHER to what is used."
        return [Warning(said, hint=hint, id="liaison.W001")]
    return []
