"""A session as an organiser edits it: the fields of a form, and back."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final, cast

from portal.domain.errors import Problem
from portal.domain.event import Event, Session
from portal.domain.event_file import event_from_mapping, event_to_mapping
from portal.domain.typed_text import typed

FIELDS: Final = (
    "title_fr",
    "title_en",
    "start",
    "end",
    "room",
    "theme",
    "speakers",
    "abstract_fr",
    "abstract_en",
)
"""The fields of the form, in its order: `speakers` has one name a line, an empty `room` or `theme` is none."""

_FILE: Final = "session"


def fields_of(session: Session) -> dict[str, str]:
    """The fields that would give `session` back."""
    return {
        "title_fr": session.title.fr,
        "title_en": session.title.en,
        "start": session.start.isoformat("minutes"),
        "end": session.end.isoformat("minutes"),
        "room": session.room or "",
        "theme": session.theme or "",
        "speakers": "\n".join(session.speakers),
        "abstract_fr": session.abstract.fr,
        "abstract_en": session.abstract.en,
    }


def typed_in(fields: Mapping[str, str]) -> dict[str, str]:
    """Every field of the form as it was typed, but for blanks around it; one that is not there is empty."""
    return {name: typed(fields, name) for name in FIELDS}


def fingerprint(session: Session) -> str:
    """A text that is the same as long as the session is: 64 hexadecimal digits."""
    return sha256(json.dumps(fields_of(session)).encode()).hexdigest()


def edited(event: Event, id: str, fields: Mapping[str, str]) -> Event:
    """`event` with its session `id` as `fields` have it; what was not touched stays as it is to the last blank.

    Raises `EventFileError` when a value is wrong; what sessions are to one another is left aside.
    """
    before = next(typed_in(fields_of(session)) for session in event.sessions if session.id == id)
    touched = {name: text for name, text in typed_in(fields).items() if text != before[name]}
    mapping = event_to_mapping(event)
    sessions = cast(list[dict[str, Any]], mapping["sessions"])
    mapping["sessions"] = [_table(table, touched) if table["id"] == id else table for table in sessions]
    return event_from_mapping(mapping, _FILE)


def field_of(problem: Problem) -> str:
    """The field that a problem of `edited` belongs to."""
    return "title_fr" if problem.key == "title" else problem.key.replace(".", "_")


def _table(table: Mapping[str, Any], touched: Mapping[str, str]) -> dict[str, Any]:
    """The table of a session with the fields that were `touched`."""
    made = dict(table)
    for name, text in touched.items():
        key, _, language = name.partition("_")
        if language:
            made[key] = {**made[key], language: text}
        elif name == "speakers":
            made[key] = [line.strip() for line in text.split("\n") if line.strip()]
        else:
            made[key] = text
    return {key: value for key, value in made.items() if value or key not in ("room", "theme")}
