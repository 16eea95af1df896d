"""The days in an event file: an only one in the table `event`, several as a list; sessions name theirs by its date."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from portal.domain.errors import Problem
from portal.domain.event.day_rules import no_such_day
from portal.domain.event.event import Day
from portal.domain.event.schedule import entry
from portal.domain.event.table_reader import Reading, read_table
from portal.domain.event.table_values import plain
from portal.domain.language import N_
from portal.domain.limits import FAULTS_COUNTED

ONE_DAY: Final[Mapping[str, str]] = {"date": "day", "start": "start", "end": "end"}
"""The fields of the only day of an event, and their names in the table `event`, where they stand in place of a list."""
_OTHER_SPELLINGS: Final = ("last_day", "end_day", "end_date", "last_date", "days", "dates")
_LISTED: Final = N_("[[days]] gives the days of this event: take this out")
_SEVERAL: Final = N_("several days are written as [[days]], each with date, start and end, in place of those here")


def without_days(mapping: Mapping[str, object]) -> tuple[object, list[Problem]]:
    """Return the table `event` without its only day, and the faults of what else it says of days."""
    table = mapping["event"]
    if not isinstance(table, Mapping):
        return table, []
    wrong = dict.fromkeys((key for key in _OTHER_SPELLINGS if key in table), _SEVERAL)
    if "days" in mapping:
        wrong |= dict.fromkeys((key for key in ONE_DAY.values() if key in table), _LISTED)
    rest = {key: value for key, value in table.items() if key not in ONE_DAY.values() and key not in wrong}
    return rest, [Problem("event", key, text) for key, text in wrong.items()]


def read_only_day(table: object) -> Reading:
    """Read the only day from the table `event`."""
    if not isinstance(table, Mapping):
        return Reading({}, ())
    reading = read_table(Day, {name: table[key] for name, key in ONE_DAY.items() if key in table})
    problems, outdated = (
        tuple(replace(problem, key=ONE_DAY.get(problem.key, problem.key)) for problem in several)
        for several in (reading.problems, reading.outdated)
    )
    return Reading(reading.values, problems, outdated).at("event")


def day_of_reading(reading: Reading) -> Day | None:
    """Return the day that was read; None where a value is missing or wrong."""
    values = reading.values
    return Day(values["date"], values["start"], values["end"]) if len(values) == len(ONE_DAY) else None


def with_numbers_of_days(
    tables: list[object], readings: Sequence[Reading]
) -> tuple[list[object], Mapping[int, Problem]]:
    """Return the `tables` of sessions with the number of a day in the place of its date, and faults of other dates.

    The faults are by the place of the session, from 0. `readings` are those of the days; there is no fault where there
    is none, or one could not be read.
    """
    days = [day_of_reading(reading) for reading in readings]
    dates = [None if day is None else day.date.isoformat() for day in days]
    numbered, faults = list[object](), dict[int, Problem]()
    for place, table in enumerate(tables):
        if not isinstance(table, Mapping) or not isinstance(table.get("day"), str | date):
            numbered.append(table)
            continue
        day, id = plain(table["day"]), table.get("id")
        if day in dates:
            numbered.append({**table, "day": dates.index(str(day)) + 1})
            continue
        numbered.append({key: value for key, value in table.items() if key != "day"})
        if dates and None not in dates and len(faults) <= FAULTS_COUNTED:
            faults[place] = no_such_day(entry("sessions", place + 1), id if isinstance(id, str) else None, day, days)
    return numbered, faults


def without_time(reading: Reading) -> Reading:
    """Return `reading`, of a session on no day, without a start, so that it meets no other session."""
    values = {name: value for name, value in reading.values.items() if name != "start"}
    return Reading(values, reading.problems, reading.outdated)
