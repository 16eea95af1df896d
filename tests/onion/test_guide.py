"""The guide of the onion says what the program says."""

import re
from typing import Final

import pytest

from onion.errors import OnionError
from onion.service.static import USUAL_SOCKS
from onion.tor.addresses import USUAL_PLACES, ControlAddress
from onion.tor.state import OnionPhase
from tests.checkout import ROOT

DOCS: Final = ROOT / "docs"
GUIDE: Final = (DOCS / "onion.md").read_text(encoding="utf-8")
PLACE: Final = re.compile(r"%\(\w+\)s")


def errors(root: type[OnionError] = OnionError) -> set[type[OnionError]]:
    return {root} | {error for child in root.__subclasses__() for error in errors(child)}


def test_each_message_of_the_guide_is_one_of_the_program() -> None:
    told = re.findall(r"^\| ([A-Z].*?) \|", GUIDE.partition("## When it does not work")[2], re.MULTILINE)
    texts = [PLACE.sub("…", error.text) for error in errors()]
    assert told
    assert [message for message in told if not any(text.startswith(message) for text in texts)] == []


def test_states_of_the_guide_are_those_of_the_program() -> None:
    told = re.findall(r"^\| ([a-z]+) \|", GUIDE.partition("| state |")[2], re.MULTILINE)
    assert told == [phase.value for phase in OnionPhase]


def shown(place: ControlAddress) -> str:
    return f"`{place}`" if place.path else f"port {place.port} of this machine"


@pytest.mark.parametrize(("page", "places"), [("machine.md", USUAL_PLACES), ("torrc.md", USUAL_SOCKS)])
def test_places_of_the_guide_are_those_looked_at(page: str, places: tuple[ControlAddress, ...]) -> None:
    text = (DOCS / "onion" / page).read_text(encoding="utf-8")
    assert [place for place in map(shown, places) if place not in text] == []
