"""What the parts of an event must be to one another: ids that are one, themes and rooms that exist, times that fit."""

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
class Slot:
    """What the rules look at in a session; None is what it has not, or what could not be read."""

    id: str | None = None
    start: time | None = None
    end: time | None = None
    room: str | None = None
    theme: str | None = None
    cancelled: bool | None = None


@dataclass(frozen=True, slots=True)
class Outline:
    """What the rules look at in an event; None is what could not be read."""

    start: time | None
    end: time | None
    themes: Ids | None
    rooms: Ids | None
    slots: Sequence[Slot]
    announcements: Ids | None = None
    mirrors: Ids | None = None
    retention_days: int | None = None


def problems_of_outline(outline: Outline) -> tuple[Problem, ...]:
    """The faults of `outline`: all, or one more than FAULTS_COUNTED where there are more."""
    rooms, themes = (None if ids is None else set(ids) for ids in (outline.rooms, outline.themes))
    return tuple(islice(_faults_of(outline, rooms, themes), FAULTS_COUNTED + 1))


def _faults_of(outline: Outline, rooms: Known, themes: Known) -> Iterator[Problem]:
    return chain(
        _backwards("event", "", outline.start, outline.end),
        (replace(fault, table="event") for fault in faults_of_retention(outline.retention_days)),
        _repeated("themes", outline.themes or ()),
        _repeated("rooms", outline.rooms or ()),
        _repeated("sessions", [slot.id for slot in outline.slots]),
        chain.from_iterable(
            _faults_of_slot(number, slot, outline, rooms, themes) for number, slot in enumerate(outline.slots, 1)
        ),
        _overlapping(outline.slots),
        _repeated("announcements", outline.announcements or ()),
        _too_many("announcements", outline.announcements or (), ANNOUNCEMENTS),
        _repeated("mirrors", outline.mirrors or ()),
        _too_many("mirrors", outline.mirrors or (), MIRRORS),
    )


def entry(table: str, number: int) -> str:
    """The name of the table that is the `number`th (from 1) of its list: `sessions[3]`."""
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


def _faults_of_slot(number: int, slot: Slot, outline: Outline, rooms: Known, themes: Known) -> Iterator[Problem]:
    table = entry("sessions", number)
    yield from _backwards(table, slot.id, slot.start, slot.end)
    yield from _out_of_the_day(table, slot, outline)
    if slot.room is not None and rooms is not None and slot.room not in rooms:
        yield _problem(table, "room", slot.id, N_("no room has the id “%(room)s”"), room=slot.room)
    if slot.theme is not None and themes is not None and slot.theme not in themes:
        yield _problem(table, "theme", slot.id, N_("no theme has the id “%(theme)s”"), theme=slot.theme)


def _out_of_the_day(table: str, slot: Slot, outline: Outline) -> Iterator[Problem]:
    opening, closing = outline.start, outline.end
    if opening is not None and closing is not None and closing <= opening:
        return  # the event's own times are at fault, no session's
    if opening is not None and slot.start is not None and slot.start < opening:
        text = N_("it is before the event opens, at %(opening)s")
        yield _problem(table, "start", slot.id, text, opening=_clock(opening))
    if closing is not None and slot.end is not None and slot.end > closing:
        text = N_("it is after the event closes, at %(closing)s")
        yield _problem(table, "end", slot.id, text, closing=_clock(closing))


def _overlapping(slots: Sequence[Slot]) -> Iterator[Problem]:
    """A session that begins in a room before another there has ended, told once, of the later one in the file.

    A session without a room takes place in every room, a cancelled one in none.
    """
    of_room: dict[str, list[int]] = {}
    for number, slot in enumerate(slots):
        if slot.room is not None:
            of_room.setdefault(slot.room, []).append(number)
    everywhere = [number for number, slot in enumerate(slots) if slot.room is None]
    meeting: set[tuple[int, int]] = set()
    for numbers in list(of_room.values()) or [[]]:
        meeting.update(_meeting([*numbers, *everywhere], slots))
        if len(meeting) > FAULTS_COUNTED:
            break
    for first, second in sorted(meeting):
        yield _overlap(slots, first, second)


def _meeting(numbers: Sequence[int], slots: Sequence[Slot]) -> Iterator[tuple[int, int]]:
    """Of the `numbers`, from 0, of `slots` in one room, those that meet, two by two."""
    timed = sorted(
        (slot.start, slot.end, number)
        for number in numbers
        if (slot := slots[number]).start is not None and slot.end is not None and slot.start < slot.end
        if not slot.cancelled
    )
    until, other = time.min, -1
    for start, end, number in timed:
        if start < until:
            yield min(other, number), max(other, number)
        until, other = max((until, other), (end, number))


def _overlap(slots: Sequence[Slot], first: int, second: int) -> Problem:
    table, other = entry("sessions", second + 1), slots[first].id or entry("sessions", first + 1)
    room = slots[second].room
    if room is None or room != slots[first].room:
        return _problem(table, "start", slots[second].id, N_("it overlaps “%(other)s”"), other=other)
    text = N_("it overlaps “%(other)s” (%(room)s)")
    return _problem(table, "start", slots[second].id, text, other=other, room=room)
