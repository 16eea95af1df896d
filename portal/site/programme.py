"""The programme in the orders that people read it in. Pure functions of an event."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import time
from itertools import groupby
from operator import attrgetter
from typing import Final

from portal.domain.event.event import Event, Session, SessionKind, Theme
from portal.domain.language import N_

KIND_NAMES: Final[dict[SessionKind, str]] = {
    SessionKind.TALK: N_("Talk"),
    SessionKind.WORKSHOP: N_("Workshop"),
    SessionKind.WELCOME: N_("Welcome"),
    SessionKind.BREAK: N_("Break"),
    SessionKind.ASSEMBLY: N_("General assembly"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in the grid: `first` and `last` number its boundaries, `column` its room, all from 1.

    `sessions` has what takes place there, then what is cancelled and would have met it: that stands in the same place.
    `column` is None where every room is concerned.
    """

    sessions: tuple[Session, ...]
    first: int
    last: int
    column: int | None


def in_order(event: Event) -> tuple[Session, ...]:
    """Return every session by start, then in the order of the rooms; those that concern every room come first.

    What is cancelled comes after what takes place there then.
    """
    return _ordered(event, event.sessions)


def _ordered(event: Event, sessions: Iterable[Session]) -> tuple[Session, ...]:
    """Sort some `sessions` of the event in that order, which takes less time than sorting all of them."""
    columns = {room.id: number for number, room in enumerate(event.rooms, 1)}

    def rank(session: Session) -> tuple[time, int, bool, time, str]:
        return session.start, columns.get(session.room or "", 0), session.cancelled, session.end, session.id

    return tuple(sorted(sessions, key=rank))


def by_start(event: Event) -> Iterator[tuple[time, tuple[Session, ...]]]:
    """Yield the sessions that start together, hour after hour."""
    for start, sessions in groupby(in_order(event), key=attrgetter("start")):
        yield start, tuple(sessions)


def of_theme(event: Event, theme: str | None) -> tuple[Session, ...]:
    """Return the sessions of a theme by start; with None those that belong to no theme."""
    return _ordered(event, (session for session in event.sessions if session.theme == theme))


def in_room(event: Event, room: str) -> tuple[Session, ...]:
    """Return a room's day by start: its own sessions and those that concern every room."""
    return _ordered(event, (session for session in event.sessions if session.room in (room, None)))


def assemblies(event: Event) -> tuple[Session, ...]:
    """Return the sessions that are the general assembly."""
    return _ordered(event, (session for session in event.sessions if session.kind is SessionKind.ASSEMBLY))


def boundaries(event: Event) -> tuple[time, ...]:
    """Return every clock time at which a session starts or ends: the lines of the grid."""
    return tuple(sorted({moment for session in event.sessions for moment in (session.start, session.end)}))


def cells(event: Event) -> tuple[Cell, ...]:
    """Return the place of each session in the grid, in reading order."""
    lines = {moment: number for number, moment in enumerate(boundaries(event), 1)}
    columns = {room.id: number for number, room in enumerate(event.rooms, 1)}
    return tuple(
        Cell(sessions, lines[sessions[0].start], lines[sessions[0].end], columns.get(sessions[0].room or ""))
        for sessions in _together(event)
    )


def _together(event: Event) -> Iterator[tuple[Session, ...]]:
    """Yield the sessions of each place in the grid; the first gives the place its times and its room."""
    ordered = in_order(event)
    places: dict[str, list[Session]] = {}
    for session in sorted(ordered, key=attrgetter("cancelled")):
        overlapping = [
            places[other.id]
            for other in ordered
            if other.id in places and session.cancelled and _overlap(other, session)
        ]
        if overlapping:
            overlapping[0].append(session)
        else:
            places[session.id] = [session]
    return (tuple(places[session.id]) for session in ordered if session.id in places)


def _overlap(session: Session, other: Session) -> bool:
    """Return whether both would be in the same room at the same time."""
    is_same_room = None in (session.room, other.room) or session.room == other.room
    return is_same_room and session.start < other.end and other.start < session.end


def number_of(event: Event, theme: Theme) -> int:
    """Return the number under which a theme is shown, from 1."""
    return event.themes.index(theme) + 1


def neighbours(event: Event, session: Session) -> tuple[Session | None, Session | None]:
    """Return the sessions before and after `session` for somebody who stays in its room."""
    day = in_order(event) if session.room is None else in_room(event, session.room)
    before = [other for other in day if other.end <= session.start]
    after = [other for other in day if other.start >= session.end]
    return (
        max(before, key=lambda other: (other.end, not other.cancelled), default=None),
        min(after, key=attrgetter("start", "cancelled"), default=None),
    )
