"""An address is a public key, written out: ours and Tor's are the same."""

import random
from pathlib import Path
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from onion.identity.address import address_of, public_key_of
from onion.identity.ed25519 import public_key
from onion.identity.key import load_or_create_key, read_secret
from tests.programs import require
from tests.tornet.control import ask
from tests.tornet.offline import offline_tor

# The addresses of rend-spec-v3, [ONIONADDRESS], which gives no keys for them.
OF_THE_SPECIFICATION: Final = (
    "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion",
    "sp3k262uwy4r2k3ycr5awluarykdpag6a7y33jxop4cs2lu5uz5sseqd.onion",
    "xa4r2iadxm55fbnqgwwi5mymqdcofiu3w6rpbtqn7b2dyn7mgwj64jyd.onion",
)
ADDRESS: Final = OF_THE_SPECIFICATION[0]
LETTERS: Final = "abcdefghijklmnopqrstuvwxyz234567"


def test_address_of_the_specification_is_one() -> None:
    keys = [public_key_of(address) for address in OF_THE_SPECIFICATION]
    assert [address_of(key) for key in keys if key is not None] == list(OF_THE_SPECIFICATION)


@given(st.binary(min_size=32, max_size=32))
def test_key_comes_back_from_its_address(key: bytes) -> None:
    assert public_key_of(address_of(key)) == key


@given(st.integers(0, 55), st.sampled_from(LETTERS))
def test_address_with_another_letter_is_none(place: int, letter: str) -> None:
    altered = f"{ADDRESS[:place]}{letter}{ADDRESS[place + 1 :]}"
    assert (public_key_of(altered) is None) == (altered != ADDRESS)


@given(st.text(max_size=70))
def test_any_other_text_is_none(text: str) -> None:
    assert public_key_of(text) is None


def test_tor_has_the_same_address_for_our_key(offline: Path, tmp_path: Path) -> None:
    file = tmp_path / "keys" / "onion"
    key = load_or_create_key(file, random.Random(1))
    ours = address_of(public_key(read_secret(file))).removesuffix(".onion")
    assert f"ServiceID={ours}" in ask(offline, f"ADD_ONION {key.text} Flags=DiscardPK Port=80")


def test_key_in_a_file_of_tor_is_that_of_its_hostname(tmp_path: Path) -> None:
    require("tor")
    service = tmp_path / "service"
    with offline_tor(tmp_path, f"HiddenServiceDir {service}", f"HiddenServicePort 80 unix:{tmp_path}/socket"):
        address = (service / "hostname").read_text().strip()
    assert address_of(public_key(read_secret(service / "hs_ed25519_secret_key"))) == address
