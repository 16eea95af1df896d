"""Reader of schedule.json, as frab, pretalx and the hub of the c3voc export it.

https://github.com/voc/schedule, validator/json/schema.json
"""

import json
from collections.abc import Mapping

from portal.domain.language import N_
from portal.domain.programme_import.programme import Programme, refuse
from portal.domain.programme_import.schedule import read_schedule


def read_schedule_json(text: str, file: str) -> Programme:
    """Return the programme of a schedule.json. Raises `EventFileError`."""
    try:
        document = json.loads(text)
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
