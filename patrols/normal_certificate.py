"""How numbers of guard certificates are written, so that equal ones are equal."""

import unicodedata


def normal_certificate(text: str) -> str:
    """A certificate number as it is kept: no blanks, half width, capitals."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())
