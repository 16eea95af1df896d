"""An edition: the event as it was published, frozen, with where it is found and how its signatures are known."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from unicodedata import normalize

from portal.domain.edition.change import Change
from portal.domain.event.event import Event
from portal.domain.event.value_rules import is_unshowable
from portal.domain.input_errors import CommentMissing, CommentSignRefused, CommentTooLong
from portal.domain.limits import COMMENT_CHARACTERS


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the event is found, and how the signatures of whoever answers there are known.

    The origin's public addresses have no trailing slash: `https://…` and `http://….onion`. `fingerprint` is that of a
    root of trust, 64 hexadecimal digits. None: not known.
    """

    clearnet: str | None = None
    onion: str | None = None
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What edition `number` changed in the one before it; its first has no `changes`. The rest is the edition's own."""

    number: int
    published: datetime
    comment: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """Edition `number` (from 1), `published` at a whole minute in UTC with a public `comment` in plain text.

    `history` has the step of every edition up to this one, the newest first.
    """

    number: int
    published: datetime
    comment: str
    addresses: Addresses
    event: Event
    history: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """What the organisers are editing. `revision` grows by one at each save; a save names the one it started from."""

    revision: int
    event: Event


_FIELD: Final = "comment"


def check_comment(typed: str) -> str:
    """`typed` on one line, in NFC.

    Raises `CommentMissing`, `CommentTooLong` or `CommentSignRefused`, on the field `comment`.
    """
    comment = normalize("NFC", " ".join(typed.split()))
    if not comment:
        raise CommentMissing(_FIELD)
    if len(comment) > COMMENT_CHARACTERS:
        raise CommentTooLong(_FIELD, most=COMMENT_CHARACTERS, count=len(comment))
    odd = next((sign for sign in comment if is_unshowable(sign)), None)
    if odd is not None:
        raise CommentSignRefused(_FIELD, sign=f"U+{ord(odd):04X}")
    return comment
