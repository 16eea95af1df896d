"""Rule of the rooms: no two sessions in one room at once, unless one of them shares it."""

from collections.abc import Iterator, Sequence

from portal.domain.errors import Problem
from portal.domain.event.days import Span
from portal.domain.event.schedule import Schedule, ScheduledSession, entry, fault
from portal.domain.language import N_
from portal.domain.limits import FAULTS_COUNTED


def overlap_faults(schedule: Schedule) -> Iterator[Problem]:
    """Yield a fault for each two sessions that overlap in a room, on the later of them in the file.

    A cancelled session, one that shares its room, and one without a room meet no other.
    """
    of_room: dict[str, list[tuple[Span, int]]] = {}
    for number, session in enumerate(schedule.sessions):
        span = None if session.cancelled or session.shares_room else schedule.span(session)
        for room in dict.fromkeys(session.rooms or ()):
            if span is not None:
                of_room.setdefault(room, []).append((span, number))
    overlapping: dict[tuple[int, int], str] = {}
    for room, timed in of_room.items():
        for pair in _overlaps(timed):
            overlapping.setdefault(pair, room)
        if len(overlapping) > FAULTS_COUNTED:
            break
    for (first, second), room in sorted(overlapping.items()):
        yield _overlap(schedule.sessions, first, second, room)


def _overlaps(timed: Sequence[tuple[Span, int]]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of numbers of sessions in one room that overlap."""
    ordered = sorted(timed, key=lambda pair: (pair[0].start, pair[0].end, pair[1]))
    last: tuple[Span, int] | None = None
    for span, number in ordered:
        if last is not None and span.start < last[0].end:
            yield min(last[1], number), max(last[1], number)
        if last is None or span.end >= last[0].end:
            last = span, number


def _overlap(sessions: Sequence[ScheduledSession], first: int, second: int, room: str) -> Problem:
    other = sessions[first].id or entry("sessions", first + 1)
    text = N_("it overlaps “%(other)s” (%(room)s), and neither shares the room")
    return fault(entry("sessions", second + 1), "start", sessions[second].id, text, other=other, room=room)
