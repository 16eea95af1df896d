"""The form of a part of an event: its fields follow from the annotations of the part's class."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from hashlib import sha256
from typing import Any, Final, Literal

from portal.domain.draft.part import Part, PartValue, keys_of, shape_of, value_of
from portal.domain.errors import EventFileError, Problem
from portal.domain.event.event import Colours, Event, Link
from portal.domain.event.table_reader import SINGULAR, read_table
from portal.domain.event.table_values import plain
from portal.domain.event.value_rules import SEVERAL_LINES, cleaned
from portal.domain.json_values import hints_of
from portal.domain.language import LANGUAGES, Language, Text
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
    int | None: "number",
    bool | None: "choice",
    tuple[Link, ...]: "lines",
    bool: "tick",
    tuple[str, ...]: "lines",
    str | None: "choice",
    Language: "choice",
}
_CHOICES: Final = frozenset({"kind", "day"})
_NOT_EDITED: Final = frozenset({"guid", "uid"})
_NUMBER: Final = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a form: `title_fr` is the `key` `title` in the `language` `fr`."""

    name: str
    key: str
    control: Control
    language: Language | None


def form_of(part: Part) -> tuple[FormField, ...]:
    """Return the fields of the form of `part`, in the order of its class; a text has a field in each language."""
    hints = hints_of(shape_of(part))
    return tuple(field for key in keys_of(part) for field in _fields_of_key(shape_of(part), key, hints[key]))


def fields_of(event: Event, part: Part) -> dict[str, str]:
    """Return the fields of `part` as a browser would send them unchanged. Raises `PartGone`."""
    value = value_of(event, part)
    return typed_in(part, {field.name: _shown(field, getattr(value, field.key)) for field in form_of(part)})


def typed_in(part: Part, fields: Fields) -> dict[str, str]:
    """Return every field of the form as it was typed, without the spaces around it; missing fields are empty."""
    return {field.name: trimmed_field(fields, field.name) for field in form_of(part)}


def version_of(*parts: object) -> str:
    """Return the SHA-256 of `parts`, in hexadecimal: it is the same as long as they are."""
    return sha256(json.dumps(parts).encode()).hexdigest()


def values_of(event: Event | None, part: Part, fields: Fields) -> dict[str, Any]:
    """Return the values of the keys of `part`. Only the edited fields are read; the other values are kept as they are.

    `event` has the part before, None for a new part. Raises `EventFileError` if a value is wrong, and `PartGone`.
    """
    old = None if event is None else value_of(event, part)
    before = {} if event is None else fields_of(event, part)
    edited = [field for field in form_of(part) if before.get(field.name) != trimmed_field(fields, field.name)]
    table: dict[str, Any] = {}
    for field in edited:
        _put(table, field, trimmed_field(fields, field.name), old)
    keys = frozenset(field.key for field in edited)
    reading = read_table(shape_of(part), cleaned(table), keys)
    kept = {} if old is None else {key: getattr(old, key) for key in keys_of(part) if key not in keys}
    values = kept | dict(reading.values)
    if problems := (*reading.problems, *reading.outdated):
        raise EventFileError(part.table, problems)
    return values


def fields_at(problem: Problem) -> tuple[str, ...]:
    """Return the names that the field of a problem may have: that of a text in no language is its French field."""
    name = problem.key.replace(".", "_")
    return (name,) if "." in problem.key else (name, f"{name}_{LANGUAGES[0]}")


def _fields_of_key(shape: type, key: str, hint: object) -> list[FormField]:
    if key in _NOT_EDITED:
        return []
    if key in SINGULAR:
        return [FormField(SINGULAR[key], key, "choice", None)]
    if hint is Text:
        control: Control = "markdown" if key in MARKDOWN else "paragraphs" if key in SEVERAL_LINES else "line"
        return [FormField(f"{key}_{language}", key, control, language) for language in LANGUAGES]
    if key in _CHOICES:
        control = "choice"
    elif shape is Colours:
        control = "colour"
    else:
        control = _CONTROLS.get(hint, "line")
    return [FormField(key, key, control, None)]


def _shown(field: FormField, value: object) -> str:
    if isinstance(value, Text):
        return value.fr if field.language == "fr" else value.en
    if isinstance(value, bool):
        return YES if value else ""
    if isinstance(value, tuple):
        lines = [f"{item.label} {item.url}".strip() if isinstance(item, Link) else item for item in value]
        return (" " if field.control == "choice" else "\n").join(lines)
    # A browser's control for a colour knows small letters alone (HTML §4.10.5.1.14).
    text = "" if value is None else str(plain(value))
    return text.lower() if field.control == "colour" else text


def _put(table: dict[str, Any], field: FormField, text: str, old: PartValue | None) -> None:
    """Put an edited field into the table of a file. An empty choice is left out, the other language of a text kept."""
    if field.language:
        table.setdefault(field.key, {} if old is None else plain(getattr(old, field.key)))[field.language] = text
    elif field.key in SINGULAR:
        table[field.name] = text.split()
    elif field.key == "links":
        table[field.key] = [_link(line) for line in text.split("\n") if line.strip()]
    elif field.control != "choice" or text:
        table[field.key] = _AS_IN_A_FILE.get(field.control, str)(text)


def _link(line: str) -> Mapping[str, str]:
    """Return the link of a line: a label, if it has one, then the address."""
    label, _, url = line.strip().rpartition(" ")
    return {"label": label.strip(), "url": url}


_AS_IN_A_FILE: Final[Mapping[Control, Callable[[str], object]]] = {
    "lines": lambda text: [line.strip() for line in text.split("\n") if line.strip()],
    "number": lambda text: int(text) if _NUMBER.fullmatch(text) else text,
    "tick": lambda text: text == YES,
}
