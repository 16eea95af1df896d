"""Rules between the parts of an event: unique ids, themes and rooms that exist, times that fit, no overlaps."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import time
from itertools import chain, islice
from typing import Final

from portal.domain.errors import Problem
from portal.domain.event.days import Span, clock_span
from portal.domain.event.event import Day
from portal.domain.event.value_rules import faults_of_retention, is_zone
from portal.domain.language import N_
from portal.domain.limits import ANNOUNCEMENTS, FAULTS_COUNTED, MIRRORS

Ids = Sequence[str | None]
Known = Set[str | None] | None

LATEST_END: Final = time(12)
"""The latest time of the next date at which a day may end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledSession:
    """The fields of a session that the rules need; None where it has none, or none that could be read."""

    id: str | None = None
    day: int | None = None
    start: time | None = None
    end: time | None = None
    rooms: Sequence[str] | None = None
    themes: Sequence[str] | None = None
    shares_room: bool | None = None
    cancelled: bool | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """The fields of an event that the rules need; None where one could not be read."""

    zone: str | None
    days: Sequence[Day | None]
    themes: Ids | None
    rooms: Ids | None
    sessions: Sequence[ScheduledSession]
    announcements: Ids | None = None
    mirrors: Ids | None = None
    retention_days: int | None = None

    def day(self, session: ScheduledSession) -> Day | None:
        """Return the day of `session`; None where it could not be read, or there is none of that number."""
        number = session.day or 1
        return self.days[number - 1] if 1 <= number <= len(self.days) else None

    def span(self, session: ScheduledSession) -> Span | None:
        """Return the span of `session`; None where it has none."""
        day = self.day(session)
        if day is None or session.start is None or session.end is None or self.zone is None or not is_zone(self.zone):
            return None
        if session.start == session.end or (session.end < session.start and day.start < day.end):
            return None
        return clock_span(self.zone, day, session.start, session.end)


def problems_of_schedule(schedule: Schedule) -> tuple[Problem, ...]:
    """Return the faults of `schedule`: all of them, or FAULTS_COUNTED + 1 where there are more."""
    rooms, themes = (None if ids is None else set(ids) for ids in (schedule.rooms, schedule.themes))
    return tuple(islice(_faults_of(schedule, rooms, themes), FAULTS_COUNTED + 1))


def _faults_of(schedule: Schedule, rooms: Known, themes: Known) -> Iterator[Problem]:
    return chain(
        _faults_of_days(schedule.days),
        (replace(fault, table="event") for fault in faults_of_retention(schedule.retention_days)),
        _repeated("themes", schedule.themes or ()),
        _repeated("rooms", schedule.rooms or ()),
        _repeated("sessions", [session.id for session in schedule.sessions]),
        chain.from_iterable(
            _faults_of_session(number, session, schedule, rooms, themes)
            for number, session in enumerate(schedule.sessions, 1)
        ),
        _overlap_faults(schedule),
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


def _faults_of_days(days: Sequence[Day | None]) -> Iterator[Problem]:
    for number, day in enumerate(days, 1):
        if day is not None and day.end <= day.start and day.end > LATEST_END:
            table = "event" if len(days) == 1 else entry("days", number)
            text = N_("the end is not after the start, %(start)s; a day may end until %(latest)s of the next")
            yield _problem(table, "end", None, text, start=_clock(day.start), latest=_clock(LATEST_END))


def _backwards(table: str, session: ScheduledSession, day: Day | None) -> Iterator[Problem]:
    start, end = session.start, session.end
    if start is None or end is None or (day is not None and day.end <= day.start and end < start):
        return
    if end <= start:
        yield _problem(table, "end", session.id, N_("the end is not after the start, %(start)s"), start=_clock(start))


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
    yield from _backwards(table, session, schedule.day(session))
    yield from _out_of_the_day(table, session, schedule)
    for room in session.rooms or ():
        if rooms is not None and room not in rooms:
            yield _problem(table, "room", session.id, N_("no room has the id “%(room)s”"), room=room)
    for theme in session.themes or ():
        if themes is not None and theme not in themes:
            yield _problem(table, "theme", session.id, N_("no theme has the id “%(theme)s”"), theme=theme)


def _out_of_the_day(table: str, session: ScheduledSession, schedule: Schedule) -> Iterator[Problem]:
    span, day, zone = schedule.span(session), schedule.day(session), schedule.zone
    if span is None or day is None or zone is None:
        return
    whole = clock_span(zone, day, day.start, day.end)
    if span.start < whole.start or span.start >= whole.end:
        text = N_("it is before the event opens, at %(opening)s")
        yield _problem(table, "start", session.id, text, opening=_clock(day.start))
    elif span.end > whole.end:
        text = N_("it is after the event closes, at %(closing)s")
        yield _problem(table, "end", session.id, text, closing=_clock(day.end))


def _overlap_faults(schedule: Schedule) -> Iterator[Problem]:
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
        overlapping.update(dict.fromkeys(_overlaps(timed), room))
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
    text = N_("it overlaps “%(other)s” (%(room)s)")
    table = entry("sessions", second + 1)
    return _problem(table, "start", sessions[second].id, text, other=other, room=room)
