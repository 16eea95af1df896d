"""The ids of the parts of an event: made from a title, never changed, never used again."""

import re
from collections.abc import Collection, Iterable
from typing import Final
from unicodedata import combining, normalize

from portal.domain.draft.part import entries_of
from portal.domain.event.event import Event

_ID_CHARACTERS: Final = 48
_LETTERS: Final = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})
_NOT_IN_IDS: Final = re.compile(r"[^a-z0-9]+")


def slug(title: str) -> str:
    """Return `title` as lowercase letters without accents, digits and single hyphens; "" if it has none of them."""
    letters = normalize("NFKD", title.lower().translate(_LETTERS))
    plain = "".join(letter for letter in letters if not combining(letter))
    words = _NOT_IN_IDS.sub("-", plain).strip("-")
    if len(words) > _ID_CHARACTERS:
        words = words[: _ID_CHARACTERS + 1].rpartition("-")[0] or words[:_ID_CHARACTERS]
    return words.strip("-")


def new_id(title: str, otherwise: str, taken: Collection[str]) -> str:
    """Return an id that is not `taken`, made from `title`, or from `otherwise` if the title has no letter or digit."""
    first = slug(title) or otherwise
    number, id = 1, first
    while id in taken:
        number += 1
        id = f"{first}-{number}"
    return id


def ids_in(events: Iterable[Event], table: str) -> frozenset[str]:
    """Return every id that an entry of the list `table` has in any of `events`."""
    return frozenset(entry.id for event in events for entry in entries_of(event, table))
