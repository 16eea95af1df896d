"""What an organiser does to one part of an event. Pure functions: an event and what was typed to an event."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final

from portal.domain.draft.part import Part, entries_of, entry_of, value_of, with_entries, with_values
from portal.domain.draft.part_form import Fields, fields_of, form_of, typed_in, values_of
from portal.domain.draft.part_ids import new_id
from portal.domain.errors import PartGone
from portal.domain.event.event import Event, Session
from portal.domain.input_errors import UsersUnplaced
from portal.domain.language import LANGUAGES

NOWHERE: Final = "-"
"""What stands for no room and no theme where one is chosen; no id is like it."""

_USED_AS: Final = {"rooms": "room", "themes": "theme"}
_COPIES: Final = {"fr": "(copie)", "en": "(copy)"}
_TITLES: Final = ("title", "name")


def edited(event: Event, part: Part, fields: Fields) -> Event:
    """`event` with `part` as `fields` have it; what was not touched stays as it is to the last blank.

    What the parts are to one another is left aside. Raises `EventFileError` when a value is wrong, and `PartGone`.
    """
    return with_values(event, part, values_of(event, part, fields))


def added(event: Event, table: str, fields: Fields, taken: Collection[str]) -> tuple[Event, str]:
    """`event` with one more entry at the end of the list `table`, and its id, which is none of `taken`.

    An entry that is the same in every field is not added again: then it is the event as it was, and that one's id.
    Raises `EventFileError` when a value is wrong.
    """
    values = values_of(None, Part(table), fields)
    held = entries_of(event, table)
    for one in held:
        if entry_of(Part(table, one.id), values) == one:
            return event, one.id
    title = next(values[key] for key in _TITLES if key in values)
    words = title if isinstance(title, str) else title.in_language(event.language)
    id = new_id(words, table.removesuffix("s"), {*taken, *(one.id for one in held)})
    return with_entries(event, table, (*held, entry_of(Part(table, id), values))), id


def duplicated(part: Part, fields: Fields) -> dict[str, str]:
    """The fields of a copy of `part`, which is added once its title says what it is."""
    copy = typed_in(part, fields)
    for field in form_of(part):
        if field.key in _TITLES and copy[field.name]:
            copy[field.name] += f" {_COPIES[field.language or LANGUAGES[0]]}"
    return copy


def users_of(event: Event, part: Part) -> tuple[Session, ...]:
    """The sessions that are in this room, or of this theme."""
    key = _USED_AS.get(part.table)
    return tuple(one for one in event.sessions if key and getattr(one, key) == part.id)


def deleted(event: Event, part: Part, instead: str = "") -> Event:
    """`event` without the entry `part`; the sessions that use it go to `instead`, the id of another, or NOWHERE.

    Raises `PartGone`, and `UsersUnplaced` when there are such sessions and `instead` is no place for them.
    """
    value_of(event, part)
    users = users_of(event, part)
    others = tuple(one for one in entries_of(event, part.table) if one.id != part.id)
    if users and instead not in {NOWHERE, *(one.id for one in others)}:
        raise UsersUnplaced("instead")
    if users:
        place: dict[str, Any] = {_USED_AS[part.table]: None if instead == NOWHERE else instead}
        sessions = tuple(replace(one, **place) if one in users else one for one in event.sessions)
        event = replace(event, sessions=sessions)
    return with_entries(event, part.table, others)


def moved(event: Event, part: Part, by: int) -> Event:
    """`event` with the entry `part` so many places further down its list, or up; at an end it stays there.

    Raises `PartGone`.
    """
    value_of(event, part)
    entries = list(entries_of(event, part.table))
    place = [one.id for one in entries].index(part.id)
    entries.insert(max(0, min(len(entries) - 1, place + by)), entries.pop(place))
    return with_entries(event, part.table, tuple(entries))


def cancelled(event: Event, id: str) -> Event:
    """`event` with the session `id` cancelled. Raises `PartGone`."""
    value_of(event, Part("sessions", id))
    sessions = tuple(replace(one, cancelled=True) if one.id == id else one for one in event.sessions)
    return replace(event, sessions=sessions)


def is_as_typed(event: Event, part: Part, fields: Fields) -> bool:
    """Whether `part` is in every field what was typed."""
    try:
        return fields_of(event, part) == typed_in(part, fields)
    except PartGone:
        return False
