"""Overlay of a schedule that this portal exported: what a schedule has no place for, as tables of an event file."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from portal.domain.event.event import Room, Session, Speaker, Theme
from portal.domain.event.table_reader import instance_of, read_table
from portal.domain.language import Language, Text
from portal.domain.language_tags import canonical_tag

OVERLAY: Final = "portal"
"""The name of the overlay in a schedule.json, among the `meta` of the conference."""

INSTRUCTION: Final = "portal-programme"
"""The processing instruction of a schedule.xml that holds the overlay, as JSON."""

_FORMAT: Final = 1
_FIELDS: Final = frozenset(
    {
        *(
            "kind",
            "title",
            "subtitle",
            "abstract",
            "description",
            "rooms",
            "themes",
            "speakers",
            "cancelled",
            "language",
        ),
        *("everywhere", "shares_room", "links", "tags", "guid"),
    }
)
"""The fields of a session that an overlay may have; its day and times are those of the schedule."""

_Entry = TypeVar("_Entry")


@dataclass(frozen=True, slots=True)
class Overlay:
    """The `themes`, `rooms` and `speakers` of the event, and the tables of its `sessions` by guid.

    `language` is that of the texts of the schedule; `zone` its time zone, "" where the schedule names it.
    """

    language: Language
    zone: str
    themes: tuple[Theme, ...]
    rooms: tuple[Room, ...]
    speakers: tuple[Speaker, ...]
    sessions: Mapping[str, Mapping[str, Any]]

    def table_of(self, guid: str) -> Mapping[str, Any]:
        """Return the table of the session `guid`, an empty one for none."""
        return self.sessions.get(guid, {})


def read_overlay(value: object) -> Overlay | None:
    """Return the overlay in `value`; None for anything else. What is not valid in it is left out."""
    if not isinstance(value, Mapping) or value.get("format") != _FORMAT:
        return None
    language, zone, sessions = (value.get(name) for name in ("language", "zone", "sessions"))
    if not isinstance(language, str) or canonical_tag(language) != language or not isinstance(sessions, Mapping):
        return None
    return Overlay(
        language,
        zone if isinstance(zone, str) else "",
        _entries(Theme, value.get("themes")),
        _entries(Room, value.get("rooms")),
        _entries(Speaker, value.get("speakers")),
        {guid: table for guid, table in sessions.items() if isinstance(table, Mapping)},
    )


def _entries(shape: type[_Entry], tables: object) -> tuple[_Entry, ...]:
    readings = [read_table(shape, table) for table in tables] if isinstance(tables, list) else []
    return tuple(instance_of(shape, reading.values) for reading in readings if not reading.problems)


def laid_over(
    session: Session, table: Mapping[str, Any], rooms: Mapping[str, str], themes: Mapping[str, str]
) -> Session:
    """Return `session` with what its `table` in the overlay tells; `rooms` and `themes` map its ids to those here."""
    known = _FIELDS & table.keys()
    reading = read_table(Session, {name: table[name] for name in known}, known)
    broken = {problem.key.partition(".")[0] for problem in (*reading.problems, *reading.outdated)}
    values = {name: value for name, value in reading.values.items() if name not in broken}
    for name, value in values.items():
        if isinstance(value, Text):
            words = {language: value[language] for language in table[name]}
            values[name] = Text(**getattr(session, name).as_mapping() | words)
    for name, ids in (("rooms", rooms), ("themes", themes)):
        if name in values:
            values[name] = tuple(ids[id] for id in values[name] if id in ids)
    return replace(session, **values)


def in_all_languages(text: Text, other: Text) -> Text:
    """Return `text` with the words of `other` in every language that it has."""
    return Text(**text.as_mapping() | {language: other[language] for language in other.languages})
