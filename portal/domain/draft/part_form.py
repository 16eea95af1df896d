"""The form of a part of an event: its fields follow from the annotations of the part's class."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final, Literal

from portal.domain.draft.part import EDITED_LISTS, Part, PartValue, keys_of, shape_of, value_of
from portal.domain.errors import EventFileError, Problem
from portal.domain.event.event import Colours, Event
from portal.domain.event.languages import languages_of
from portal.domain.event.table_reader import read_table
from portal.domain.event.table_values import plain
from portal.domain.event.value_rules import SEVERAL_LINES, faults_of_retention
from portal.domain.json_values import hints_of
from portal.domain.language import Language, Text
from portal.domain.text import trimmed_field

Control = Literal["line", "paragraphs", "markdown", "colour", "time", "day", "number", "lines", "choice", "tick"]
Fields = Mapping[str, str]

MARKDOWN: Final = SEVERAL_LINES - {"presentation", "description"}
"""The texts that may hold Markdown; the others that go over several lines are plain."""

YES: Final = "yes"
"""The value of a checked checkbox; an unchecked one is not in the form."""

_CONTROLS: Final[Mapping[object, Control]] = {
    time: "time",
    date: "day",
    int: "number",
    bool: "tick",
    tuple[str, ...]: "lines",
    str | None: "choice",
}
_NUMBER: Final = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a form: `title_fr` is the `key` `title` in the `language` `fr`."""

    name: str
    key: str
    control: Control
    language: Language | None


def form_of(part: Part, languages: Sequence[Language]) -> tuple[FormField, ...]:
    """Return the fields of the form of `part`, in the order of its class; a text has a field in each of `languages`."""
    return tuple(field for key in keys_of(part) for field in _fields_of_key(shape_of(part), key, languages))


def fields_of(event: Event, part: Part) -> dict[str, str]:
    """Return the fields of `part` as a browser would send them unchanged. Raises `PartGone`."""
    value, form = value_of(event, part), form_of(part, languages_of(event))
    return typed_in(event, part, {field.name: _shown(field, getattr(value, field.key)) for field in form})


def typed_in(event: Event, part: Part, fields: Fields) -> dict[str, str]:
    """Return every field of the form as it was typed, without the spaces around it; missing fields are empty."""
    return {field.name: trimmed_field(fields, field.name) for field in form_of(part, languages_of(event))}


def version_of(*parts: object) -> str:
    """Return the SHA-256 of `parts`, in hexadecimal: it is the same as long as they are."""
    return sha256(json.dumps(parts).encode()).hexdigest()


def values_of(event: Event, part: Part, fields: Fields) -> dict[str, Any]:
    """Return the values of the keys of `part`. Only the edited fields are read; the other values are kept as they are.

    `event` has the part before, unless it is a new entry. Raises `EventFileError` if a value is wrong, and `PartGone`.
    """
    is_new, languages = part.table in EDITED_LISTS and not part.id, languages_of(event)
    old = None if is_new else value_of(event, part)
    before = {} if is_new else fields_of(event, part)
    form = form_of(part, languages)
    edited = [field for field in form if before.get(field.name) != trimmed_field(fields, field.name)]
    table: dict[str, Any] = {}
    for field in edited:
        _put(table, field, trimmed_field(fields, field.name), old)
    keys = frozenset(field.key for field in edited)
    reading = read_table(shape_of(part), table, keys)
    values = {key: getattr(old, key) for key in keys_of(part) if key not in keys} | dict(reading.values)
    if problems := (*reading.problems, *faults_of_retention(values.get("retention_days"))):
        raise EventFileError(part.table, tuple(_at_fields(shape_of(part), problems, languages)))
    return values


def field_at(problem: Problem) -> str:
    """Return the name of the field of a problem of `values_of`."""
    return problem.key.replace(".", "_")


def _at_fields(shape: type, problems: Sequence[Problem], languages: Sequence[Language]) -> Iterator[Problem]:
    """Yield the problems, those of a text in no language at its field in the main one."""
    for problem in problems:
        is_text = hints_of(shape).get(problem.key) is Text
        yield replace(problem, key=f"{problem.key}.{languages[0]}") if is_text else problem


def _fields_of_key(shape: type, key: str, languages: Sequence[Language]) -> list[FormField]:
    hint = hints_of(shape)[key]
    if hint is Text:
        control: Control = "markdown" if key in MARKDOWN else "paragraphs" if key in SEVERAL_LINES else "line"
        return [FormField(f"{key}_{language}", key, control, language) for language in languages]
    if (isinstance(hint, type) and issubclass(hint, StrEnum)) or (shape is Event and key == "language"):
        control = "choice"
    elif shape is Colours:
        control = "colour"
    else:
        control = _CONTROLS.get(hint, "line")
    return [FormField(key, key, control, None)]


def _shown(field: FormField, value: object) -> str:
    if isinstance(value, Text):
        return value[field.language or ""]
    if isinstance(value, bool):
        return YES if value else ""
    if isinstance(value, tuple):
        return "\n".join(value)
    # A browser's control for a colour knows small letters alone (HTML §4.10.5.1.14).
    text = "" if value is None else str(plain(value))
    return text.lower() if field.control == "colour" else text


def _put(table: dict[str, Any], field: FormField, text: str, old: PartValue | None) -> None:
    """Put an edited field into the table of a file. An empty choice is left out, the other languages of a text kept."""
    if field.language:
        table.setdefault(field.key, {} if old is None else getattr(old, field.key).as_mapping())[field.language] = text
    elif field.control != "choice" or text:
        table[field.key] = _AS_IN_A_FILE.get(field.control, str)(text)


_AS_IN_A_FILE: Final[Mapping[Control, Callable[[str], object]]] = {
    "lines": lambda text: [line.strip() for line in text.split("\n") if line.strip()],
    "number": lambda text: int(text) if _NUMBER.fullmatch(text) else text,
    "tick": lambda text: text == YES,
}
