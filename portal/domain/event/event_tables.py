"""The tables of an event file, read together, with their faults in the order of the file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, fields, is_dataclass
from itertools import chain, islice
from math import inf
from typing import Any, Final, TypeGuard, get_args

from portal.domain.errors import Problem
from portal.domain.event.contrast import problems_of_colours
from portal.domain.event.day_tables import (
    day_of_reading,
    read_only_day,
    with_numbers_of_days,
    without_days,
    without_time,
)
from portal.domain.event.event import Event, Room, Session
from portal.domain.event.languages import problems_of_main_language, with_main_language
from portal.domain.event.programme_rules import problems_of_schedule
from portal.domain.event.schedule import Named, Schedule, ScheduledSession, entry, usable_zone
from portal.domain.event.table_reader import Reading, instance_of, read_table, unknown_key
from portal.domain.json_values import hints_of
from portal.domain.language import N_
from portal.domain.limits import FAULTS_COUNTED


def _is_table(hint: object) -> TypeGuard[type]:
    return isinstance(hint, type) and is_dataclass(hint)


_SHAPES: Final = hints_of(Event)
TABLES: Final[Mapping[str, type]] = {name: hint for name, hint in _SHAPES.items() if _is_table(hint)}
"""The single tables beside `event`, by name."""
LISTS: Final[Mapping[str, type]] = {
    name: item for name, hint in _SHAPES.items() for item in get_args(hint) if _is_table(item)
}
"""The lists of tables, by name."""
FACTS: Final = tuple(name for name in _SHAPES if name not in {*TABLES, *LISTS})
"""The fields of an event that stand in the table `event`."""
_NAMES: Final = ("event", *TABLES, *LISTS)
_OF_SESSION: Final = tuple(field.name for field in fields(ScheduledSession))
_NAMED: Final = tuple(name for name in LISTS if name not in ("days", "sessions"))
OMITTED_AT_DEFAULT: Final[Mapping[type, frozenset[str]]] = {
    Event: frozenset({"languages", "uid", "speakers"}),
    Room: frozenset({"capacity", "access_notes"}),
    Session: frozenset(
        {
            *("rooms", "themes", "day", "subtitle", "description", "language"),
            *("everywhere", "shares_room", "links", "tags", "guid"),
        }
    ),
}
"""The fields that earlier portals did not have: a file without them has their defaults, and is written without them."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Tables as they were read: `single` and `lists` by name; a list is None where the file has another value for it.

    `problems` are the faults of shape and value, in no order: all, or more than FAULTS_COUNTED where there are as many.
    `outdated` are those of values that an event of an earlier portal may have, and no other.
    """

    single: Mapping[str, Reading]
    lists: Mapping[str, Sequence[Reading] | None]
    problems: tuple[Problem, ...]
    outdated: tuple[Problem, ...]


def read_tables(mapping: Mapping[str, object]) -> Tables:
    """Read `mapping`, which has the shape of an event file; no list further than FAULTS_COUNTED faults."""
    single: dict[str, Reading] = {}
    lists: dict[str, Sequence[Reading] | None] = {}
    unknown = islice((name for name in mapping if name not in _NAMES), FAULTS_COUNTED + 1)
    problems = [_as_table(unknown_key(name, list(_NAMES))) for name in unknown]
    faults: Sequence[Problem]
    for name in ("event", *TABLES):
        single[name], faults = _read_single(name, mapping)
        problems.extend((*faults, *single[name].problems))
    for name, shape in LISTS.items():
        tables = mapping.get(name)
        if name == "days" and name not in mapping:
            only_day = read_only_day(mapping.get("event"))
            lists[name], faults = [only_day], only_day.problems
        elif name == "sessions" and isinstance(tables, list):
            lists[name], faults = _read_sessions(tables, lists["days"] or ())
        else:
            lists[name], faults = _read_list(name, shape, tables)
        problems.extend(faults)
    readings = (*single.values(), *chain.from_iterable(each or () for each in lists.values()))
    return Tables(single, lists, tuple(problems), tuple(fault for each in readings for fault in each.outdated))


def _read_single(name: str, mapping: Mapping[str, object]) -> tuple[Reading, Sequence[Problem]]:
    """Read the table `name`, of which there is one; return the faults of its days as well."""
    if name not in mapping:
        return Reading({}, (Problem(name, "", N_("it is missing")),)), ()
    if name != "event":
        return read_table(TABLES[name], mapping[name]).at(name), ()
    table, faults = without_days(mapping)
    reading = read_table(Event, with_main_language(table), frozenset(FACTS)).at(name)
    return reading, (*faults, *problems_of_main_language(reading.values))


def event_of(tables: Tables) -> Event:
    """Return the event of tables without a problem."""
    parts: dict[str, Any] = {name: instance_of(shape, tables.single[name].values) for name, shape in TABLES.items()}
    for name, shape in LISTS.items():
        parts[name] = tuple(instance_of(shape, reading.values) for reading in tables.lists[name] or ())
    return instance_of(Event, {**tables.single["event"].values, **parts})


def problems_of_programme(tables: Tables) -> tuple[Problem, ...]:
    """Return the faults between the tables, as far as they could be read, and the outdated ones; in no order.

    There are none where the tables were not read to their ends.
    """
    if len(tables.problems) > FAULTS_COUNTED:
        return ()
    facts = tables.single["event"].values
    sessions = [
        ScheduledSession(**{name: reading.values.get(name) for name in _OF_SESSION})
        for reading in tables.lists["sessions"] or ()
    ]
    days = [day_of_reading(reading) for reading in tables.lists["days"] or ()]
    lists = {name: _named(tables.lists[name]) for name in _NAMED}
    schedule = Schedule(usable_zone(facts.get("zone")), days, sessions, lists)
    between = (*problems_of_schedule(schedule), *problems_of_colours(tables.single["colours"].values))
    return (*tables.outdated, *between)


def in_file_order(problems: Iterable[Problem], mapping: Mapping[str, object]) -> list[Problem]:
    """Sort `problems` by their places in `mapping`; a missing key comes after those of its table."""
    problems = list(problems)
    wanted = {problem.table for problem in problems}
    order = {location: number for number, location in enumerate(_locations(mapping, wanted))}

    def position(problem: Problem) -> tuple[float, float]:
        table = order.get((problem.table, ""), inf)
        key = order.get((problem.table, problem.key.partition(".")[0]), inf)
        return (table, key)

    return sorted(problems, key=position)


def _locations(mapping: Mapping[str, object], wanted: Set[str]) -> Iterator[tuple[str, str]]:
    """Yield the tables of `mapping` and the keys of those that are `wanted`, in order, as a problem names them."""
    for name, value in mapping.items():
        yield (name, "")
        for table, keys in _tables_of(name, value):
            if table in wanted:
                yield (table, "")
                yield from ((table, key) for key in (keys if isinstance(keys, Mapping) else ()))


def _tables_of(name: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, list) and value:
        yield from ((entry(name, number), table) for number, table in enumerate(value, 1))
    else:
        yield name, value


def _named(readings: Sequence[Reading] | None) -> list[Named] | None:
    values = None if readings is None else [reading.values for reading in readings]
    return None if values is None else [Named(each.get("id"), each.get("name")) for each in values]


def _as_table(problem: Problem) -> Problem:
    """Return `problem`, of an unknown key, as that of an unknown table."""
    return Problem(problem.key, "", problem.text, problem.details)


def _read_list(name: str, shape: type, value: object) -> tuple[Sequence[Reading] | None, Sequence[Problem]]:
    if value is None:
        return [], ()
    if name == "days" and value == []:
        return None, (Problem(name, "", N_("an event has a day at least")),)
    if not isinstance(value, list):
        text = N_("a list of tables is expected: write %(brackets)s before each")
        return None, (Problem(name, "", text, (("brackets", f"[[{name}]]"),)),)
    readings: list[Reading] = []
    problems: list[Problem] = []
    for number, table in enumerate(value, 1):
        if len(problems) > FAULTS_COUNTED:
            break
        readings.append(_read_entry(entry(name, number), shape, table))
        problems.extend(readings[-1].problems)
    return readings, problems


def _read_sessions(tables: list[object], days: Sequence[Reading]) -> tuple[Sequence[Reading], Sequence[Problem]]:
    numbered, off_days = with_numbers_of_days(tables, days)
    readings, faults = _read_list("sessions", Session, numbered)
    timed = [without_time(each) if place in off_days else each for place, each in enumerate(readings or ())]
    return timed, (*faults, *off_days.values())


def _read_entry(table: str, shape: type, value: object) -> Reading:
    id = value.get("id") if isinstance(value, Mapping) else None
    return read_table(shape, value).at(table, id if isinstance(id, str) else "")
