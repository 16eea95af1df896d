"""The form of a part of an event: its fields follow from the annotations of the part's class."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from datetime import date, time
from functools import cache
from hashlib import sha256
from typing import Any, Final, Literal

from portal.domain.draft.part import EDITED_LISTS, Part, PartValue, keys_of, shape_of, value_of
from portal.domain.errors import EventFileError, Problem
from portal.domain.event.event import Collective, Colours, Event, Link, Room, Session, Theme, is_everywhere
from portal.domain.event.languages import languages_of
from portal.domain.event.table_reader import SINGULAR, instance_of, read_table
from portal.domain.event.table_values import plain
from portal.domain.event.value_rules import SEVERAL_LINES, cleaned, outdated_faults_of
from portal.domain.json_values import hints_of
from portal.domain.language import Language, Text
from portal.domain.text import trimmed_field

Control = Literal[
    "line", "paragraphs", "markdown", "colour", "time", "day", "number", "lines", "choice", "ticks", "tick"
]
Fields = Mapping[str, str]

_PLAIN: Final[Mapping[type, frozenset[str]]] = {
    Collective: frozenset({"presentation"}),
    Theme: frozenset({"description"}),
    Room: frozenset({"description", "access_notes"}),
}
"""The texts over several lines that are plain; the others may hold Markdown."""

YES: Final = "yes"
"""The value of a checked checkbox; an unchecked one is not in the form."""

_CONTROLS: Final[Mapping[object, Control]] = {
    time: "time",
    date: "day",
    int: "number",
    int | None: "number",
    bool: "tick",
    bool | None: "tick",
    tuple[str, ...]: "lines",
    tuple[Link, ...]: "lines",
}
_NOT_EDITED: Final = frozenset({(Session, "guid"), (Event, "uid"), (Event, "language")})
_NEVER_EMPTY: Final = frozenset({"languages"})
_NUMBER: Final = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a form: `title_fr` is the `key` `title` in the `language` `fr`.

    Of `ticks`, a browser sends each that is checked under a name of its own, `rooms.<id>`; here they are lines of ids.
    A field `may_be_empty` if its key has a default.
    """

    name: str
    key: str
    control: Control
    language: Language | None
    may_be_empty: bool = False


def form_of(part: Part, languages: Sequence[Language]) -> tuple[FormField, ...]:
    """Return the fields of the form of `part`, in the order of its class; a text has a field in each of `languages`."""
    return tuple(field for key in keys_of(part) for field in _fields_of_key(shape_of(part), key, languages))


def fields_of(event: Event, part: Part) -> dict[str, str]:
    """Return the fields of `part` as a browser would send them unchanged. Raises `PartGone`."""
    value, form = value_of(event, part), form_of(part, languages_of(event))
    shown = {field.name: _shown(field, getattr(value, field.key)) for field in form}
    if isinstance(value, Session):
        shown["everywhere"] = YES if is_everywhere(value) else ""
    if isinstance(value, Event):
        shown["languages"] = "\n".join(languages_of(event))
    return typed_in(event, part, shown)


def typed_in(event: Event, part: Part, fields: Fields) -> dict[str, str]:
    """Return every field of the form as it was typed, without the spaces around it; missing fields are empty."""
    return {field.name: _typed(field, fields) for field in form_of(part, languages_of(event))}


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
    typed = typed_in(event, part, fields)
    edited = [field for field in form_of(part, languages) if before.get(field.name) != typed[field.name]]
    table: dict[str, Any] = {}
    for field in edited:
        _put(table, field, typed[field.name], old)
    keys = frozenset(field.key for field in edited)
    reading = read_table(shape_of(part), cleaned(table), keys)
    kept = {} if old is None else {key: getattr(old, key) for key in keys_of(part) if key not in keys}
    values = kept | dict(reading.values)
    outdated = (fault for key, value in values.items() for fault in outdated_faults_of(shape_of(part), key, value))
    if problems := (*reading.problems, *outdated):
        raise EventFileError(part.table, tuple(_at_fields(shape_of(part), problems, languages)))
    if "languages" in keys:
        values["language"] = values["languages"][0]
    if part.table == "sessions":
        values["everywhere"] = _everywhere(part, values, old, typed["everywhere"] == YES)
    return values


def _everywhere(part: Part, values: Mapping[str, Any], old: PartValue | None, is_ticked: bool) -> bool | None:
    """Return the value of `everywhere` that the checkbox stands for, None where the type says the same.

    A checkbox that was left as it was means no more than before: a new break is everywhere though nobody checked it,
    and a room that is chosen for a session takes the place of everywhere.
    """
    before = old.everywhere if isinstance(old, Session) else None
    was_ticked = isinstance(old, Session) and is_everywhere(old)
    session = instance_of(Session, {**values, "id": part.id, "everywhere": before})
    if is_ticked != was_ticked:
        return None if is_everywhere(replace(session, everywhere=None)) == is_ticked else is_ticked
    if is_ticked and session.rooms:
        return before if isinstance(old, Session) and old.rooms else None
    return True if is_ticked and not is_everywhere(session) else before


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
    if (shape, key) in _NOT_EDITED:
        return []
    if hint is Text:
        several: Control = "paragraphs" if key in _PLAIN.get(shape, ()) else "markdown"
        control: Control = several if key in SEVERAL_LINES else "line"
        return [FormField(f"{key}_{language}", key, control, language) for language in languages]
    if key in SINGULAR:
        control = "ticks"
    elif shape is Colours:
        control = "colour"
    else:
        control = _CONTROLS.get(hint, "line")
    return [FormField(key, key, control, None, key in _with_default(shape) - _NEVER_EMPTY)]


@cache
def _with_default(shape: type) -> frozenset[str]:
    """Return the keys of a dataclass that have a default."""
    return frozenset(
        field.name for field in fields(shape) if field.default is not MISSING or field.default_factory is not MISSING
    )


def _typed(field: FormField, fields: Fields) -> str:
    """Return what was typed into a field; of checkboxes, a line for each that is checked."""
    if field.control != "ticks" or field.name in fields:
        return trimmed_field(fields, field.name)
    prefix = f"{field.name}."
    return "\n".join(name.removeprefix(prefix) for name in fields if name.startswith(prefix) and fields[name] == YES)


def _shown(field: FormField, value: object) -> str:
    if isinstance(value, Text):
        return value[field.language or ""]
    if isinstance(value, bool):
        return YES if value else ""
    if isinstance(value, tuple):
        return "\n".join(f"{item.label} {item.url}".strip() if isinstance(item, Link) else item for item in value)
    # A browser's control for a colour knows small letters alone (HTML §4.10.5.1.14).
    text = "" if value is None else str(plain(value))
    return text.lower() if field.control == "colour" else text


def _put(table: dict[str, Any], field: FormField, text: str, old: PartValue | None) -> None:
    """Put an edited field into the table of a file: the other languages of a text are kept, a default is left out."""
    if field.language:
        table.setdefault(field.key, {} if old is None else getattr(old, field.key).as_mapping())[field.language] = text
    elif field.key == "links":
        table[field.key] = [_link(line) for line in _lines(text)]
    elif text or not field.may_be_empty:
        table[field.key] = _AS_IN_A_FILE.get(field.control, str)(text)


def _link(line: str) -> Mapping[str, str]:
    """Return the link of a line: a label, if it has one, then the address."""
    label, _, url = line.strip().rpartition(" ")
    return {"label": label.strip(), "url": url}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


_AS_IN_A_FILE: Final[Mapping[Control, Callable[[str], object]]] = {
    "lines": _lines,
    "ticks": _lines,
    "number": lambda text: int(text) if _NUMBER.fullmatch(text) else text,
    "tick": lambda text: text == YES,
}
