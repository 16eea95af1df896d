"""Speakers of an event as the site shows them: an entry for each public name, with an address that stays."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from unicodedata import normalize

from portal.domain.draft.part_ids import slug
from portal.domain.event.event import Event, Session
from portal.domain.language import Text

_HASH_DIGITS: Final = 8
_NO_TEXT: Final = Text()


@dataclass(frozen=True, slots=True)
class SpeakerEntry:
    """A speaker: the `id` in the address of the page, the public `name`, a `biography` in Markdown, the `sessions`."""

    id: str
    name: str
    biography: Text
    sessions: tuple[Session, ...]


def speakers_of(event: Event, ordered: Sequence[Session]) -> tuple[SpeakerEntry, ...]:
    """Return every speaker in alphabetical order, each with those of the `ordered` sessions that have the name.

    The id of a speaker with a text of their own is the one in the event's file. Any other is the name in lowercase
    letters without accents; where another speaker would have the same, or nothing is left, a hash of the name follows.
    So an id depends on no order, and changes with the name alone unless a namesake comes.
    """
    sessions: dict[str, list[Session]] = {speaker.name: [] for speaker in event.speakers}
    for session in ordered:
        for name in dict.fromkeys(session.speakers):
            sessions.setdefault(name, []).append(session)
    described = {speaker.name: speaker for speaker in event.speakers}
    ids = {name: speaker.id for name, speaker in described.items()}
    ids |= _ids_of([name for name in sessions if name not in ids], ids.values())
    return tuple(
        SpeakerEntry(
            ids[name],
            name,
            described[name].biography if name in described else _NO_TEXT,
            tuple(sessions[name]),
        )
        for name in sorted(sessions, key=_alphabetical)
    )


def _ids_of(names: Sequence[str], taken: Iterable[str]) -> dict[str, str]:
    slugs = {name: slug(name) for name in names}
    count = Counter([*slugs.values(), *taken])
    return {
        name: first if first and count[first] == 1 else "-".join(filter(None, (first, _hash(name))))
        for name, first in slugs.items()
    }


def _hash(name: str) -> str:
    return sha256(name.encode()).hexdigest()[:_HASH_DIGITS]


def _alphabetical(name: str) -> tuple[str, str]:
    """Return the key that sorts names without regard to accents and case."""
    return normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode() or name.casefold(), name
