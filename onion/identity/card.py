"""Address card: a text with the addresses of an event, signed by the key of its onion address.

Six lines. The signature (RFC 8032 §5.1) is over the first five, each ended by a line feed, in UTF-8. The first line
is on nothing else that this key ever signs: Tor signs with keys that it derives from it (rend-spec-v3, [SUBCRED]).
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final
from unicodedata import normalize

from onion.errors import CardFileUnreadable, CardUnreadable
from onion.identity.address import address_of, public_key_of
from onion.identity.ed25519 import is_signature, public_key, sign

FIRST_LINE: Final = "Carte d'adresse onion, version 1 / Onion address card, version 1"
CARD_BYTES: Final = 4_096
"""The longest card."""

_LABELS: Final = ("Événement / Event: ", "Onion: ", "Web: ", "Date: ", "Signature: ")
_NONE: Final = "-"
_SCHEME: Final = "http://"


@dataclass(frozen=True, slots=True)
class Card:
    """The name of the `event`; its `onion`, `http://….onion`; its `web` address or ""; the day of the signature."""

    event: str
    onion: str
    web: str
    day: date


def signed_card(event: str, web: str, day: date, secret: bytes) -> str:
    """Write a card, signed with the onion's key `secret` (64 bytes, expanded)."""
    onion = _SCHEME + address_of(public_key(secret))
    texts = (event, onion, web or _NONE, day.isoformat())
    lines = [FIRST_LINE, *(_plain(f"{label}{text}") for label, text in zip(_LABELS, texts, strict=False))]
    signature = base64.b64encode(sign(secret, _message(lines))).decode("ascii")
    return "".join(f"{line}\n" for line in (*lines, f"{_LABELS[-1]}{signature}"))


def read_card(file: Path) -> tuple[Card, bool]:
    """Read the card in `file`; True with it where the key of its onion address signed it. Raises `CardError`."""
    try:
        with file.open("rb") as opened:
            content = opened.read(CARD_BYTES + 1)
    except OSError as error:
        raise CardFileUnreadable(file=file, reason=error.strerror) from None
    found = _parse(content)
    if found is None:
        raise CardUnreadable(file=file, first=FIRST_LINE)
    return found


def _parse(content: bytes) -> tuple[Card, bool] | None:
    """Parse a card. Spaces at the ends of lines, the kind of line ends and empty lines around it may have changed."""
    if len(content) > CARD_BYTES:
        return None
    try:
        lines = [_plain(line) for line in content.decode("utf-8-sig").strip().split("\n")]
        if lines[0] != FIRST_LINE or not all(map(str.startswith, lines[1:], _LABELS)):
            return None
        event, onion, web, day, signature = (line[len(label) :] for line, label in zip(lines[1:], _LABELS, strict=True))
        card = Card(event, onion, "" if web == _NONE else web, date.fromisoformat(day))
        return card, _is_true(onion, _message(lines[:-1]), base64.b64decode(signature, validate=True))
    except (ValueError, binascii.Error):
        return None


def _is_true(onion: str, message: bytes, signature: bytes) -> bool:
    key = public_key_of(onion.removeprefix(_SCHEME)) if onion.startswith(_SCHEME) else None
    return key is not None and is_signature(signature, message, key)


def _message(lines: Sequence[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _plain(line: str) -> str:
    """Return the form of `line` that is signed and shown: words with single spaces, without control characters."""
    visible = "".join(each for each in normalize("NFC", line) if each.isprintable() or each.isspace())
    return " ".join(visible.split())
