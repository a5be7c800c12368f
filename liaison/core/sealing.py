"""Sealing single fields, so that a copied database file, a backup or a query names nobody.

Authenticated encryption with the national cipher SM4 (GB/T 32907) in GCM, or AES-256-GCM where a
site asks for it. What is sealed belongs to one row: the row's identity is authenticated along, so
that a value copied into another row does not open there. Equal values are found again by a keyed
hash (HMAC-SM3, GB/T 32905), never by the sealed bytes, which differ each time.

A sealed value is: format, cipher, length of the key's id, that id, nonce, cipher text with tag.
"""

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

SM4, AES = "sm4-gcm", "aes-256-gcm"
CIPHERS = {SM4: 1, AES: 2}
_NAMES = {number: name for name, number in CIPHERS.items()}
_KEY_BYTES = {SM4: 16, AES: 32}
_FORMAT = 1
_NONCE, _TAG = 12, 16


class Unsealable(Exception):  # noqa: N818 - named for what it is, as Refused is
    """The bytes do not open: another row's, changed, or sealed with a key that is not here."""


def seal(text: str, *, row: str) -> bytes:
    """The text as it is kept in the row of this identity, by the first key."""
    key_id = next(iter(settings.FIELD_KEYS))
    cipher = cipher_in_use()
    name = key_id.encode()
    header = bytes((_FORMAT, CIPHERS[cipher], len(name))) + name
    nonce = os.urandom(_NONCE)
    work = Cipher(_algorithm(cipher, key_id), modes.GCM(nonce)).encryptor()
    work.authenticate_additional_data(_bound(header, row))
    return header + nonce + work.update(text.encode()) + work.finalize() + work.tag


def unseal(sealed: bytes | memoryview, *, row: str) -> str:
    """The text again. Raises ``Unsealable``, which never says what was inside."""
    data = bytes(sealed)
    key_id, cipher, header = _header(data)
    body = data[len(header) :]
    if key_id not in settings.FIELD_KEYS:
        raise Unsealable("sealed with a key that is not configured here")
    if len(body) < _NONCE + _TAG:
        raise Unsealable("cut off")
    nonce, tag = body[:_NONCE], body[-_TAG:]
    try:
        work = Cipher(_algorithm(cipher, key_id), modes.GCM(nonce, tag)).decryptor()
        work.authenticate_additional_data(_bound(header, row))
        return (work.update(body[_NONCE:-_TAG]) + work.finalize()).decode()
    except InvalidTag as error:
        raise Unsealable("changed, or of another row") from error
    except UnsupportedAlgorithm as error:
        raise Unsealable(f"this OpenSSL has no {cipher}") from error


def key_id_of(sealed: bytes | memoryview) -> str:
    """Which key sealed it: what is to be sealed anew when keys change."""
    return _header(bytes(sealed))[0]


def blind_index(text: str, *, scope: str) -> bytes:
    """What equal texts within a scope have in common, under the first key; tells nothing else."""
    return _index(next(iter(settings.FIELD_KEYS)), text, scope)


def blind_indexes(text: str, *, scope: str) -> list[bytes]:
    """The same under every key: rows written before a change of keys are found by the old one."""
    return [_index(key_id, text, scope) for key_id in settings.FIELD_KEYS]


def cipher_in_use() -> str:
    """The cipher asked for; AES-256-GCM where this OpenSSL lacks it, which a check says."""
    wanted: str = settings.FIELD_CIPHER
    return wanted if available(wanted) else AES


@lru_cache
def available(cipher: str) -> bool:
    """Whether the OpenSSL at hand has the cipher in this mode."""
    algorithm = _of_name(cipher, b"\0" * _KEY_BYTES[cipher])
    try:
        Cipher(algorithm, modes.GCM(b"\0" * _NONCE)).encryptor()
    except UnsupportedAlgorithm:
        return False
    return True


@lru_cache
def has_sm3() -> bool:
    """Whether the OpenSSL at hand has the hash that blind indexes are made with."""
    try:
        hashes.Hash(hashes.SM3())
    except UnsupportedAlgorithm:
        return False
    return True


def _header(data: bytes) -> tuple[str, str, bytes]:
    if len(data) < 3 or data[0] != _FORMAT or data[1] not in _NAMES:
        raise Unsealable("not sealed by this program")
    end = 3 + data[2]
    try:
        return data[3:end].decode(), _NAMES[data[1]], data[:end]
    except UnicodeDecodeError as error:
        raise Unsealable("not sealed by this program") from error


def _bound(header: bytes, row: str) -> bytes:
    return header + b"\0" + row.encode()


def _algorithm(cipher: str, key_id: str) -> algorithms.SM4 | algorithms.AES:
    return _of_name(cipher, _derived(settings.FIELD_KEYS[key_id], cipher, _KEY_BYTES[cipher]))


def _of_name(cipher: str, key: bytes) -> algorithms.SM4 | algorithms.AES:
    return algorithms.SM4(key) if cipher == SM4 else algorithms.AES(key)


def _index(key_id: str, text: str, scope: str) -> bytes:
    key = _derived(settings.FIELD_KEYS[key_id], "blind-index", 32)
    code = hmac.HMAC(key, hashes.SM3())
    code.update(f"{scope}\0{text}".encode())
    return code.finalize()


@lru_cache(maxsize=64)
def _derived(key: bytes, purpose: str, length: int) -> bytes:
    """A key of its own for each purpose."""
    hkdf = HKDF(hashes.SHA256(), length, salt=None, info=f"liaison {purpose}".encode())
    return hkdf.derive(key)
