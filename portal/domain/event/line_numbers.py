"""The lines of an event file at which its tables and keys stand: tomllib does not keep them."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from portal.domain.errors import Problem
from portal.domain.event.day_tables import ONE_DAY
from portal.domain.event.schedule import entry

_TOKEN: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*|[\[{]|[\]}]|\n",
    re.DOTALL,
)
"""Strings, comments, brackets, which may hide the end of a statement (TOML 1.0), and the ends of lines."""
_HEADER: Final = re.compile(r"[ \t]*(\[\[?)[ \t]*([A-Za-z0-9_-]+)[ \t]*\]")
_KEY: Final = re.compile(r"""[ \t]*["']?([A-Za-z0-9_-]+)["']?[ \t]*(?:\.[ \t]*["']?([A-Za-z0-9_-]+)["']?[ \t]*)?=""")

Places = Mapping[tuple[str, str], int]
"""The line of each table, `("sessions[3]", "")`, and of each key of it, both as `title.fr` and as `title`."""


def with_lines(problems: Sequence[Problem], text: str) -> list[Problem]:
    """Return the `problems` of the TOML file `text`, each with its line; that of its table where its key is missing."""
    places = _places_in(text)
    return [replace(problem, line=_line_of(problem, places)) for problem in problems]


def _line_of(problem: Problem, places: Places) -> int:
    table, key = problem.table, problem.key
    if table == "event" and key in ONE_DAY.values():  # an only day may stand in a list as well
        listed = next(name for name, known in ONE_DAY.items() if known == key)
        table, key = (table, key) if (table, key) in places else (entry("days", 1), listed)
    known = (places.get(place, 0) for place in ((table, key), (table, key.partition(".")[0]), (problem.table, "")))
    return next((line for line in known if line), 0)


def _places_in(text: str) -> Places:
    """Return the place of each table and key; of one that is there twice the first."""
    places: dict[tuple[str, str], int] = {}
    table, numbers = "", Counter[str]()
    for line, statement in _statements(text):
        if header := _HEADER.match(statement):
            table = header[2]
            if header[1] == "[[":
                numbers[table] += 1
                table = entry(table, numbers[table])
            places.setdefault((table, ""), line)
        elif found := _KEY.match(statement):
            name, language = found.groups()
            places.setdefault((table, name), line)
            if language:
                places.setdefault((table, f"{name}.{language}"), line)
    return places


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield each statement, from the start of its line, with the number of that line, from 1."""
    start = depth = 0
    line = first = 1
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign == "\n" and not depth:
            yield first, text[start : token.start()]
            start, first = token.end(), line + 1
        elif sign in "[{":
            depth += 1
        elif sign in "]}":
            depth = max(0, depth - 1)
        line += sign.count("\n")
    yield first, text[start:]
