"""Ed25519 with an expanded secret key: the vectors of RFC 8032, and those of keys that have no seed."""

import hashlib
from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from onion.identity.ed25519 import is_signature, public_key, sign

# RFC 8032, §7.1: secret key, public key, message, signature.
VECTORS: Final = {
    "test 1": (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    "test 2": (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    "test 3": (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
    "test SHA(abc)": (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
        "454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e030"
        "3dca179c138ac17ad9bef1177331a704",
    ),
}
ORDER: Final = 2**252 + 27742317777372353535851937790883648493

# Expanded secret key, public key, message, signature: made by another implementation of RFC 8032, in exact Python.
WITHOUT_A_SEED: Final = {
    "the lowest scalar": (
        f"{'00' * 31}40{'00' * 32}",
        "693e47972caf527c7883ad1b39822f026f47db2ab0e1919955b8993aa04411d1",
        "",
        "fcd5d9f3b28c51f2250d9ebc385a9a4441e42ff341f1388e453c92ff2bfe532ec59186d9bb77c8208e95d6d544401c5fe83ae088"
        "2229a049e29b3fe5ebded801",
    ),
    "the highest scalar": (
        f"f8{'ff' * 30}7f{'ff' * 32}",
        "12e9a68b73fd5aacdbcaf3e88c46fea6ebedb1aa84eed1842f07f8edab65e3a7",
        "c38976c3a96e656d656e74",
        "974ca6be8bbef2ff5d1b6e908400c4232a37dff38c345a2cf40da4e24cc4f1050082be6ce504bd1c69df66e3798a473cb60a6f42"
        "f1269c7d2f358752f03e4d09",
    ),
    "bytes in a row": (
        f"{bytes(range(31)).hex()}5f{bytes(range(32, 64)).hex()}",
        "1ac105ea144728da5ebea01e5ee75d70584f1f3cd448b1ec7c2bddda3fbd1f0e",
        bytes(range(200)).hex(),
        "57c308dc3ec94c2b333b69e5130938dcf9f81370156c26f6c79c6d525d45e2ef3b5dd3e2107b7737b8efae5e33138420cc58916c"
        "5e6f42f64ae54fc85634ad00",
    ),
    "a prefix of zeros": (
        f"60{bytes(range(101, 131)).hex()}43{'00' * 32}",
        "81974aa8c7e070786c248d0ce7e71061d4cab510fa1f03e081295c8c57aa49a4",
        "4f6e696f6e0a",
        "d2448c3d59fd17f33883339bd41fd5182659c8ef530094e66f27ca160ac1d7cdbb5e6db418bf4b74fd6beb1f567f5674896c3264"
        "d08aa35e64c320624104bc07",
    ),
}

# Public key, message, signature. The cofactored equation of §5.1.7 holds for each of them.
REFUSED: Final = {
    "a key of order 1, for which anybody can sign": (f"01{'00' * 31}", "00", f"58{'66' * 31}01{'00' * 31}"),
    "a key outside the subgroup of prime order": (
        "0169d3c02f3edd121cafbe1dfd45c4cf4aac216a79e36e6326419f2a654d2d46",
        "02",
        "a2a952127e34cf7cf7047609f51dd3a7e7765f252e16cd75ccd88fd7ffcd4ad9451472bce097ae8626b68f9669ec6965e8f1ff22"
        "d3503ea50131329873545309",
    ),
    "a commitment of order 1": (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        f"01{'00' * 31}675d054595fa17cb6a44e3ada6ca385e55667e41a63fdab0ac22d10000354002",
    ),
    "a commitment outside the subgroup of prime order": (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "63",
        "1f9375a77d26593c0922086f052b7fde91640c773a09f1f527b0d3c914f9862200784f67544f7739882f427fb53f9231f2a15d95"
        "2a3ece8f1815487b7ac44a02",
    ),
}


def expanded(seed: bytes) -> bytes:
    """Return the expanded secret key of `seed` (§5.1.5, steps 1 and 2)."""
    secret = bytearray(hashlib.sha512(seed).digest())
    secret[0] &= 248
    secret[31] = secret[31] & 127 | 64
    return bytes(secret)


seeds = st.binary(min_size=32, max_size=32)


@pytest.mark.parametrize(("seed", "public", "message", "signature"), VECTORS.values(), ids=VECTORS.keys())
def test_vector_of_the_rfc(seed: str, public: str, message: str, signature: str) -> None:
    secret, text = expanded(bytes.fromhex(seed)), bytes.fromhex(message)
    assert public_key(secret).hex() == public
    assert sign(secret, text).hex() == signature
    assert is_signature(bytes.fromhex(signature), text, bytes.fromhex(public))


@pytest.mark.parametrize(
    ("secret", "public", "message", "signature"), WITHOUT_A_SEED.values(), ids=WITHOUT_A_SEED.keys()
)
def test_key_without_a_seed_signs_alike_with(secret: str, public: str, message: str, signature: str) -> None:
    key, text = bytes.fromhex(secret), bytes.fromhex(message)
    assert public_key(key).hex() == public
    assert sign(key, text).hex() == signature
    assert is_signature(bytes.fromhex(signature), text, bytes.fromhex(public))


@pytest.mark.parametrize(("public", "message", "signature"), REFUSED.values(), ids=REFUSED.keys())
def test_signature_is_refused_with(public: str, message: str, signature: str) -> None:
    assert not is_signature(bytes.fromhex(signature), bytes.fromhex(message), bytes.fromhex(public))


@settings(max_examples=100)
@given(seeds, st.binary(max_size=300), st.data())
def test_signature_is_that_of_its_message_and_key_alone(seed: bytes, message: bytes, data: st.DataObject) -> None:
    secret = expanded(seed)
    public, signature = public_key(secret), sign(secret, message)
    assert is_signature(signature, message, public)
    assert Ed25519PrivateKey.from_private_bytes(seed).sign(message) == signature
    altered = bytearray(public + signature + message)
    altered[data.draw(st.integers(0, len(altered) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert not is_signature(bytes(altered[32:96]), bytes(altered[96:]), bytes(altered[:32]))


@settings(max_examples=200)
@given(st.binary(max_size=70), st.binary(max_size=40), st.binary(max_size=40))
def test_bytes_of_any_length_are_refused(signature: bytes, message: bytes, public: bytes) -> None:
    assert not is_signature(signature, message, public)


def test_response_beyond_the_order_is_refused() -> None:
    _, public, message, signature = (bytes.fromhex(part) for part in VECTORS["test 2"])
    response = int.from_bytes(signature[32:], "little") + ORDER
    assert not is_signature(signature[:32] + response.to_bytes(32, "little"), message, public)
