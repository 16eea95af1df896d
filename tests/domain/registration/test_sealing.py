"""A sealed pseudonym opens to its person and to the organisers, and tells nothing to anybody else."""

from base64 import b64decode
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PrivateKey, SealedBox

from portal.domain.limits import PSEUDONYM_CHARACTERS
from portal.domain.registration.sealing import (
    open_with_passphrase_key,
    open_with_private_key,
    public_key_of,
    recipient_key,
    seal_pseudonym,
    unwrap,
    wrap,
)

PRIVATE: Final = b"o" * 32
PUBLIC: Final = public_key_of(PRIVATE)
keys = st.binary(min_size=32, max_size=32)
pseudonyms = st.text(st.characters(exclude_categories=["Cs"]), max_size=PSEUDONYM_CHARACTERS)


@given(pseudonyms, keys)
def test_pseudonym_opens_to_its_person_and_to_the_organisers(pseudonym: str, key: bytes) -> None:
    sealed = seal_pseudonym(pseudonym, key, PUBLIC)
    assert (open_with_passphrase_key(sealed, key), open_with_private_key(sealed, PRIVATE)) == (pseudonym, pseudonym)


@given(pseudonyms, keys, keys)
def test_pseudonym_opens_to_nobody_else(pseudonym: str, key: bytes, other: bytes) -> None:
    sealed = seal_pseudonym(pseudonym, key, PUBLIC)
    assert open_with_private_key(sealed, b"x" + other[1:]) is None
    assert (open_with_passphrase_key(sealed, other) is None) == (other != key)


@given(pseudonyms, keys)
def test_sealed_pseudonym_has_one_length_and_the_same_bytes_each_time(pseudonym: str, key: bytes) -> None:
    sealed = seal_pseudonym(pseudonym, key, PUBLIC)
    assert (len(sealed), sealed) == (477, seal_pseudonym(pseudonym, key, PUBLIC))


@given(pseudonyms, keys, keys)
def test_same_pseudonym_of_two_people_shares_nothing(pseudonym: str, first: bytes, other: bytes) -> None:
    parts = [seal_pseudonym(pseudonym, key, PUBLIC).split(".") for key in {first, other}]
    assert len({part for sealed in parts for part in sealed}) == 2 * len({first, other})


@given(pseudonyms, pseudonyms, keys)
def test_another_pseudonym_of_the_same_person_changes_all_of_its_text(first: str, other: str, key: bytes) -> None:
    """Compare the first block too (RFC 5297 is no stream cipher): two backups give no difference of two pseudonyms."""
    texts = [b64decode(seal_pseudonym(name, key, PUBLIC).split(".")[0]) for name in (first, other)]
    assert (texts[0][:16] == texts[1][:16]) is (first == other)
    assert (texts[0][16:32] == texts[1][16:32]) is (first == other)


def test_key_is_sealed_as_libsodium_does_it() -> None:
    own = SealedBox(PrivateKey(PRIVATE)).decrypt(b64decode(seal_pseudonym("Ada", b"k" * 32, PUBLIC).split(".")[1]))
    assert len(own) == 32


DAMAGES: Final = {
    "nothing": "",
    "no key": "QUFBQQ==.",
    "no text": ".QUFBQQ==",
    "no base64": "é.é",
    "another alphabet": "-_-_.-_-_",
}


@pytest.mark.parametrize("damaged", DAMAGES.values(), ids=DAMAGES.keys())
def test_damaged_pseudonym_is_none(damaged: str) -> None:
    assert (open_with_passphrase_key(damaged, b"k" * 32), open_with_private_key(damaged, PRIVATE)) == (None, None)


@given(st.integers(0, 476))
def test_pseudonym_with_a_character_altered_is_none_to_organisers(place: int) -> None:
    sealed = seal_pseudonym("Ada", b"k" * 32, PUBLIC)
    altered = sealed[:place] + ("A" if sealed[place] != "A" else "B") + sealed[place + 1 :]
    assert open_with_private_key(altered, PRIVATE) in (None, "Ada")  # the last bits of base64 may stand for nothing


@given(keys, keys)
def test_private_key_is_unwrapped_by_the_secret_it_was_wrapped_for(secret: bytes, other: bytes) -> None:
    wrapped = wrap(PRIVATE, recipient_key(secret))
    assert (unwrap(wrapped, secret), len(wrapped), unwrap("", secret)) == (PRIVATE, 108, None)
    assert (unwrap(wrapped, other) is None) == (secret != other)
