"""The address card: signed by the onion's own key, true as it stands, false with any other word."""

import random
from datetime import date
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onion.errors import CardFileUnreadable, CardUnreadable
from onion.identity.address import address_of
from onion.identity.card import CARD_BYTES, FIRST_LINE, Card, read_card, signed_card
from onion.identity.ed25519 import public_key
from onion.identity.key import new_key, parse_secret

SECRET: Final = parse_secret(new_key(random.Random(1)).text.encode(), "")
OTHER: Final = parse_secret(new_key(random.Random(2)).text.encode(), "")
ONION: Final = f"http://{address_of(public_key(SECRET))}"
DAY: Final = date(2026, 12, 15)
TEXT: Final = signed_card("Une journée pour les communs", "https://event.example", DAY, SECRET)
SAID: Final = Card("Une journée pour les communs", ONION, "https://event.example", DAY)


def kept(folder: Path, content: str | bytes) -> Path:
    file = folder / "card.txt"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def test_card_is_six_lines_that_a_person_reads() -> None:
    lines = TEXT.split("\n")
    assert lines[:5] == [
        FIRST_LINE,
        "Événement / Event: Une journée pour les communs",
        f"Onion: {ONION}",
        "Web: https://event.example",
        "Date: 2026-12-15",
    ]
    assert (lines[5].startswith("Signature: "), lines[6:]) == (True, [""])


def test_card_is_true_as_it_was_made(tmp_path: Path) -> None:
    assert read_card(kept(tmp_path, TEXT)) == (SAID, True)


def test_card_without_a_web_address_says_so(tmp_path: Path) -> None:
    text = signed_card("Une  journée\N{NO-BREAK SPACE}!", "", DAY, SECRET)
    assert "Web: -\n" in text
    assert read_card(kept(tmp_path, text)) == (Card("Une journée !", ONION, "", DAY), True)


def test_card_commands_no_terminal_and_turns_no_line_around(tmp_path: Path) -> None:
    text = signed_card("A\x1b[2J day\N{RIGHT-TO-LEFT OVERRIDE}\a", "", DAY, SECRET)
    assert read_card(kept(tmp_path, text)) == (Card("A[2J day", ONION, "", DAY), True)
    hostile = text.replace("A[2J", "A\x1b[2J")
    assert read_card(kept(tmp_path, hostile))[0].event == "A[2J day"


ON_THE_WAY: Final = {
    "line ends of Windows": TEXT.replace("\n", "\r\n").encode(),
    "a byte order mark": f"\ufeff{TEXT}".encode(),
    "blanks at the ends of lines": TEXT.replace("\n", "  \n").encode(),
    "empty lines around it": f"\n\n{TEXT}\n\n".encode(),
    "accents taken apart": TEXT.replace("É", "E\u0301").replace("é", "e\u0301").encode(),
    "no-break spaces": TEXT.replace(" ", "\N{NO-BREAK SPACE}").encode(),
}


@pytest.mark.parametrize("content", ON_THE_WAY.values(), ids=ON_THE_WAY.keys())
def test_card_stays_true_whatever_a_mailer_does_to(tmp_path: Path, content: bytes) -> None:
    assert read_card(kept(tmp_path, content)) == (SAID, True)


FALSE: Final = {
    "another event": TEXT.replace("communs", "autres"),
    "another web address": TEXT.replace("event.example", "evil.example"),
    "another day": TEXT.replace("2026-12-15", "2027-12-15"),
    "another onion": TEXT.replace(ONION, f"http://{address_of(public_key(OTHER))}"),
    "an onion with a wrong letter": TEXT.replace(ONION, f"http://{'a' * 56}.onion"),
    "the name of a proxy after the onion": TEXT.replace(".onion", ".onion.example"),
    "the signature of another card": "".join(
        [*TEXT.splitlines(keepends=True)[:5], signed_card("", "", DAY, SECRET).splitlines(keepends=True)[5]]
    ),
    "a short signature": f"{TEXT.rpartition('Signature')[0]}Signature: AAAA\n",
}


@pytest.mark.parametrize("text", FALSE.values(), ids=FALSE.keys())
def test_card_is_false_with(tmp_path: Path, text: str) -> None:
    assert text != TEXT
    assert read_card(kept(tmp_path, text))[1] is False


UNREADABLE: Final = {
    "nothing": "",
    "another text": "# Anonymous event portal\n",
    "half of it": "\n".join(TEXT.split("\n")[:4]),
    "a line in the middle": TEXT.replace("Web:", "More: x\nWeb:"),
    "a line at the end": f"{TEXT}And more\n",
    "a day that is none": TEXT.replace("2026-12-15", "2026-12-45"),
    "a signature that is none": TEXT.replace("Signature: ", "Signature: é"),
    "another version": TEXT.replace("version 1", "version 2"),
    "bytes that are no text": TEXT.encode("utf-16"),
    "more than any card has": TEXT + " " * CARD_BYTES,
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_is_no_card_is_told_apart_from_a_false_one(tmp_path: Path, content: str | bytes) -> None:
    with pytest.raises(CardUnreadable):
        read_card(kept(tmp_path, content))


def test_file_that_is_not_there_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(CardFileUnreadable, match=r"cannot be read \(No such file or directory\)"):
        read_card(tmp_path / "card.txt")


@settings(max_examples=40)
@given(place=st.integers(0, len(TEXT.encode()) - 1), bit=st.integers(0, 7))
def test_no_bit_of_a_card_can_change_unseen(tmp_path_factory: pytest.TempPathFactory, place: int, bit: int) -> None:
    altered = bytearray(TEXT.encode())
    altered[place] ^= 1 << bit
    try:
        card, is_true = read_card(kept(tmp_path_factory.mktemp("card"), bytes(altered)))
    except CardUnreadable:
        return
    assert not is_true or card == SAID
