"""Event files: read an event from TOML or a mapping, turn it back into a mapping, explain every fault in words."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import datetime
from typing import Final, cast

from portal.domain.errors import EventFileError, Problem
from portal.domain.event.day_tables import ONE_DAY
from portal.domain.event.days import is_over
from portal.domain.event.event import Announcement, Day, Event, Mirror, Room, Session, Speaker, Theme
from portal.domain.event.event_tables import (
    FACTS,
    LISTS,
    OMITTED_AT_DEFAULT,
    TABLES,
    event_of,
    in_file_order,
    problems_of_programme,
    read_tables,
)
from portal.domain.event.line_numbers import with_lines
from portal.domain.event.schedule import entry
from portal.domain.event.table_reader import SINGULAR
from portal.domain.event.table_values import plain
from portal.domain.event.value_rules import cleaned
from portal.domain.language import N_
from portal.domain.limits import EVENT_FILE_KIB, FAULT_NAME_CHARACTERS, FAULTS_COUNTED, FAULTS_LISTED

Translate = Callable[[str, Mapping[str, object]], str]
"""A message and the details for its places, to the sentence in the reader's language."""

Entry = Event | Session | Room | Theme | Day | Speaker | Announcement | Mirror

_PLACE_IN_TOML: Final = re.compile(r"\(at line (\d+), column (\d+)\)$")
_DEEP_OR_LONG: Final = N_("it is not TOML: a value is too deep or too long")
_NOT_UTF8: Final = N_("line %(line)s is not UTF-8 text; an older encoding is converted by %(example)s")
_TO_UTF8: Final = "iconv -f WINDOWS-1252 -t UTF-8 -o utf8.toml event.toml"
_DEEPEST_KEY: Final = 32
_PART_OF_KEY: Final = rb"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
_TOO_DEEP: Final = re.compile(
    rb"(?<![A-Za-z0-9_-])%s(?:[ \t]*+\.[ \t]*+%s){%d}" % (_PART_OF_KEY, _PART_OF_KEY, _DEEPEST_KEY)
)
"""A key of more parts than any of ours, `a.a.a.a…`: tomllib takes memory by the square of them."""


def read_event(content: bytes, file: str, now: datetime | None = None) -> Event:
    """Return the event of a TOML 1.0 file in UTF-8; `file` names it in the error.

    Raises `EventFileError` with every fault of the file, in its order; with `now`, also where the
    only fault is that the event is over by then.
    """
    mapping = _parsed(content, file)
    tables = read_tables(mapping)
    _check(file, content, mapping, (*tables.problems, *problems_of_programme(tables)))
    event = event_of(tables)
    if now is not None and is_over(event, now):
        _check(file, content, mapping, [_over(event)])
    return event


def read_draft(content: bytes, file: str, now: datetime | None = None) -> Event:
    """Return the event of such a file, whether or not its programme is in order, as that of a draft need not be.

    Raises `EventFileError` with every fault of shape and value, in the order of the file; `now` as for `read_event`.
    """
    mapping = _parsed(content, file)
    tables = read_tables(mapping)
    _check(file, content, mapping, (*tables.problems, *tables.outdated))
    event = event_of(tables)
    if now is not None and is_over(event, now):
        _check(file, content, mapping, [_over(event)])
    return event


def _check(file: str, content: bytes, mapping: Mapping[str, object], problems: Sequence[Problem]) -> None:
    """Raise `EventFileError` where there are `problems`, with their lines and in their order."""
    if problems:
        raise EventFileError(file, with_lines(in_file_order(problems, mapping), content.decode("utf-8-sig")))


def event_from_mapping(mapping: Mapping[str, object], file: str) -> Event:
    """Return the event that `event_to_mapping` made `mapping` of; `file` names it in the error.

    Raises `EventFileError` when the shape or a value is wrong. A value that only earlier portals took is not, and the
    rules between the parts are not checked, so that a draft may be kept before it is in order: `problems_of` checks.
    """
    tables = read_tables(mapping)
    if tables.problems:
        raise EventFileError(file, in_file_order(tables.problems, mapping))
    return event_of(tables)


def event_to_mapping(event: Event) -> dict[str, object]:
    """Return `event` in the shape of its file, of strings, numbers, lists and dicts alone: `HH:MM`, `YYYY-MM-DD`.

    The only day of an event stands in its table `event`; an only room or theme of a session under the singular name.
    The main language is not written where it is the first of the `languages`.
    """
    when: dict[str, object] = {}
    lists = {name: [_as_table(entry) for entry in getattr(event, name)] for name in LISTS}
    if len(event.days) == 1:
        (only,) = lists.pop("days")
        when = {key: only[name] for name, key in ONE_DAY.items()}
    if not event.speakers:
        del lists["speakers"]
    before = FACTS.index("zone")
    facts = {**_as_table(event, FACTS[:before]), **when, **_as_table(event, FACTS[before:])}
    if event.languages:
        del facts["language"]
    return {"event": facts} | {name: plain(getattr(event, name)) for name in TABLES} | lists


def lines_of(error: EventFileError, translate: Translate) -> list[str]:
    """Return a line for each fault, `file:12: sessions[3] (its-id): key: sentence`, and the count of those left out.

    12 is the line of the file, where it is known.
    """
    return lines_of_problems(error.file, error.problems, translate)


def lines_of_problems(file: str, problems: Sequence[Problem], translate: Translate) -> list[str]:
    """Return such lines for `problems`, which may be warnings."""
    listed = problems[:FAULTS_LISTED]
    lines = [f"{_place(file, problem.line)}: {line_of(problem, translate)}" for problem in listed]
    return [*lines, *(f"{file}: {line}" for line in not_listed(len(problems), translate))]


def _place(file: str, line: int) -> str:
    return f"{file}:{line}" if line else file


def line_of(problem: Problem, translate: Translate) -> str:
    """Return the line of a single fault, without the file."""
    table, key, id = (_shortened(words) for words in (problem.table, problem.key, problem.id))
    details = {name: _shortened(value) if isinstance(value, str) else value for name, value in problem.details}
    sentence = translate(problem.text, details)
    return ": ".join(part for part in (f"{table} ({id})" if id else table, key, sentence) if part)


def not_listed(count: int, translate: Translate) -> list[str]:
    """Return a line with the number of faults, of `count`, that are not listed; no line where all are."""
    if count > FAULTS_COUNTED:
        return [translate(N_("and more than %(count)s others"), {"count": FAULTS_COUNTED - FAULTS_LISTED})]
    rest = count - FAULTS_LISTED
    return [translate(N_("other problems that are not listed: %(count)s"), {"count": rest})] if rest > 0 else []


def _as_table(value: Entry, keys: Iterable[str] | None = None) -> dict[str, object]:
    """Return the `keys` of a dataclass, or all, as a table, without what OMITTED_AT_DEFAULT says."""
    defaults = {
        field.name: field.default if field.default_factory is MISSING else field.default_factory()
        for field in fields(value)
        if field.name in OMITTED_AT_DEFAULT.get(type(value), ())
    }
    table: dict[str, object] = {}
    for key in keys or [field.name for field in fields(value)]:
        item = getattr(value, key)
        if key in SINGULAR and len(item) == 1:
            table[SINGULAR[key]] = item[0]
        elif key == "links" and item:
            table[key] = [plain(link) if link.label else link.url for link in item]
        elif item is not None and not (key in defaults and item == defaults[key]):
            table[key] = plain(item)
    return table


def _shortened(words: str) -> str:
    return words if len(words) <= FAULT_NAME_CHARACTERS else f"{words[:FAULT_NAME_CHARACTERS]}…"


def _over(event: Event) -> Problem:
    """Return the problem of an event that is over, at its last day."""
    number = len(event.days)
    table, key = (entry("days", number), "date") if number > 1 else ("event", ONE_DAY["date"])
    return Problem(table, key, N_("this day is over; if it is the right one, add --past"))


def _parsed(content: bytes, file: str) -> Mapping[str, object]:
    if len(content) > EVENT_FILE_KIB * 1024:
        raise _unreadable(file, N_("it is larger than %(most)s KiB"), most=EVENT_FILE_KIB)
    if _TOO_DEEP.search(content):
        raise _unreadable(file, _DEEP_OR_LONG)
    try:
        # Some editors put a byte order mark at the start; some leave out the last end of line, which tomllib counts by.
        return cast("Mapping[str, object]", cleaned(tomllib.loads(content.decode("utf-8-sig") + "\n")))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _unreadable(file, _NOT_UTF8, line=line, example=_TO_UTF8) from None
    except tomllib.TOMLDecodeError as error:
        if place := _PLACE_IN_TOML.search(str(error)):
            text = N_('line %(line)s is not TOML from column %(column)s on; a straight quote (") may be missing')
            raise _unreadable(file, text, line=int(place[1]), column=int(place[2])) from None
        raise _unreadable(file, N_("it is not TOML: it ends before a text or a bracket is closed")) from None
    # A bracket in a bracket in a bracket…, or a number of thousands of digits.
    except (RecursionError, ValueError):
        raise _unreadable(file, _DEEP_OR_LONG) from None


def _unreadable(file: str, text: str, **details: object) -> EventFileError:
    return EventFileError(file, [Problem("", "", text, tuple(details.items()))])


def problems_of(event: Event) -> tuple[Problem, ...]:
    """Return every fault that a file of `event` would have, in the order of that file.

    Those of a value (an empty title, a line break in a title, carriage returns) keep an event from being
    stored; those of the programme (an overlap, a time out of the day, a theme or room that is not there) do not.
    """
    mapping = event_to_mapping(event)
    tables = read_tables(mapping)
    return tuple(in_file_order((*tables.problems, *problems_of_programme(tables)), mapping))
