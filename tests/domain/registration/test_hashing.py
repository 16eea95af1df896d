"""Passphrase keys: which passphrase gives them, what is stored of them, and which have been outgrown."""

from base64 import b64encode
from typing import Final

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.registration.hashing import (
    CODE_COSTS,
    Argon2,
    CodeCosts,
    code_keys,
    is_key_of,
    is_outgrown,
    key_of,
    new_key,
    rest_of_work,
    upgraded_key,
)
from portal.domain.registration.ticket_code import CodeDigest

PASSPHRASE: Final = "blanc cheval lune"
SALT: Final = b"sixteen bytes 16"
CHEAP: Final = Argon2(memory_kib=64, passes=1)
NOW: Final = Argon2(memory_kib=128, passes=2)
GROWTH: Final[dict[str, tuple[int, int, bool]]] = {
    "made as now": (128, 2, False),
    "made with less memory": (64, 2, True),
    "made with fewer passes": (128, 1, True),
    "made with less memory and more passes": (64, 3, True),
    "made with more of both": (256, 3, False),
}


@pytest.mark.parametrize(("memory_kib", "passes", "outgrown"), GROWTH.values(), ids=GROWTH.keys())
def test_hash_is_outgrown_when_one_made_now_costs_more(memory_kib: int, passes: int, outgrown: bool) -> None:
    made = new_key(Argon2(memory_kib, passes), PASSPHRASE, SALT)
    assert (key_of(made.stored, PASSPHRASE), is_outgrown(NOW, made.stored)) == (made.key, outgrown)


@given(st.text(min_size=1), st.text(min_size=1))
def test_key_is_that_of_its_passphrase_alone(first: str, other: str) -> None:
    made = new_key(CHEAP, first, SALT)
    assert (key_of(made.stored, other) is not None) == (first == other)
    assert [is_key_of(made.stored, key) for key in (made.key, SALT * 2)] == [True, False]


def test_what_is_stored_holds_no_byte_of_the_key() -> None:
    made = new_key(CHEAP, PASSPHRASE, SALT)
    assert made.stored.startswith("$argon2id-verifier$v=19$m=64,t=1,p=1$c2l4dGVlbiBieXRlcyAxNg$")
    assert repr(made) == f"PassphraseKey(stored={made.stored!r})"
    assert b64encode(made.key).decode().rstrip("=") not in made.stored


UNREADABLE: Final = ["", PASSPHRASE, "$argon2id$v=19$m=64,t=1,p=1$AAAA", "$argon2id-verifier$v=19$m=64,t=1,p=1$A$A"]


@pytest.mark.parametrize("kept", UNREADABLE)
def test_what_is_no_hash_matches_nothing(kept: str) -> None:
    assert (key_of(kept, PASSPHRASE), is_key_of(kept, b"k" * 32), is_outgrown(NOW, kept)) == (None, False, False)


def test_hash_of_data_format_1_gives_its_key_away_and_is_replaced() -> None:
    before = PasswordHasher(1, 64, 1).hash(PASSPHRASE, salt=SALT)
    made = upgraded_key(before)
    assert made is not None
    assert made.key == new_key(CHEAP, PASSPHRASE, SALT).key
    assert made.stored.startswith("$argon2id-upgraded$v=19$m=64,t=1,p=1$")
    assert (key_of(made.stored, PASSPHRASE), key_of(made.stored, "another one")) == (made.key, None)
    assert (is_outgrown(CHEAP, made.stored), upgraded_key(made.stored), upgraded_key("?")) == (True, None, None)
    assert (key_of(before, PASSPHRASE), is_key_of(before, made.key)) == (None, False)


REST: Final[dict[str, tuple[int, int, Argon2 | None]]] = {
    "made as now": (65_536, 3, None),
    "made with less memory": (16_384, 3, Argon2(49_152, 3)),
    "made with fewer passes": (65_536, 2, Argon2(21_846, 3)),
    "made with less memory and more passes": (32_768, 4, Argon2(21_846, 3)),
    "made with more of both": (131_072, 4, None),
    "made with next to nothing less": (65_530, 3, None),
}


@pytest.mark.parametrize(("memory_kib", "passes", "rest"), REST.values(), ids=REST.keys())
def test_rest_of_the_work_is_what_a_hash_made_now_takes_longer(
    memory_kib: int, passes: int, rest: Argon2 | None
) -> None:
    made = f"$argon2id-verifier$v=19$m={memory_kib},t={passes},p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA"
    assert rest_of_work(Argon2(65_536, 3), made) == rest


def test_rest_of_the_work_of_what_is_no_hash_is_all_of_it() -> None:
    assert rest_of_work(NOW, "no hash") == NOW


VECTOR: Final = (
    "cb6b9032d4282f8e8610735fc2743ce35b1ff10379682f5937e60f75b56d3987"
    "c1412f482b1c066d8f47d8942df5956dc6d91bd48f3441d93976c96fe75ee563"
)
"""Of the reference implementation: `argon2 "portal id of a code" -id -t 1 -k 64 -p 1 -l 64 -r`, with 32 times `d`."""


def test_keys_of_a_code_are_what_argon2id_makes_of_its_digest() -> None:
    made = code_keys(CodeDigest(b"d" * 32), CodeCosts(full=CHEAP, short=NOW))
    assert (made.id, made.key) == (VECTOR[:64], bytes.fromhex(VECTOR[64:]))
    assert code_keys(CodeDigest(b"d" * 32, is_short=True), CodeCosts(full=CHEAP, short=NOW)).id != made.id


def test_cost_of_a_code_is_what_the_decision_says() -> None:
    assert CodeCosts(Argon2(8_192, 1), Argon2(65_536, 2)) == CODE_COSTS
