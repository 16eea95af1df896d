"""The form of the days of an event: a row for each and an empty one. The sessions of a day go where its date goes."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from portal.domain.draft.part_form import YES, Fields
from portal.domain.errors import EventFileError, Problem
from portal.domain.event.event import Day, Event, Session
from portal.domain.event.table_reader import instance_of, read_table
from portal.domain.event.table_values import plain
from portal.domain.input_errors import UsersUnplaced
from portal.domain.language import N_
from portal.domain.limits import DAYS
from portal.domain.text import trimmed_field

KEYS: Final = ("date", "start", "end")
REMOVE: Final = "remove"
INSTEAD: Final = "instead"
"""The field with the row of the day that the sessions of removed days go to."""

_NAME: Final = re.compile(rf"({'|'.join((*KEYS, REMOVE))})_([1-9][0-9]{{0,2}})")


def fields_of_days(event: Event) -> dict[str, str]:
    """Return the fields of the days, `date_1`, `start_1`, `end_1` and so on, as a browser would send them unchanged."""
    return {
        f"{key}_{number}": str(plain(getattr(day, key))) for number, day in enumerate(event.days, 1) for key in KEYS
    }


def days_typed(fields: Fields) -> dict[str, str]:
    """Return the fields of the days as they were typed, without the rows that were left empty at the end."""
    rows = sorted({int(match[2]) for name in fields if (match := _NAME.fullmatch(name))})
    typed = {f"{key}_{row}": trimmed_field(fields, f"{key}_{row}") for row in rows for key in (*KEYS, REMOVE)}
    return {name: text for name, text in typed.items() if text or not name.startswith(REMOVE)}


def sessions_on(event: Event, rows: frozenset[int]) -> tuple[Session, ...]:
    """Return the sessions of the days with these numbers."""
    return tuple(session for session in event.sessions if min(session.day, len(event.days)) in rows)


def rows_removed(event: Event, fields: Fields) -> frozenset[int]:
    """Return the numbers of the days of `event` that are to be removed."""
    return frozenset(row for row in range(1, len(event.days) + 1) if fields.get(f"{REMOVE}_{row}") == YES)


def with_days(event: Event, fields: Fields) -> Event:
    """Return `event` with the days of `fields` in order of their dates; each session goes with its day.

    Raises `EventFileError` where a day is wrong or none is left, and `UsersUnplaced` if there are sessions on a day to
    be removed, and INSTEAD is no day that stays.
    """
    removed = rows_removed(event, fields)
    days = _read_days(event, fields, removed)
    numbers = {row: number for number, row in enumerate(days, 1)}
    instead = trimmed_field(fields, INSTEAD)
    if sessions_on(event, removed):
        if instead not in map(str, numbers):
            raise UsersUnplaced(INSTEAD)
        numbers |= dict.fromkeys(removed, numbers[int(instead)])
    sessions = tuple(replace(each, day=numbers[min(each.day, len(event.days))]) for each in event.sessions)
    return replace(event, days=tuple(days.values()), sessions=sessions)


def _read_days(event: Event, fields: Fields, removed: frozenset[int]) -> Mapping[int, Day]:
    """Return the days that stay and the new ones, by row, in order of their dates."""
    present, typed = len(event.days), days_typed(fields)
    rows = sorted({*range(1, present + 1), *(int(name.rpartition("_")[2]) for name in typed)} - removed)
    rows = [row for row in rows if row <= present or typed[f"date_{row}"]]
    problems: list[Problem] = []
    days: dict[int, Day] = {}
    for row in rows:
        values: dict[str, Any] = {key: typed.get(f"{key}_{row}", "") for key in KEYS}
        reading = read_table(Day, values)
        problems.extend(replace(problem, key=f"{problem.key}_{row}") for problem in reading.problems)
        if not reading.problems:
            days[row] = instance_of(Day, reading.values)
    problems.extend(_faults_of_rows(rows, days))
    if problems:
        raise EventFileError("days", problems)
    return dict(sorted(days.items(), key=lambda item: item[1].date))


def _faults_of_rows(rows: list[int], days: Mapping[int, Day]) -> list[Problem]:
    """Return the faults of the days together: two of one date, none at all, too many."""
    if not rows:
        return [Problem("", "date_1", N_("an event has at least one day"))]
    if len(rows) > DAYS:
        return [Problem("", f"date_{rows[DAYS]}", N_("an event has at most %(most)s days"), (("most", DAYS),))]
    dates = [day.date for day in days.values()]
    again = [row for number, (row, day) in enumerate(days.items()) if day.date in dates[:number]]
    return [Problem("", f"date_{row}", N_("another day has this date")) for row in again]
