"""The programme in the orders that people read it in. Pure functions of an event."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import time
from itertools import groupby
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
    """Every session by start, then in the order of the rooms; those that concern every room come first.

    What is cancelled comes after what takes place there then.
    """
    return _ordered(event, event.sessions)


def _ordered(event: Event, sessions: Iterable[Session]) -> tuple[Session, ...]:
    """Some `sessions` of the event in that order: few are sorted in less time than all of them."""
    columns = {room.id: number for number, room in enumerate(event.rooms, 1)}

    def place(one: Session) -> tuple[time, int, bool, time, str]:
        return one.start, columns.get(one.room or "", 0), one.cancelled, one.end, one.id

    return tuple(sorted(sessions, key=place))


def by_start(event: Event) -> Iterator[tuple[time, tuple[Session, ...]]]:
    """The sessions that start together, hour after hour."""
    for start, sessions in groupby(in_order(event), key=lambda one: one.start):
        yield start, tuple(sessions)


def of_theme(event: Event, theme: str | None) -> tuple[Session, ...]:
    """The sessions of a theme by start; with None those that belong to no theme."""
    return _ordered(event, (one for one in event.sessions if one.theme == theme))


def in_room(event: Event, room: str) -> tuple[Session, ...]:
    """A room's day by start: its own sessions and those that concern every room."""
    return _ordered(event, (one for one in event.sessions if one.room in (room, None)))


def assemblies(event: Event) -> tuple[Session, ...]:
    """The sessions that are the general assembly."""
    return _ordered(event, (one for one in event.sessions if one.kind is SessionKind.ASSEMBLY))


def boundaries(event: Event) -> tuple[time, ...]:
    """Every clock time at which a session starts or ends: the lines of the grid."""
    return tuple(sorted({moment for one in event.sessions for moment in (one.start, one.end)}))


def line_of(event: Event, moment: time) -> int:
    """The number, from 1, of the boundary at `moment`."""
    return boundaries(event).index(moment) + 1


def cells(event: Event) -> tuple[Cell, ...]:
    """Where each session stands in the grid, in the order in which it is read."""
    lines = {moment: number for number, moment in enumerate(boundaries(event), 1)}
    columns = {room.id: number for number, room in enumerate(event.rooms, 1)}
    return tuple(
        Cell(one, lines[one[0].start], lines[one[0].end], columns.get(one[0].room) if one[0].room else None)
        for one in _together(event)
    )


def _together(event: Event) -> Iterator[tuple[Session, ...]]:
    """What stands in one place of the grid; the times and the room of the place are those of the first."""
    ordered = in_order(event)
    held: dict[str, list[Session]] = {}
    for session in sorted(ordered, key=lambda one: one.cancelled):
        meeting = [held[one.id] for one in ordered if one.id in held and session.cancelled and _meet(one, session)]
        if meeting:
            meeting[0].append(session)
        else:
            held[session.id] = [session]
    return (tuple(held[one.id]) for one in ordered if one.id in held)


def _meet(one: Session, other: Session) -> bool:
    """Whether both would be in the same room at the same time."""
    is_same_room = None in (one.room, other.room) or one.room == other.room
    return is_same_room and one.start < other.end and other.start < one.end


def number_of(event: Event, theme: Theme) -> int:
    """The number under which a theme is shown, from 1."""
    return event.themes.index(theme) + 1


def neighbours(event: Event, session: Session) -> tuple[Session | None, Session | None]:
    """What comes before and after `session` for somebody who stays in its room."""
    day = in_order(event) if session.room is None else in_room(event, session.room)
    before = [one for one in day if one.end <= session.start]
    after = [one for one in day if one.start >= session.end]
    return (
        max(before, key=lambda one: (one.end, not one.cancelled), default=None),
        min(after, key=lambda one: (one.start, one.cancelled), default=None),
    )
