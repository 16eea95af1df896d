"""The guide of the onion says what the program says."""

import re
from typing import Final

import pytest

from onion.errors import OnionError
from onion.tor.addresses import USUAL_CONTROL, USUAL_SOCKS, TorAddress
from onion.tor.state import OnionPhase
from tests.checkout import ROOT

DOCS: Final = ROOT / "docs"
GUIDE: Final = (DOCS / "onion.md").read_text(encoding="utf-8")
PLACE: Final = re.compile(r"%\(\w+\)s")


def errors(root: type[OnionError] = OnionError) -> set[type[OnionError]]:
    return {root} | {error for child in root.__subclasses__() for error in errors(child)}


def test_each_message_of_the_guide_is_one_of_the_program() -> None:
    found = re.findall(r"^\| ([A-Z].*?) \|", GUIDE.partition("## When it does not work")[2], re.MULTILINE)
    texts = [PLACE.sub("…", error.text) for error in errors()]
    assert found
    assert [message for message in found if not any(text.startswith(message) for text in texts)] == []


def test_states_of_the_guide_are_those_of_the_program() -> None:
    found = re.findall(r"^\| ([a-z]+) \|", GUIDE.partition("| state |")[2], re.MULTILINE)
    assert found == [phase.value for phase in OnionPhase]


def in_words(address: TorAddress) -> str:
    return f"`{address}`" if address.path else f"port {address.port} of this machine"


@pytest.mark.parametrize(("page", "addresses"), [("machine.md", USUAL_CONTROL), ("torrc.md", USUAL_SOCKS)])
def test_addresses_of_the_guide_are_those_of_the_program(page: str, addresses: tuple[TorAddress, ...]) -> None:
    text = (DOCS / "onion" / page).read_text(encoding="utf-8")
    assert [words for words in map(in_words, addresses) if words not in text] == []
