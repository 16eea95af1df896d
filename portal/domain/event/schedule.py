"""Schedule of an event, as far as its file could be read: the fields that the rules between its parts need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time

from portal.domain.errors import Problem
from portal.domain.event.days import Span, clock_span
from portal.domain.event.event import Day
from portal.domain.event.value_rules import is_zone
from portal.domain.language import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledSession:
    """The fields of a session that the rules need; None where it has none, or none that could be read."""

    id: str | None = None
    day: int | None = None
    start: time | None = None
    end: time | None = None
    rooms: Sequence[str] | None = None
    themes: Sequence[str] | None = None
    everywhere: bool | None = None
    shares_room: bool | None = None
    cancelled: bool | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """The id and the name of an entry of a list; None where it has none, or none that could be read."""

    id: str | None
    name: Text | str | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """The fields of an event that the rules need; None where one could not be read.

    `zone` is one that can be used. `lists` are those whose entries have an id, by name, without the sessions.
    """

    zone: str | None
    days: Sequence[Day | None]
    sessions: Sequence[ScheduledSession]
    lists: Mapping[str, Sequence[Named] | None]

    def day(self, session: ScheduledSession) -> Day | None:
        """Return the day of `session`; None where it could not be read, or there is none of that number."""
        number = session.day or 1
        return self.days[number - 1] if 1 <= number <= len(self.days) else None

    def span(self, session: ScheduledSession) -> Span | None:
        """Return the span of `session`; None where it has none."""
        day = self.day(session)
        if day is None or session.start is None or session.end is None or self.zone is None:
            return None
        if session.start == session.end or (session.end < session.start and day.start < day.end):
            return None
        return clock_span(self.zone, day, session.start, session.end)


def usable_zone(zone: str | None) -> str | None:
    """Return `zone`, or None where there is no such zone."""
    return zone if zone is not None and is_zone(zone) else None


def entry(table: str, number: int) -> str:
    """Return the name of the table that is the `number`th (from 1) of its list: `sessions[3]`."""
    return f"{table}[{number}]"


def fault(table: str, key: str, id: str | None, text: str, **details: object) -> Problem:
    """Return a fault of the `key` of `table`, which has this `id`, with its details by name."""
    return Problem(table, key, text, tuple(details.items()), id or "")


def clock(moment: time) -> str:
    """Return `moment` as a file has it, `11:00`."""
    return moment.isoformat("minutes")
