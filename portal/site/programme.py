"""The programme in the orders that people read it in. Pure functions of an event."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Final

from portal.domain.event.days import session_span
from portal.domain.event.event import Event, Session, SessionKind, Theme, is_everywhere
from portal.domain.language import N_

KIND_NAMES: Final[dict[str, str]] = {
    SessionKind.TALK: N_("Talk"),
    SessionKind.WORKSHOP: N_("Workshop"),
    SessionKind.WELCOME: N_("Welcome"),
    SessionKind.BREAK: N_("Break"),
    SessionKind.ASSEMBLY: N_("General assembly"),
}


def look_of(session: Session) -> str:
    """Return the class of CSS of a session: its type, if it is one that has a look of its own."""
    return session.kind if session.kind in KIND_NAMES else SessionKind.TALK


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

    def rank(session: Session) -> tuple[datetime, int, bool, datetime, str]:
        span, room = session_span(event, session), next(iter(session.rooms), "")
        return span.start, columns.get(room, 0), session.cancelled, span.end, session.id

    return tuple(sorted(sessions, key=rank))


def by_start(event: Event) -> Iterator[tuple[datetime, tuple[Session, ...]]]:
    """Yield the sessions that start together, hour after hour."""
    for start, sessions in groupby(in_order(event), key=lambda session: session_span(event, session).start):
        yield start, tuple(sessions)


def of_theme(event: Event, theme: str | None) -> tuple[Session, ...]:
    """Return the sessions of a theme by start; with None those that belong to no theme."""
    return _ordered(event, (session for session in event.sessions if _is_of_theme(session, theme)))


def _is_of_theme(session: Session, theme: str | None) -> bool:
    return not session.themes if theme is None else theme in session.themes


def in_room(event: Event, room: str) -> tuple[Session, ...]:
    """Return a room's day by start: its own sessions and those that concern every room."""
    return _ordered(event, (session for session in event.sessions if room in session.rooms or is_everywhere(session)))


def assemblies(event: Event) -> tuple[Session, ...]:
    """Return the sessions that are the general assembly."""
    return _ordered(event, (session for session in event.sessions if session.kind == SessionKind.ASSEMBLY))


def boundaries(event: Event) -> tuple[datetime, ...]:
    """Return every moment at which a session starts or ends: the lines of the grid."""
    spans = [session_span(event, session) for session in event.sessions]
    return tuple(sorted({moment for span in spans for moment in (span.start, span.end)}))


def cells(event: Event) -> tuple[Cell, ...]:
    """Return the place of each session in the grid, in reading order."""
    lines = {moment: number for number, moment in enumerate(boundaries(event), 1)}
    columns = {room.id: number for number, room in enumerate(event.rooms, 1)}

    def cell(sessions: tuple[Session, ...]) -> Cell:
        span, room = session_span(event, sessions[0]), next(iter(sessions[0].rooms), "")
        return Cell(sessions, lines[span.start], lines[span.end], columns.get(room))

    return tuple(cell(sessions) for sessions in _together(event))


def _together(event: Event) -> Iterator[tuple[Session, ...]]:
    """Yield the sessions of each place in the grid; the first gives the place its times and its room."""
    ordered = in_order(event)
    places: dict[str, list[Session]] = {}
    for session in sorted(ordered, key=attrgetter("cancelled")):
        overlapping = [
            places[other.id]
            for other in ordered
            if other.id in places and session.cancelled and _overlap(event, other, session)
        ]
        if overlapping:
            overlapping[0].append(session)
        else:
            places[session.id] = [session]
    return (tuple(places[session.id]) for session in ordered if session.id in places)


def _overlap(event: Event, session: Session, other: Session) -> bool:
    """Return whether both would be in the same room at the same time."""
    is_same_room = is_everywhere(session) or is_everywhere(other) or set(session.rooms) & set(other.rooms)
    return bool(is_same_room) and session_span(event, session).overlaps(session_span(event, other))


def number_of(event: Event, theme: Theme) -> int:
    """Return the number under which a theme is shown, from 1."""
    return event.themes.index(theme) + 1


def neighbours(event: Event, session: Session) -> tuple[Session | None, Session | None]:
    """Return the sessions before and after `session` for somebody who stays in its room."""
    day = in_room(event, session.rooms[0]) if session.rooms else in_order(event)
    span = session_span(event, session)
    timed = [(session_span(event, other), other) for other in day]
    before = [(other.end, not each.cancelled, each) for other, each in timed if other.end <= span.start]
    after = [(other.start, each.cancelled, each) for other, each in timed if other.start >= span.end]
    return (
        max(before, key=itemgetter(0, 1), default=(None, None, None))[2],
        min(after, key=itemgetter(0, 1), default=(None, None, None))[2],
    )
