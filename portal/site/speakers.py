"""Speakers of an event as the site shows them: an entry for each public name, with an address that stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from unicodedata import normalize

from portal.domain.draft.part_ids import speaker_ids
from portal.domain.event.event import Event, Session
from portal.domain.language import Text

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

    Their ids are those of `speaker_ids`.
    """
    sessions: dict[str, list[Session]] = {speaker.name: [] for speaker in event.speakers}
    for session in ordered:
        for name in dict.fromkeys(session.speakers):
            sessions.setdefault(name, []).append(session)
    described = {speaker.name: speaker for speaker in event.speakers}
    ids = speaker_ids(event)
    return tuple(
        SpeakerEntry(
            ids[name],
            name,
            described[name].biography if name in described else _NO_TEXT,
            tuple(sessions[name]),
        )
        for name in sorted(sessions, key=_alphabetical)
    )


def _alphabetical(name: str) -> tuple[str, str]:
    """Return the key that sorts names without regard to accents and case."""
    return normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode() or name.casefold(), name
