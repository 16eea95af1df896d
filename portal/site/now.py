"""The sessions of a moment and those that follow, room by room."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from portal.domain.event.days import event_span
from portal.domain.event.event import Room, Session, is_everywhere
from portal.site.programme import Programme
from portal.site.times import in_zone

BEFOREHAND: Final = timedelta(hours=2)
"""Time before the event from which the page of the moment is renewed."""


class Phase(StrEnum):
    """Phase of an event at a moment."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class RoomNow:
    """A room, None for what is everywhere or has no room yet: its `sessions` of the moment, and the `next` one."""

    room: Room | None
    sessions: tuple[Session, ...]
    next: Session | None


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of the event: `now` by its clocks, its `phase`, and the rooms.

    The page of it `is_renewed` while it will soon differ.
    """

    now: datetime
    phase: Phase
    rooms: tuple[RoomNow, ...]
    is_renewed: bool


def moment_of(programme: Programme, now: datetime) -> Moment:
    """Return the sessions of `now` (aware), the rooms in their order after what concerns every room."""
    whole = event_span(programme.event)
    phase = Phase.BEFORE if now < whole.start else Phase.DURING if now < whole.end else Phase.AFTER
    takes_place = [session for session in programme.sessions if not session.cancelled]
    shared = [session for session in takes_place if is_everywhere(session) or not session.rooms]
    of_rooms = {room.id: list[Session]() for room in programme.event.rooms}
    for session in takes_place:
        for room in () if is_everywhere(session) else session.rooms:
            of_rooms[room].append(session)
    rooms = (
        _room_now(programme, None, shared, now),
        *(_room_now(programme, room, of_rooms[room.id], now) for room in programme.event.rooms),
    )
    return Moment(
        in_zone(programme.event, now),
        phase,
        tuple(room for room in rooms if room.sessions or room.next),
        whole.start - BEFOREHAND <= now < whole.end,
    )


def _room_now(programme: Programme, room: Room | None, sessions: Sequence[Session], now: datetime) -> RoomNow:
    spans = [(session, programme.span(session)) for session in sessions]
    return RoomNow(
        room,
        tuple(session for session, span in spans if span.start <= now < span.end),
        next((session for session, span in spans if now < span.start), None),
    )
