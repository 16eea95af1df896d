"""The address card: a text that tells where an event is to be found, signed with the key that its onion address is.

Six lines. The signature (RFC 8032, §5.1) is over the first five, each ended by a line feed, in UTF-8. Their first is on
nothing else that this key ever signs: Tor itself signs with keys that it derives from it (rend-spec-v3, [SUBCRED]).
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
from onion.identity.address import address_of, public_key_in
from onion.identity.ed25519 import is_signature, public_key, sign

FIRST_LINE: Final = "Carte d'adresse onion, version 1 / Onion address card, version 1"
CARD_BYTES: Final = 4_096
"""The longest card that is read."""

_LABELS: Final = ("Événement / Event: ", "Onion: ", "Web: ", "Date: ", "Signature: ")
_NONE: Final = "-"
_SCHEME: Final = "http://"


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says: the name of the `event`; its `onion`, `http://….onion`; its `web` address or ""; the day."""

    event: str
    onion: str
    web: str
    day: date


def signed_card(event: str, web: str, day: date, secret: bytes) -> str:
    """The text of a card, signed with the onion's key `secret` (64 bytes, expanded)."""
    onion = _SCHEME + address_of(public_key(secret))
    told = (event, onion, web or _NONE, day.isoformat())
    lines = [FIRST_LINE, *(_plain(f"{label}{text}") for label, text in zip(_LABELS, told, strict=False))]
    signed = base64.b64encode(sign(secret, _message(lines))).decode("ascii")
    return "".join(f"{line}\n" for line in (*lines, f"{_LABELS[-1]}{signed}"))


def card_in(file: Path) -> tuple[Card, bool]:
    """The card in `file`, and whether the key of its onion address signed it. Raises `CardError`."""
    try:
        with file.open("rb") as opened:
            content = opened.read(CARD_BYTES + 1)
    except OSError as error:
        raise CardFileUnreadable(file=file, reason=error.strerror) from None
    found = _read(content)
    if found is None:
        raise CardUnreadable(file=file, first=FIRST_LINE)
    return found


def _read(content: bytes) -> tuple[Card, bool] | None:
    """Blanks at the ends of lines, the kind of their ends and empty lines around them may have changed on the way."""
    if len(content) > CARD_BYTES:
        return None
    try:
        lines = [_plain(line) for line in content.decode("utf-8-sig").strip().split("\n")]
        if lines[0] != FIRST_LINE or not all(map(str.startswith, lines[1:], _LABELS)):
            return None
        event, onion, web, day, signed = (line[len(label) :] for line, label in zip(lines[1:], _LABELS, strict=True))
        card = Card(event, onion, "" if web == _NONE else web, date.fromisoformat(day))
        return card, _is_true(onion, _message(lines[:-1]), base64.b64decode(signed, validate=True))
    except (ValueError, binascii.Error):
        return None


def _is_true(onion: str, message: bytes, signed: bytes) -> bool:
    key = public_key_in(onion.removeprefix(_SCHEME)) if onion.startswith(_SCHEME) else None
    return key is not None and is_signature(signed, message, key)


def _message(lines: Sequence[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _plain(line: str) -> str:
    """`line` in the one form in which it is signed and shown: words, one blank between them, and no sign of control."""
    seen = "".join(sign for sign in normalize("NFC", line) if sign.isprintable() or sign.isspace())
    return " ".join(seen.split())
