"""The guide of the onion says what the program says."""

import re
from pathlib import Path
from typing import Final

from onion.errors import OnionError
from onion.places import USUAL_PLACES

GUIDE: Final = (Path(__file__).parents[2] / "docs" / "onion.md").read_text(encoding="utf-8")
PLACE: Final = re.compile(r"%\(\w+\)s")


def errors(root: type[OnionError] = OnionError) -> set[type[OnionError]]:
    return {root} | {error for child in root.__subclasses__() for error in errors(child)}


def test_each_message_of_the_guide_is_one_of_the_program() -> None:
    told = re.findall(r"^\| ([A-Z].*?) \|", GUIDE.partition("## When it does not work")[2], re.MULTILINE)
    texts = [PLACE.sub("…", error.text) for error in errors()]
    assert told
    assert [message for message in told if not any(text.startswith(message) for text in texts)] == []


def test_places_of_the_guide_are_those_looked_at() -> None:
    for place in USUAL_PLACES:
        assert (f"`{place}`" if place.path else f"port {place.port} of this machine") in GUIDE
