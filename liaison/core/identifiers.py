"""Numbers that people type from paper: credit codes, resident ids, phones.

A check answers ``None`` or a fault that names the place, so that the person at the keyboard looks
at one character instead of eighteen. A fault never repeats the whole number: resident ids must
not end up in logs.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Message = str | Promise

# GB 32100-2015, table 1: no I, O, S, V, Z, which are easily read as 1, 0, 5, U, 2.
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
# GB 11714: the organisation code inside, positions 9-16, guarded by position 17.
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
# GB 11643-1999: the weights 2^(17-i) mod 11 and the check characters by remainder.
_RESIDENT_WEIGHTS = tuple(pow(2, 17 - i, 11) for i in range(17))
_RESIDENT_CHECKS = "10X98765432"
# Dashes, invisible characters and accents, which no number contains.
_NOISE = frozenset({"Pd", "Cf", "Cc", "Mn"})


@dataclass(frozen=True, slots=True)
class IdentifierFault:
    """What is wrong with a number.

    ``code`` is stable: ``length``, ``character``, ``check_digit`` or ``birth_date``.
    ``position`` counts from 1 and is None when the number as a whole is too short or too long.
    ``expected`` is the character that would make the number right, where that is known.
    """

    code: str
    message: Message
    position: int | None = None
    expected: str | None = None

    def __str__(self) -> str:
        return str(self.message)


class CreditCodeFault(IdentifierFault):
    """A fault in a unified social credit code."""

    __slots__ = ()


class ResidentIdFault(IdentifierFault):
    """A fault in a resident identity number."""

    __slots__ = ()


def _compact(text: str) -> str:
    """Half-width, upper-case, without blanks, dashes and invisible characters."""
    half = unicodedata.normalize("NFKC", text).upper()
    kept = (c for c in half if not c.isspace() and unicodedata.category(c) not in _NOISE)
    return unicodedata.normalize("NFKC", "".join(kept))


def normalise_credit_code(text: str) -> str:
    """The code as it is stored: half-width, upper-case, nothing between the characters."""
    return _compact(text)


def normalise_resident_id(text: str) -> str:
    """The number as it is stored: half-width, a final x in upper case, nothing in between."""
    return _compact(text)


def check_credit_code(code: str) -> CreditCodeFault | None:
    """Check a normalised unified social credit code by GB 32100-2015 (check digit mod 31).

    The standard's weights find every single wrong character, but cannot say which one it is;
    the organisation code inside has a check digit of its own (GB 11714), which narrows it down.
    """
    if len(code) != 18:
        return CreditCodeFault(
            "length",
            _("A credit code has 18 characters; this one has %(count)d.") % {"count": len(code)},
        )
    for position, character in enumerate(code, 1):
        # Positions 3-8 are the administrative division, digits only.
        allowed = "0123456789" if 3 <= position <= 8 else _CREDIT_ALPHABET
        if character not in allowed:
            expected = _fitting_credit_character(code, position)
            if expected is not None and expected not in allowed:
                expected = None
            return CreditCodeFault(
                "character", _wrong_character(position, character, expected), position, expected
            )
    expected = _CREDIT_ALPHABET[-_credit_sum(code[:17]) % 31]
    if code[17] == expected:
        return None
    values = {"found": code[17], "expected": expected}
    if _organisation_code_fits(code[8:17]):
        message = _(
            "Position 18 is “%(found)s” but should be “%(expected)s” after the 17 characters "
            "before it. Compare position 18 and positions 1 to 8 with the licence."
        )
    else:
        message = _(
            "Position 18 is “%(found)s” but should be “%(expected)s” after the 17 characters "
            "before it. Positions 9 to 17 do not fit each other: compare them with the licence."
        )
    return CreditCodeFault("check_digit", message % values, 18, expected)


def check_resident_id(number: str) -> ResidentIdFault | None:
    """Check a normalised resident identity number by GB 11643-1999 (check digit mod 11).

    Numbers of 15 digits have been invalid since 2013 and are refused by their length.
    """
    if len(number) != 18:
        return ResidentIdFault(
            "length",
            _("An identity number has 18 characters; this one has %(count)d.")
            % {"count": len(number)},
        )
    for position, character in enumerate(number, 1):
        allowed = "0123456789X" if position == 18 else "0123456789"
        if character not in allowed:
            return ResidentIdFault(
                "character", _wrong_character(position, character, None), position
            )
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return ResidentIdFault(
            "birth_date", _("Positions 7 to 14 are not a date of birth (year, month, day)."), 7
        )
    total = sum(int(c) * w for c, w in zip(number[:17], _RESIDENT_WEIGHTS, strict=True))
    expected = _RESIDENT_CHECKS[total % 11]
    if number[17] == expected:
        return None
    return ResidentIdFault(
        "check_digit",
        _(
            "Position 18 is “%(found)s” but should be “%(expected)s” after the 17 digits before "
            "it: one of the 18 is mistyped."
        )
        % {"found": number[17], "expected": expected},
        18,
        expected,
    )


def _wrong_character(position: int, found: str, expected: str | None) -> Message:
    if expected is None:
        return _("Position %(position)d is “%(found)s”, which cannot stand there.") % {
            "position": position,
            "found": found,
        }
    return _(
        "Position %(position)d is “%(found)s”, which cannot stand there; "
        "it should be “%(expected)s”."
    ) % {"position": position, "found": found, "expected": expected}


def _credit_sum(first: str) -> int:
    return sum(_CREDIT_ALPHABET.index(c) * w for c, w in zip(first, _CREDIT_WEIGHTS, strict=True))


def _fitting_credit_character(code: str, position: int) -> str | None:
    """The one character that fits at ``position`` if all others are right.

    31 is prime, so every weight has an inverse and there is exactly one such character.
    """
    others = code[: position - 1] + code[position:]
    if any(c not in _CREDIT_ALPHABET for c in others):
        return None
    # The check digit itself counts once: the 18 weighted values add up to a multiple of 31.
    weights = (*_CREDIT_WEIGHTS, 1)
    total = sum(
        _CREDIT_ALPHABET.index(c) * weights[i] for i, c in enumerate(code) if i != position - 1
    )
    return _CREDIT_ALPHABET[-total * pow(weights[position - 1], -1, 31) % 31]


def _organisation_code_fits(code: str) -> bool:
    total = sum(int(c, 36) * w for c, w in zip(code[:8], _ORGANISATION_WEIGHTS, strict=True))
    return code[8] == "0123456789X"[-total % 11]


_MOBILE = re.compile(r"1[3-9]\d{9}")
# Ministry's numbering plan: 010 and 02x have three digits, all other areas four; then 7-8 digits.
_LANDLINE = re.compile(r"(010|02\d|0[3-9]\d{2})([1-9]\d{6,7})")
_LOCAL = re.compile(r"[2-8]\d{6,7}")
_SERVICE = re.compile(r"([48]00)(\d{3})(\d{4})")
_SHORT = re.compile(r"1(?:10|19|20|22)|9[56]\d{3,4}|12\d{3}")
_EXTENSION = re.compile(r"(?:转|分机|EXT\.?|X|#|,)\s*(\d{1,6})$")


def normalise_phone(text: str) -> str:
    """The number as it is stored: ``13812345521``, ``0532-88406110``, ``0532-88406110-801``.

    Takes +86, 0086, blanks, dashes, brackets and full-width digits. Raises ``ValueError`` with a
    message for people when it is not one Chinese number; two numbers in one cell are two.
    """
    half = unicodedata.normalize("NFKC", text).upper().strip()
    extension = ""
    if found := _EXTENSION.search(half):
        half, extension = half[: found.start()], f"-{found[1]}"
    elif found := re.search(r"[2-8]\d{6,7}\s*[-–—]\s*(\d{1,4})$", half):
        half, extension = half[: found.start(1)], f"-{found[1]}"
    if re.search(r"[^\d\s()+.\-‐-―−]", "".join(c for c in half if c.isprintable())):
        raise ValueError(_("This is not a phone number."))
    digits = re.sub(r"\D", "", half)
    digits = re.sub(r"^(?:00)?86(?=1[3-9]\d{9}$|0?[1-9]\d{8,10}$)", "", digits)
    # Abroad the area code loses its 0, and 「+86 (0)532」 is seen as well.
    abroad = re.match(r"\s*(?:\+|00)\s*86", half) is not None
    if not extension and _MOBILE.fullmatch(digits):
        return digits
    if found := _SERVICE.fullmatch(digits):
        return "-".join(found.groups()) + extension
    for candidate in (digits, f"0{digits}") if abroad else (digits,):
        if found := _LANDLINE.fullmatch(candidate):
            return f"{found[1]}-{found[2]}{extension}"
    if _LOCAL.fullmatch(digits):
        return digits + extension
    if _SHORT.fullmatch(digits):
        return digits
    raise ValueError(
        _("This is not a phone number: a mobile number has 11 digits, a landline an area code.")
    )


def mask_phone(phone: str) -> str:
    """The number as it is shown where it need not be dialled: ``138 **** 5521``.

    Of a landline the area code stays: ``0532 **** 6110``. Short or odd values are hidden whole.
    """
    try:
        stored = normalise_phone(phone)
    except ValueError:
        return "****" if phone.strip() else ""
    if _MOBILE.fullmatch(stored):
        return f"{stored[:3]} **** {stored[-4:]}"
    parts = stored.split("-")
    if len(parts) >= 2 and parts[0].startswith("0"):
        return f"{parts[0]} **** {parts[1][-4:]}"
    digits = stored.replace("-", "")
    return f"**** {digits[-4:]}" if len(digits) > 6 else "****"


# Twelve digits and more are no phone number; fewer name nobody.
_LONG_NUMBER = re.compile(r"(?<!\d)\d{12,17}[\dXx]?(?!\d)")


def mask_resident_id(number: str) -> str:
    """The number as it is shown: ``3702**********1234``."""
    if len(number) < 12:
        return "*" * len(number)
    return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}"


def without_numbers(text: str) -> str:
    """Text with whatever could be an identity number masked: for reasons, names of files and
    whatever else people write a number into where none belongs."""
    half = unicodedata.normalize("NFKC", text)
    tight = re.sub(r"(?<=\d)[\s-]+(?=[\dXx])", "", half)
    found = tight if _LONG_NUMBER.search(tight) else text
    return _LONG_NUMBER.sub(lambda match: mask_resident_id(match[0]), found)
