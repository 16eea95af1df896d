"""The ids of the parts of an event: made from a title, never changed, never used again."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256
from typing import Final
from unicodedata import combining, normalize

from portal.domain.event.event import Event

_ID_CHARACTERS: Final = 48
_HASH_DIGITS: Final = 8
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
    """Return an id that is not `taken`, made from `title`, or from `otherwise` if the title has no letter or digit.

    A number makes it unique: that after those that are taken, found without trying each of them.
    """
    first = slug(title) or otherwise
    if first not in taken:
        return first
    highest_taken, free = 1, 2
    while f"{first}-{free}" in taken:
        highest_taken, free = free, 2 * free
    while free - highest_taken > 1:
        middle = (highest_taken + free) // 2
        if f"{first}-{middle}" in taken:
            highest_taken = middle
        else:
            free = middle
    return f"{first}-{free}"


def ids_in(events: Iterable[Event], table: str) -> frozenset[str]:
    """Return every id that an entry of the list `table` has in any of `events`."""
    return frozenset(entry.id for event in events for entry in getattr(event, table))


def speaker_ids(event: Event) -> Mapping[str, str]:
    """Return the id of each speaker by name: that of the text about them, where there is one.

    Any other is the slug of the name; where another speaker would have the same, or nothing is left of the name, a hash
    of it follows. So an id depends on no order, and changes with the name alone unless a namesake comes.
    """
    given = {speaker.name: speaker.id for speaker in event.speakers}
    names = {name for session in event.sessions for name in session.speakers} - given.keys()
    slugs = {name: slug(name) for name in names}
    count = Counter([*slugs.values(), *given.values()])
    return given | {
        name: words if words and count[words] == 1 else _with_hash(words, name) for name, words in slugs.items()
    }


def _with_hash(words: str, name: str) -> str:
    return "-".join(filter(None, (words, sha256(name.encode()).hexdigest()[:_HASH_DIGITS])))
