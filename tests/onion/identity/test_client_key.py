"""Client keys: public keys of RFC 7748, and the forms in which Tor reads them."""

import base64
import random
import re
from typing import Final

import pytest

from onion.identity.client_key import ClientKey, new_client_key

ALICE: Final = "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"
ALICES: Final = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"
PUBLIC_KEYS: Final[dict[str, tuple[str, str]]] = {
    "Alice's key of RFC 7748 §6.1": (ALICE, ALICES),
    "Bob's key of RFC 7748 §6.1": (
        "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
        "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
    ),
    "the first step of RFC 7748 §5.2": (
        f"09{'00' * 31}",
        "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079",
    ),
    "a key of zeros": ("00" * 32, "2fe57da347cd62431528daac5fbb290730fff684afc4cfc2ed90995f58cb3b74"),
    "a key of ones": ("ff" * 32, "847c0d2c375234f365e660955187a3735a0f7613d1609d3a6a4d8c53aeaa5a22"),
}
"""Secret and public key; the last two by another implementation of RFC 7748, in exact Python."""


@pytest.mark.parametrize(("secret", "public"), PUBLIC_KEYS.values(), ids=PUBLIC_KEYS.keys())
def test_public_key_is_that_of(secret: str, public: str) -> None:
    assert ClientKey(bytes.fromhex(secret)).public == base64.b32encode(bytes.fromhex(public)).decode().rstrip("=")


def test_key_is_written_as_tor_browser_and_tor_read_it() -> None:
    key = ClientKey(bytes.fromhex(ALICE))
    assert base64.b32decode(f"{key.private}====").hex() == ALICE
    assert base64.b32decode(f"{key.public}====").hex() == ALICES
    assert key.private_for_tor == f"x25519:{base64.b64encode(bytes.fromhex(ALICE)).decode()}"
    assert re.fullmatch("[A-Z2-7]{52}", key.private)


def test_new_key_is_nobody_elses_and_its_repr_does_not_show_it() -> None:
    first, second = (new_client_key(random.SystemRandom()) for _ in range(2))
    assert len({first.private, second.private, first.public, second.public}) == 4
    assert repr(first) == "ClientKey()"
