"""Rules between the parts of an event: unique ids, themes and rooms that exist, times that fit, no overlaps."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import time
from itertools import chain, islice

from portal.domain.errors import Problem
from portal.domain.event.value_rules import faults_of_retention
from portal.domain.language import N_
from portal.domain.limits import ANNOUNCEMENTS, FAULTS_COUNTED, MIRRORS

Ids = Sequence[str | None]
Known = Set[str | None] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledSession:
    """The fields of a session that the rules need; None where it has none, or none that could be read."""

    id: str | None = None
    start: time | None = None
    end: time | None = None
    room: str | None = None
    theme: str | None = None
    cancelled: bool | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """The fields of an event that the rules need; None where one could not be read."""

    start: time | None
    end: time | None
    themes: Ids | None
    rooms: Ids | None
    sessions: Sequence[ScheduledSession]
    announcements: Ids | None = None
    mirrors: Ids | None = None
    retention_days: int | None = None


def problems_of_schedule(schedule: Schedule) -> tuple[Problem, ...]:
    """Return the faults of `schedule`: all of them, or FAULTS_COUNTED + 1 where there are more."""
    rooms, themes = (None if ids is None else set(ids) for ids in (schedule.rooms, schedule.themes))
    return tuple(islice(_faults_of(schedule, rooms, themes), FAULTS_COUNTED + 1))


def _faults_of(schedule: Schedule, rooms: Known, themes: Known) -> Iterator[Problem]:
    return chain(
        _backwards("event", "", schedule.start, schedule.end),
        (replace(fault, table="event") for fault in faults_of_retention(schedule.retention_days)),
        _repeated("themes", schedule.themes or ()),
        _repeated("rooms", schedule.rooms or ()),
        _repeated("sessions", [session.id for session in schedule.sessions]),
        chain.from_iterable(
            _faults_of_session(number, session, schedule, rooms, themes)
            for number, session in enumerate(schedule.sessions, 1)
        ),
        _overlap_faults(schedule.sessions),
        _repeated("announcements", schedule.announcements or ()),
        _too_many("announcements", schedule.announcements or (), ANNOUNCEMENTS),
        _repeated("mirrors", schedule.mirrors or ()),
        _too_many("mirrors", schedule.mirrors or (), MIRRORS),
    )


def entry(table: str, number: int) -> str:
    """Return the name of the table that is the `number`th (from 1) of its list: `sessions[3]`."""
    return f"{table}[{number}]"


def _problem(table: str, key: str, id: str | None, text: str, **details: object) -> Problem:
    return Problem(table, key, text, tuple(details.items()), id or "")


def _clock(moment: time) -> str:
    return moment.isoformat("minutes")


def _backwards(table: str, id: str | None, start: time | None, end: time | None) -> Iterator[Problem]:
    if start is not None and end is not None and end <= start:
        yield _problem(table, "end", id, N_("the end is not after the start, %(start)s"), start=_clock(start))


def _repeated(table: str, ids: Ids) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for number, id in enumerate(ids, 1):
        if id in seen:
            text = N_("%(other)s has the same id")
            yield _problem(entry(table, number), "id", id, text, other=entry(table, seen[id]))
        elif id is not None:
            seen[id] = number


def _too_many(table: str, ids: Ids, most: int) -> Iterator[Problem]:
    if len(ids) > most:
        text = N_("at most %(most)s are taken; here there are %(count)s")
        yield _problem(table, "", None, text, most=most, count=len(ids))


def _faults_of_session(
    number: int, session: ScheduledSession, schedule: Schedule, rooms: Known, themes: Known
) -> Iterator[Problem]:
    table = entry("sessions", number)
    yield from _backwards(table, session.id, session.start, session.end)
    yield from _out_of_the_day(table, session, schedule)
    if session.room is not None and rooms is not None and session.room not in rooms:
        yield _problem(table, "room", session.id, N_("no room has the id “%(room)s”"), room=session.room)
    if session.theme is not None and themes is not None and session.theme not in themes:
        yield _problem(table, "theme", session.id, N_("no theme has the id “%(theme)s”"), theme=session.theme)


def _out_of_the_day(table: str, session: ScheduledSession, schedule: Schedule) -> Iterator[Problem]:
    opening, closing = schedule.start, schedule.end
    if opening is not None and closing is not None and closing <= opening:
        return  # the event's own times are at fault, no session's
    if opening is not None and session.start is not None and session.start < opening:
        text = N_("it is before the event opens, at %(opening)s")
        yield _problem(table, "start", session.id, text, opening=_clock(opening))
    if closing is not None and session.end is not None and session.end > closing:
        text = N_("it is after the event closes, at %(closing)s")
        yield _problem(table, "end", session.id, text, closing=_clock(closing))


def _overlap_faults(sessions: Sequence[ScheduledSession]) -> Iterator[Problem]:
    """Yield a fault for each two sessions that overlap in a room, on the later of them in the file.

    A session without a room takes place in every room, a cancelled session in none.
    """
    of_room: dict[str, list[int]] = {}
    for number, session in enumerate(sessions):
        if session.room is not None:
            of_room.setdefault(session.room, []).append(number)
    everywhere = [number for number, session in enumerate(sessions) if session.room is None]
    overlapping: set[tuple[int, int]] = set()
    for numbers in list(of_room.values()) or [[]]:
        overlapping.update(_overlaps([*numbers, *everywhere], sessions))
        if len(overlapping) > FAULTS_COUNTED:
            break
    for first, second in sorted(overlapping):
        yield _overlap(sessions, first, second)


def _overlaps(numbers: Sequence[int], sessions: Sequence[ScheduledSession]) -> Iterator[tuple[int, int]]:
    """Yield the pairs that overlap of the `numbers`, from 0, of `sessions` in one room."""
    timed = sorted(
        (session.start, session.end, number)
        for number in numbers
        if (session := sessions[number]).start is not None and session.end is not None and session.start < session.end
        if not session.cancelled
    )
    until, other = time.min, -1
    for start, end, number in timed:
        if start < until:
            yield min(other, number), max(other, number)
        until, other = max((until, other), (end, number))


def _overlap(sessions: Sequence[ScheduledSession], first: int, second: int) -> Problem:
    table, other = entry("sessions", second + 1), sessions[first].id or entry("sessions", first + 1)
    room = sessions[second].room
    if room is None or room != sessions[first].room:
        return _problem(table, "start", sessions[second].id, N_("it overlaps “%(other)s”"), other=other)
    text = N_("it overlaps “%(other)s” (%(room)s)")
    return _problem(table, "start", sessions[second].id, text, other=other, room=room)
