"""Ed25519 as RFC 8032 has it, with the key in the form of an onion, against the vectors of the RFC."""

import hashlib
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onion.identity.ed25519 import is_signed, public_key, signature

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


def expanded(seed: bytes) -> bytes:
    """The secret key in the form of an onion (§5.1.5, steps 1 and 2)."""
    made = bytearray(hashlib.sha512(seed).digest())
    made[0] &= 248
    made[31] = made[31] & 127 | 64
    return bytes(made)


seeds = st.binary(min_size=32, max_size=32)


@pytest.mark.parametrize(("seed", "public", "message", "signed"), VECTORS.values(), ids=VECTORS.keys())
def test_vector_of_the_rfc(seed: str, public: str, message: str, signed: str) -> None:
    secret, said = expanded(bytes.fromhex(seed)), bytes.fromhex(message)
    assert public_key(secret).hex() == public
    assert signature(secret, said).hex() == signed
    assert is_signed(bytes.fromhex(public), said, bytes.fromhex(signed))


@settings(max_examples=25)
@given(seeds, st.binary(max_size=300), st.data())
def test_signature_holds_for_its_message_and_key_and_for_no_other(
    seed: bytes, message: bytes, data: st.DataObject
) -> None:
    secret = expanded(seed)
    public, signed = public_key(secret), signature(secret, message)
    assert is_signed(public, message, signed)
    altered = bytearray(public + signed + message)
    altered[data.draw(st.integers(0, len(altered) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert not is_signed(bytes(altered[:32]), bytes(altered[96:]), bytes(altered[32:96]))


@settings(max_examples=50)
@given(st.binary(max_size=40), st.binary(max_size=40), st.binary(max_size=70))
def test_whatever_is_no_signature_is_refused(public: bytes, message: bytes, signed: bytes) -> None:
    assert not is_signed(public, message, signed)


def test_response_beyond_the_order_is_refused() -> None:
    _, public, message, signed = (bytes.fromhex(part) for part in VECTORS["test 2"])
    same = int.from_bytes(signed[32:], "little") + ORDER
    assert not is_signed(public, message, signed[:32] + same.to_bytes(32, "little"))
