"""The tables of an event file, read together, with their faults in the order of the file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import MISSING, dataclass, fields, is_dataclass
from itertools import islice
from math import inf
from typing import Any, Final, TypeGuard, get_args

from portal.domain.errors import Problem
from portal.domain.event.contrast import problems_of_colours
from portal.domain.event.event import Event
from portal.domain.event.programme_rules import Schedule, ScheduledSession, entry, problems_of_schedule
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
_NAMED: Final = ("themes", "rooms", "announcements", "mirrors")
MAY_BE_LEFT_OUT: Final = frozenset(field.name for field in fields(Event) if field.default is not MISSING)
"""The lists that a file without an entry need not name."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Tables as they were read: `single` and `lists` by name; a list is None where the file has another value for it.

    `problems` are the faults of shape and value, in no order: all, or more than FAULTS_COUNTED where there are as many.
    """

    single: Mapping[str, Reading]
    lists: Mapping[str, Sequence[Reading] | None]
    problems: tuple[Problem, ...]


def read_tables(mapping: Mapping[str, object]) -> Tables:
    """Read `mapping`, which has the shape of an event file; no list further than FAULTS_COUNTED faults."""
    single: dict[str, Reading] = {}
    lists: dict[str, Sequence[Reading] | None] = {}
    unknown = islice((name for name in mapping if name not in _NAMES), FAULTS_COUNTED + 1)
    problems = [_as_table(unknown_key(name, list(_NAMES))) for name in unknown]
    for name in ("event", *TABLES):
        shape, only = (Event, frozenset(FACTS)) if name == "event" else (TABLES[name], None)
        if name in mapping:
            single[name] = read_table(shape, mapping[name], only).at(name)
        else:
            single[name] = Reading({}, (Problem(name, "", N_("it is missing")),))
        problems.extend(single[name].problems)
    for name, shape in LISTS.items():
        lists[name], faults = _read_list(name, shape, mapping.get(name))
        problems.extend(faults)
    return Tables(single, lists, tuple(problems))


def event_of(tables: Tables) -> Event:
    """Return the event of tables without a problem."""
    parts: dict[str, Any] = {name: instance_of(shape, tables.single[name].values) for name, shape in TABLES.items()}
    for name, shape in LISTS.items():
        parts[name] = tuple(instance_of(shape, reading.values) for reading in tables.lists[name] or ())
    return Event(**tables.single["event"].values, **parts)


def problems_of_programme(tables: Tables) -> tuple[Problem, ...]:
    """Return the faults between the tables, as far as they could be read; in no order.

    There are none where the tables were not read to their ends.
    """
    if len(tables.problems) > FAULTS_COUNTED:
        return ()
    facts = tables.single["event"].values
    sessions = [
        ScheduledSession(**{name: reading.values.get(name) for name in _OF_SESSION})
        for reading in tables.lists["sessions"] or ()
    ]
    themes, rooms, announcements, mirrors = (_ids(tables.lists[name]) for name in _NAMED)
    kept = facts.get("retention_days")
    schedule = Schedule(facts.get("start"), facts.get("end"), themes, rooms, sessions, announcements, mirrors, kept)
    return (*problems_of_schedule(schedule), *problems_of_colours(tables.single["colours"].values))


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


def _ids(readings: Sequence[Reading] | None) -> list[str | None] | None:
    return None if readings is None else [reading.values.get("id") for reading in readings]


def _as_table(problem: Problem) -> Problem:
    """Return `problem`, of an unknown key, as that of an unknown table."""
    return Problem(problem.key, "", problem.text, problem.details)


def _read_list(name: str, shape: type, value: object) -> tuple[Sequence[Reading] | None, Sequence[Problem]]:
    if value is None:
        return None, () if name in MAY_BE_LEFT_OUT else (Problem(name, "", N_("it is missing")),)
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


def _read_entry(table: str, shape: type, value: object) -> Reading:
    id = value.get("id") if isinstance(value, Mapping) else None
    return read_table(shape, value).at(table, id if isinstance(id, str) else "")
