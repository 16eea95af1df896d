"""Ids of sessions, speakers and rooms in the files that other programs read: always the same, and without a host."""

import re
from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from portal.domain.event.event import Event
from portal.domain.text import stable_id

_SHORTEST_ACRONYM: Final = 4
_SHORTEST_ID: Final = 3
"""Characters that the schemas of c3voc ask for, in the short name of an event and at the end of that of a session."""
_UUID: Final = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_INTEGERS: Final = 2**31 - 1
"""Number of the positive integers of 32 bits, which apps take."""


def key_of(event: Event) -> str:
    """Return the text that ids of the event are made of: its random part, else its id, as in earlier portals."""
    return event.uid or event.id


def exported_uuid(event: Event, *parts: str) -> str:
    """Return the UUID of a part of the event."""
    return stable_id(key_of(event), *parts).removeprefix("urn:uuid:")


def session_guids(event: Event) -> Mapping[str, str]:
    """Return a UUID for each session by its id: that of the source of its import, if it has one and no other has it."""
    guids: dict[str, str] = {}
    taken: set[str] = set()
    for session in event.sessions:
        imported = _uuid(session.guid)
        guid = exported_uuid(event, "session", session.id) if imported is None or imported in taken else imported
        guids[session.id] = guid
        taken.add(guid)
    return guids


def integer_ids(guids: Iterable[str]) -> Mapping[str, int]:
    """Return a positive integer of 32 bits for each of the `guids`, all different, which follows from the UUID."""
    ids: dict[str, int] = {}
    taken: set[int] = set()
    for guid in sorted(set(guids)):
        number = UUID(guid).int
        while number % _INTEGERS + 1 in taken:
            number += 1
        ids[guid] = number % _INTEGERS + 1
        taken.add(ids[guid])
    return ids


def acronym(event: Event) -> str:
    """Return the short name of the event in the letters, digits and `_` that a schedule takes, four at least."""
    name = event.id.replace("-", "_")
    return name if len(name) >= _SHORTEST_ACRONYM else f"event_{name}"


def slug(event: Event, id: str, number: int) -> str:
    """Return the name of the session `id` among those of all events; `number` is its integer.

    An id has no `_`, so that no two sessions meet in one name.
    """
    return f"{acronym(event)}-{number % 1_000_000}-{id if len(id) >= _SHORTEST_ID else f'session_{id}'}"


def _uuid(guid: str | None) -> str | None:
    """Return the UUID that `guid` writes as RFC 9562 §4 does, in small letters; None for anything else."""
    return guid.lower() if guid is not None and _UUID.fullmatch(guid) else None
