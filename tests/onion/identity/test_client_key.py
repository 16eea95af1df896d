"""The keys of visitors: X25519 as RFC 7748 has it, and the ways in which Tor writes them."""

import base64
import random
import re
from typing import Final

import pytest

from onion.identity.client_key import KEY_BYTES, ClientKey, new_client_key, x25519

NINE: Final = (9).to_bytes(KEY_BYTES, "little").hex()
ALICE: Final = "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"
ALICES: Final = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"
BOB: Final = "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"
BOBS: Final = "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"
SHARED: Final = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"
VECTORS: Final[dict[str, tuple[str, str, str]]] = {
    "the first of §5.2": (
        "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
        "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
        "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
    ),
    "the second of §5.2": (
        "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
        "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
        "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
    ),
    "Alice's public key of §6.1": (ALICE, NINE, ALICES),
    "Bob's public key of §6.1": (BOB, NINE, BOBS),
    "what Alice shares with Bob": (ALICE, BOBS, SHARED),
    "what Bob shares with Alice": (BOB, ALICES, SHARED),
}


@pytest.mark.parametrize(("scalar", "point", "product"), VECTORS.values(), ids=VECTORS.keys())
def test_x25519_is_that_of_the_rfc(scalar: str, point: str, product: str) -> None:
    assert x25519(bytes.fromhex(scalar), bytes.fromhex(point)).hex() == product


@pytest.mark.slow
def test_x25519_a_thousand_times_over_is_that_of_the_rfc() -> None:
    scalar = point = bytes.fromhex(NINE)
    for _ in range(1000):
        scalar, point = x25519(scalar, point), scalar
    assert scalar.hex() == "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51"


def test_key_is_written_as_tor_browser_and_tor_read_it() -> None:
    key = ClientKey(bytes.fromhex(ALICE))
    assert base64.b32decode(f"{key.private}====").hex() == ALICE
    assert base64.b32decode(f"{key.public}====").hex() == ALICES
    assert key.private_for_tor == f"x25519:{base64.b64encode(bytes.fromhex(ALICE)).decode()}"
    assert re.fullmatch("[A-Z2-7]{52}", key.private)


def test_new_key_is_nobody_elses_and_its_repr_does_not_show_it() -> None:
    one, other = (new_client_key(random.SystemRandom()) for _ in range(2))
    assert len({one.private, other.private, one.public, other.public}) == 4
    assert repr(one) == "ClientKey()"
