"""Plans of imports into an event without a programme, and what they say."""

from dataclasses import replace
from datetime import date
from typing import Final

from portal.domain.event.event import Event
from portal.domain.programme_import.file_format import read_programme
from portal.domain.programme_import.plan import Plan, plan_import
from portal.domain.programme_import.session_plan import Choices
from tests.factories.sample import EVENT

FRENCH: Final = Choices("fr", "Sans titre")
EMPTY: Final = replace(EVENT, sessions=(), rooms=(), themes=(), zone="Europe/Berlin")
FIRST: Final = date(2027, 6, 12)


def plan_of(content: bytes | str, event: Event = EMPTY, choices: Choices = FRENCH, name: str = "lorem") -> Plan:
    """Return the plan of importing `content` into `event`."""
    return plan_import(event, read_programme(content.encode() if isinstance(content, str) else content, name), choices)


def table(*rows: str) -> str:
    """Return a table (CSV) of `rows` below the names of its columns."""
    return "\n".join(["id,title,date,start,end,room,theme,type,speakers", *rows])


def remarks(plan: Plan) -> list[str]:
    """Return what the import assumed, in English, with the sessions that each remark is about."""
    return [
        f"{each.text % {'count': each.count, **dict(each.details)}} {'; '.join(each.names)}".strip()
        for each in plan.assumed
    ]
