"""Sealing: what opens, what does not, and what equal values have in common."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.core import checks
from liaison.core.sealing import (
    AES,
    SM4,
    Unsealable,
    available,
    blind_index,
    blind_indexes,
    cipher_in_use,
    key_id_of,
    seal,
    unseal,
)
from liaison.field_keys import parse_keys

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
TEXT = "990001199001010018"


@pytest.fixture(autouse=True)
def keys(settings):
    settings.FIELD_KEYS = {"new": NEW, "old": OLD}
    settings.FIELD_CIPHER = SM4


def test_this_openssl_has_the_national_cipher():
    assert available(SM4)
    assert cipher_in_use() == SM4


@given(text=st.text(), row=st.text())
def test_what_was_sealed_opens_in_its_row(text, row):
    assert unseal(seal(text, row=row), row=row) == text


def test_sealed_twice_it_looks_different_and_never_like_itself():
    first, second = seal(TEXT, row="worker:1"), seal(TEXT, row="worker:1")
    assert first != second
    assert TEXT.encode() not in first


def test_it_does_not_open_in_another_row():
    with pytest.raises(Unsealable):
        unseal(seal(TEXT, row="worker:1"), row="worker:2")


def test_no_single_byte_can_be_changed():
    sealed = seal(TEXT, row="worker:1")
    for place in range(len(sealed)):
        changed = sealed[:place] + bytes((sealed[place] ^ 1,)) + sealed[place + 1 :]
        with pytest.raises(Unsealable):
            unseal(changed, row="worker:1")


@pytest.mark.parametrize("length", [0, 2, 3, 10, 30])
def test_what_is_cut_off_does_not_open(length):
    with pytest.raises(Unsealable):
        unseal(seal(TEXT, row="worker:1")[:length], row="worker:1")


def test_the_first_key_seals_and_every_key_opens(settings):
    settings.FIELD_KEYS = {"old": OLD}
    before = seal(TEXT, row="r")
    settings.FIELD_KEYS = {"new": NEW, "old": OLD}
    after = seal(TEXT, row="r")
    assert (key_id_of(before), key_id_of(after)) == ("old", "new")
    assert unseal(before, row="r") == unseal(after, row="r") == TEXT


def test_without_its_key_it_does_not_open(settings):
    sealed = seal(TEXT, row="r")
    settings.FIELD_KEYS = {"old": OLD}
    with pytest.raises(Unsealable, match="key"):
        unseal(sealed, row="r")
    settings.FIELD_KEYS = {"new": OLD}
    with pytest.raises(Unsealable):
        unseal(sealed, row="r")


def test_the_other_cipher_can_be_chosen_and_what_was_sealed_before_still_opens(settings):
    national = seal(TEXT, row="r")
    settings.FIELD_CIPHER = AES
    other = seal(TEXT, row="r")
    assert (national[1], other[1]) == (1, 2)
    assert unseal(national, row="r") == unseal(other, row="r") == TEXT


def test_equal_values_are_found_within_a_scope_only():
    assert blind_index(TEXT, scope="unit:1") == blind_index(TEXT, scope="unit:1")
    assert blind_index(TEXT, scope="unit:1") != blind_index(TEXT, scope="unit:2")
    assert blind_index(TEXT, scope="unit:1") != blind_index(TEXT[:-1], scope="unit:1")
    # What belongs to the scope cannot be moved over to the text.
    assert blind_index("1:x", scope="unit:1") != blind_index("x", scope="unit:1:1")


def test_rows_indexed_by_an_old_key_are_found(settings):
    settings.FIELD_KEYS = {"old": OLD}
    before = blind_index(TEXT, scope="unit:1")
    settings.FIELD_KEYS = {"new": NEW, "old": OLD}
    assert before in blind_indexes(TEXT, scope="unit:1")
    assert blind_index(TEXT, scope="unit:1") != before


def test_keys_from_the_environment_keep_their_order():
    assert parse_keys(f"b:{NEW.hex()},a:{OLD.hex()}") == {"b": NEW, "a": OLD}
    assert next(iter(parse_keys(f"b:{NEW.hex()}, a:{OLD.hex()}"))) == "b"


@pytest.mark.parametrize(
    "text",
    ["", "a", "a:zz", f"a:{OLD.hex()[:-2]}", f":{OLD.hex()}", f"a:{OLD.hex()},a:{NEW.hex()}"],
)
def test_what_is_no_key_is_refused_without_repeating_it(text):
    with pytest.raises(ValueError, match="64 hexadecimal") as refused:
        parse_keys(text)
    assert OLD.hex()[:20] not in str(refused.value)


def test_the_start_says_when_the_cipher_is_missing_or_unknown(settings, monkeypatch):
    assert checks.fields_can_be_sealed() == []
    settings.FIELD_CIPHER = "rot13"
    assert [one.id for one in checks.fields_can_be_sealed()] == ["liaison.E001"]


def test_on_an_openssl_without_it_aes_is_used_and_the_start_says_so(settings, monkeypatch):
    monkeypatch.setattr("liaison.core.sealing.available", lambda cipher: cipher != SM4)
    monkeypatch.setattr("liaison.core.checks.available", lambda cipher: cipher != SM4)
    assert cipher_in_use() == AES
    assert unseal(seal(TEXT, row="r"), row="r") == TEXT
    assert [one.id for one in checks.fields_can_be_sealed()] == ["liaison.W001"]
