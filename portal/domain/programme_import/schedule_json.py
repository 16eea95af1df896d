"""Reader of schedule.json, as frab, pretalx and the hub of the c3voc export it.

https://github.com/voc/schedule, validator/json/schema.json
"""

import json
import re
from collections.abc import Mapping
from typing import Final

from portal.domain.language import N_
from portal.domain.programme_import.programme import Programme, refuse
from portal.domain.programme_import.schedule import read_schedule

_HALF_OF_A_PAIR: Final = re.compile(r"\\u[dD][89a-fA-F]")


def json_of(text: str) -> object:
    """Return the value of a JSON `text`, with `?` for each half of a surrogate pair without the other (RFC 8259 §8.2).

    Raises `ValueError` and `RecursionError`.
    """
    value: object = json.loads(text)
    if _HALF_OF_A_PAIR.search(text) is None:
        return value
    return json.loads(json.dumps(value, ensure_ascii=False).encode(errors="replace"))


def read_schedule_json(text: str, file: str) -> Programme:
    """Return the programme of a schedule.json. Raises `EventFileError`."""
    try:
        document = json_of(text)
    except json.JSONDecodeError as error:
        sentence = N_("line %(line)s, column %(column)s: it is not JSON")
        raise refuse(file, sentence, line=error.lineno, column=error.colno) from None
    except (ValueError, RecursionError):
        raise refuse(file, N_("it is not JSON: a value is too deep or too long")) from None
    schedule = document.get("schedule", document) if isinstance(document, Mapping) else None
    conference = schedule.get("conference", schedule) if isinstance(schedule, Mapping) else None
    if not isinstance(conference, Mapping) or not isinstance(conference.get("days"), list):
        raise refuse(file, N_("it has no list “%(path)s”"), path="schedule.conference.days")
    return read_schedule(conference, file)
