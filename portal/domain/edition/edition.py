"""Edition, draft and history of an event; addresses of the portal; the public comment of an edition."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from unicodedata import normalize

from portal.domain.edition.change import Change
from portal.domain.event.event import Event
from portal.domain.event.value_rules import is_unshowable
from portal.domain.input_errors import CommentCharacterRefused, CommentMissing, CommentTooLong
from portal.domain.language import Language
from portal.domain.limits import COMMENT_CHARACTERS
from portal.domain.text import is_invisible


@dataclass(frozen=True, slots=True)
class Addresses:
    """Public addresses of the origin, and the fingerprint that its signatures are verified by.

    Addresses have no trailing slash: `https://…` and `http://….onion`. `fingerprint` is that of a root of trust, 64
    hexadecimal digits. None: not known.
    """

    clearnet: str | None = None
    onion: str | None = None
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """Entry of the history: edition `number` and its `changes` to the edition before, none for the first."""

    number: int
    published: datetime
    comment: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """Edition `number` (from 1), `published` at a whole minute in UTC with a public `comment` in plain text.

    `history` has an entry for every edition up to this one, the newest first.
    """

    number: int
    published: datetime
    comment: str
    addresses: Addresses
    event: Event
    history: tuple[HistoryEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class OutdatedText:
    """Text of a draft that may be out of date in `language`: the `key` of the part `id` of `table`."""

    table: str
    id: str
    key: str
    language: Language


@dataclass(frozen=True, slots=True)
class Draft:
    """Event that the organisers are editing. `revision` grows by 1 at each save; a save names that it started from.

    `outdated` are texts that were changed in another language since. They are no part of what is published.
    """

    revision: int
    event: Event
    outdated: tuple[OutdatedText, ...] = ()


_FIELD: Final = "comment"


def check_comment(typed: str) -> str:
    """Return `typed` on one line, in NFC.

    Raises `CommentMissing`, `CommentTooLong` or `CommentCharacterRefused`, on the field `comment`.
    """
    comment = normalize("NFC", " ".join(typed.split()))
    if is_invisible(comment):
        raise CommentMissing(_FIELD)
    if len(comment) > COMMENT_CHARACTERS:
        raise CommentTooLong(_FIELD, most=COMMENT_CHARACTERS, count=len(comment))
    odd = next((character for character in comment if is_unshowable(character)), None)
    if odd is not None:
        raise CommentCharacterRefused(_FIELD, sign=f"U+{ord(odd):04X}")
    return comment
