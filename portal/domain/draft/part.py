"""The parts of an event, which an organiser edits one at a time, and their values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from portal.domain.draft.part_ids import speaker_ids
from portal.domain.errors import PartGone, Problem
from portal.domain.event.day_tables import ONE_DAY
from portal.domain.event.event import Collective, Colours, Event, Mirror, Place, Room, Session, Speaker, Texts, Theme
from portal.domain.event.event_tables import FACTS, LISTS, TABLES
from portal.domain.event.table_reader import instance_of

Entry = Session | Room | Theme | Speaker | Mirror
PartValue = Entry | Event | Collective | Place | Colours | Texts

EDITED_LISTS: Final = ("sessions", "rooms", "themes", "speakers", "mirrors")
"""The lists whose entries are parts; announcements are published on their own."""

TEXTS: Final = tuple(field.name for field in fields(Texts))
"""The ids of the parts of `texts`: each long text is one."""

SINGLE: Final = ("event", *(name for name in TABLES if name != "texts"))
"""The tables that are one part each: the facts of the event first."""

_ENTRY: Final = re.compile(r"(\w+)\[\d+\]")


@dataclass(frozen=True, slots=True)
class Part:
    """The entry `id` of a list, the text `id` of `texts`, or without an `id` a table that there is once."""

    table: str
    id: str = ""


def shape_of(part: Part) -> type:
    """Return the dataclass of `part`, or the dataclass of which it has some keys."""
    return Event if part.table == "event" else {**LISTS, **TABLES}[part.table]


def keys_of(part: Part) -> tuple[str, ...]:
    """Return the keys of the part, in the order of its class, without the id, which never changes.

    The name of a speaker is not one of them: it is changed in all sessions at once.
    """
    if part.table == "texts":
        return (part.id,)
    if part.table == "speakers":
        return ("biography",)
    keys = FACTS if part.table == "event" else tuple(field.name for field in fields(shape_of(part)))
    return tuple(key for key in keys if key != "id")


def values_of_parts(event: Event) -> Mapping[Part, PartValue]:
    """Return every part of `event` with the object that has its keys, in less time than one by one."""
    single = (*map(Part, SINGLE), *(Part("texts", id) for id in TEXTS))
    values = {part: value_of(event, part) for part in single}
    for table in EDITED_LISTS:
        for entry in entries_of(event, table):
            values.setdefault(Part(table, entry.id), entry)
    return values


def entries_of(event: Event, table: str) -> tuple[Entry, ...]:
    """Return the entries of a list."""
    entries: tuple[Entry, ...] = getattr(event, table)
    return entries


def value_of(event: Event, part: Part) -> PartValue:
    """Return the object that has the keys of `part`. Raises `PartGone` if the event has no such part."""
    if part.table in EDITED_LISTS:
        for entry in entries_of(event, part.table):
            if entry.id == part.id:
                return entry
        return _speaker_without_text(event, part)
    if part.table == "texts" and part.id not in TEXTS:
        raise PartGone
    value: PartValue = event if part.table == "event" else getattr(event, part.table)
    return value


def _speaker_without_text(event: Event, part: Part) -> Speaker:
    """Return the speaker that `part` is in the sessions of `event`. Raises `PartGone`."""
    names = speaker_ids(event) if part.table == "speakers" else {}
    for name, id in names.items():
        if id == part.id:
            return Speaker(id, name)
    raise PartGone


def entry_of(part: Part, values: Mapping[str, Any]) -> Entry:
    """Make the entry of a list with the id of `part` and these `values`."""
    entry: Entry = instance_of(LISTS[part.table], {"id": part.id, **values})
    return entry


def with_values(event: Event, part: Part, values: Mapping[str, Any]) -> Event:
    """Return `event` with `values` for the keys of `part`; keys of an entry that are left out get their defaults."""
    if part.table == "speakers":
        return _with_text_about_speaker(event, part, values)
    if part.table in EDITED_LISTS:
        new = entry_of(part, values)
        entries = tuple(new if entry.id == part.id else entry for entry in entries_of(event, part.table))
        return with_entries(event, part.table, entries)
    if part.table == "event":
        return replace(event, **values)
    changed: dict[str, Any] = {part.table: replace(value_of(event, part), **values)}
    return replace(event, **changed)


def _with_text_about_speaker(event: Event, part: Part, values: Mapping[str, Any]) -> Event:
    """Return `event` with another text about a speaker; without an entry for them where there is nothing to read."""
    before = value_of(event, part)
    after: Any = replace(before, **values)
    if after == before:
        return event
    known = event.speakers if before in event.speakers else (*event.speakers, after)
    new = () if after.biography.is_blank() else (after,)
    return replace(event, speakers=tuple(each for old in known for each in (new if old.id == part.id else (old,))))


def with_entries(event: Event, table: str, entries: tuple[Entry, ...]) -> Event:
    """Return `event` with other `entries` in the list `table`."""
    changed: dict[str, Any] = {table: entries}
    return replace(event, **changed)


def part_at(problem: Problem) -> Part | None:
    """Return the part that a problem is about; None for the event as a whole."""
    if problem.table.partition("[")[0] == "days" or (problem.table == "event" and problem.key in ONE_DAY.values()):
        return Part("days")
    if match := _ENTRY.fullmatch(problem.table):
        return Part(match[1], problem.id) if match[1] in EDITED_LISTS and problem.id else None
    if problem.table == "texts":
        id = problem.key.partition(".")[0]
        return Part("texts", id) if id in TEXTS else None
    return Part(problem.table) if problem.table in SINGLE else None
