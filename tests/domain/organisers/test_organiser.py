"""The key that opens pseudonyms follows an organiser from one passphrase to the next."""

from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.organisers.organiser import Organiser, organiser_name, with_passphrase, wrapped_for
from portal.domain.organisers.organiser_errors import OrganiserNameUnfit
from portal.domain.registration.hashing import PassphraseKey
from portal.domain.registration.sealing import recipient_key, unwrap

KEYS: Final = st.binary(min_size=32, max_size=32)
LOUISE: Final = Organiser("Louise", "$before", has_own_passphrase=True, onion_key="L" * 52)


NAMES: Final[dict[str, tuple[str, str]]] = {
    "spaces around and between": ("  Louise   M. ", "Louise M."),
    "an accent typed apart": ("Ame\u0301lie", "Amélie"),
    "a face newer than this Python": ("Lou \U0001fae8", "Lou \U0001fae8"),
}


@pytest.mark.parametrize(("typed", "name"), NAMES.values(), ids=NAMES)
def test_name_of_an_organiser_is_taken(typed: str, name: str) -> None:
    assert organiser_name(typed) == name


UNFIT: Final[dict[str, str]] = {
    "nothing": "  ",
    "fillers, which nobody sees": "\u3164\u2800",
    "a zero-width space in it": "Lou\u200bise",
    "a control character": "Lou\x07",
    "an override of the direction": "Lou\u202eise",
    "a private character": "Lou\ue000",
    "a noncharacter": "Lou\ufdd0",
    "too many characters": "L" * 65,
}


@pytest.mark.parametrize("typed", UNFIT.values(), ids=UNFIT)
def test_name_of_an_organiser_is_refused(typed: str) -> None:
    with pytest.raises(OrganiserNameUnfit):
        organiser_name(typed)


@given(private_key=KEYS, before=KEYS, after=KEYS)
def test_another_passphrase_opens_the_same_key_and_leaves_the_rest(
    private_key: bytes, before: bytes, after: bytes
) -> None:
    first = with_passphrase(LOUISE, PassphraseKey("$first", before), private_key)
    second = with_passphrase(first, PassphraseKey("$second", after), unwrap(first.wrapped_key, before))
    assert unwrap(second.wrapped_key, after) == private_key
    assert (unwrap(second.wrapped_key, before) is None) == (before != after)
    assert replace(second, public_key="", wrapped_key="") == replace(LOUISE, passphrase_hash="$second")
    assert bytes.fromhex(second.public_key) == recipient_key(after)


@given(secret=KEYS)
def test_organiser_without_the_key_has_no_wrap_and_a_public_key(secret: bytes) -> None:
    made = with_passphrase(LOUISE, PassphraseKey("$first", secret), None)
    assert (made.wrapped_key, made.public_key) == ("", recipient_key(secret).hex())


@pytest.mark.parametrize("wrapped", ["", "!", "AAAA", wrapped_for(b"k" * 32, b"s" * 32)[:-8]])
def test_wrap_that_is_missing_or_damaged_opens_nothing(wrapped: str) -> None:
    assert unwrap(wrapped, b"s" * 32) is None
