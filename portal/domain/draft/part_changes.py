"""Changes to a part of an event, as pure functions from an event and a form to an event."""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any, Final

from portal.domain.draft.part import Part, entries_of, entry_of, value_of, with_entries, with_values
from portal.domain.draft.part_form import Fields, fields_of, form_of, typed_in, values_of
from portal.domain.draft.part_ids import new_id
from portal.domain.errors import PartGone
from portal.domain.event.event import Event, Session
from portal.domain.event.languages import languages_of
from portal.domain.input_errors import UsersUnplaced
from portal.domain.language import Language

NOWHERE: Final = "-"
"""The choice of no room or no theme; it is no valid id."""

_USED: Final = ("rooms", "themes")
_TITLES: Final = ("title", "name")


def edited(event: Event, part: Part, fields: Fields) -> Event:
    """Return `event` with `part` as `fields` have it; the fields that were not edited stay exactly as they are.

    The rules between parts are not checked. Raises `EventFileError` if a value is wrong, and `PartGone`.
    """
    return with_values(event, part, values_of(event, part, fields))


def added(event: Event, table: str, fields: Fields, taken: Collection[str]) -> tuple[Event, str]:
    """Return `event` with another entry at the end of the list `table`, and its id, which is none of `taken`.

    If an entry is the same in every field, none is added, and the id is that of this entry. Raises `EventFileError` if
    a value is wrong.
    """
    values = values_of(event, Part(table), fields)
    entries = entries_of(event, table)
    for entry in entries:
        if entry_of(Part(table, entry.id), values) == entry:
            return event, entry.id
    title = next(values[key] for key in _TITLES if key in values)
    words = title if isinstance(title, str) else title.in_language(event.language, languages_of(event))
    id = new_id(words, table.removesuffix("s"), {*taken, *(entry.id for entry in entries)})
    return with_entries(event, table, (*entries, entry_of(Part(table, id), values))), id


def duplicated(event: Event, part: Part, fields: Fields, mark_in: Callable[[Language], str]) -> dict[str, str]:
    """Return the fields of a duplicate of `part`, with a title that says so by a mark in its language."""
    copy = typed_in(event, part, fields)
    for field in form_of(part, languages_of(event)):
        if field.key in _TITLES and copy[field.name]:
            copy[field.name] += f" {mark_in(field.language or event.language)}"
    return copy


def users_of(event: Event, part: Part) -> tuple[Session, ...]:
    """Return the sessions in this room, or of this theme."""
    if part.table not in _USED:
        return ()
    return tuple(session for session in event.sessions if part.id in getattr(session, part.table))


def deleted(event: Event, part: Part, instead: str = "") -> Event:
    """Return `event` without the entry `part`; its sessions move to `instead`, the id of another entry or NOWHERE.

    Raises `PartGone`, and `UsersUnplaced` if there are such sessions and `instead` is neither.
    """
    value_of(event, part)
    users = users_of(event, part)
    others = tuple(entry for entry in entries_of(event, part.table) if entry.id != part.id)
    if users and instead not in {NOWHERE, *(entry.id for entry in others)}:
        raise UsersUnplaced("instead")
    if users:
        others_of = () if instead == NOWHERE else (instead,)
        event = replace(event, sessions=tuple(_without(session, part, others_of) for session in event.sessions))
    return with_entries(event, part.table, others)


def _without(session: Session, part: Part, instead: tuple[str, ...]) -> Session:
    """Return `session` with `instead` in the place of a room or theme, nowhere twice."""
    ids: tuple[str, ...] = getattr(session, part.table)
    if part.id not in ids:
        return session
    changed: dict[str, Any] = {
        part.table: tuple(dict.fromkeys(new for id in ids for new in (instead if id == part.id else (id,))))
    }
    return replace(session, **changed)


def moved(event: Event, part: Part, by: int) -> Event:
    """Return `event` with the entry `part` moved `by` places down its list, or up; at an end it stays there.

    Raises `PartGone`.
    """
    value_of(event, part)
    entries = list(entries_of(event, part.table))
    place = [entry.id for entry in entries].index(part.id)
    entries.insert(max(0, min(len(entries) - 1, place + by)), entries.pop(place))
    return with_entries(event, part.table, tuple(entries))


def cancelled(event: Event, id: str) -> Event:
    """Return `event` with the session `id` cancelled. Raises `PartGone`."""
    value_of(event, Part("sessions", id))
    sessions = tuple(replace(session, cancelled=True) if session.id == id else session for session in event.sessions)
    return replace(event, sessions=sessions)


def is_as_typed(event: Event, part: Part, fields: Fields) -> bool:
    """Tell whether `part` has in every field what was typed."""
    try:
        return fields_of(event, part) == typed_in(event, part, fields)
    except PartGone:
        return False
