"""Time zones that a calendar describes itself (VTIMEZONE, RFC 5545 §3.6.5), read without following any long rule."""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final

from icalendar.timezone import tzp

from portal.domain.limits import ZONE_CHANGES

_OFFSET: Final = re.compile(r"([+-])([0-9]{2}):?([0-9]{2})(?:[0-9]{2})?")
_BY_DAY: Final = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_PARTS: Final = frozenset({"FREQ", "INTERVAL", "UNTIL", "BYMONTH", "BYDAY", "BYMONTHDAY", "WKST"})
_IN_ZONE: Final = re.compile(
    r"((?:DTSTART|DTEND|RECURRENCE-ID|EXDATE|RDATE)(?:;[^:]*?)?);TZID=(?:\"([^\"]*)\"|([^\";:]*))(;[^:]*)?:(.*)",
    re.IGNORECASE,
)
_NAME_CHARACTERS: Final = 100
_CLOCK_TIME: Final = re.compile(r"[0-9]{8}T[0-9]{6}")


@dataclass(frozen=True, slots=True)
class _Change:
    """A change of clocks to `offset`: at `first`, and where there is a `rule`, in every year after it."""

    first: datetime
    offset: timedelta
    rule: Mapping[str, str]

    def moments(self, year: int) -> Iterator[datetime]:
        """Yield the moment of the change in `year`, by the clocks before it."""
        if not self.rule:
            if self.first.year <= year:
                yield self.first
            return
        found = _days_in(year, int(self.rule.get("BYMONTH", self.first.month)), self.rule, self.first)
        until = self.rule.get("UNTIL", "")[:8] or "99991231"
        for day in found:
            if self.first.date() <= day and f"{day:%Y%m%d}" <= until:
                yield datetime.combine(day, self.first.time())


@dataclass(slots=True)
class _Zone:
    """A zone by its changes of clocks; those that matter in a year are kept in `_years`."""

    changes: Sequence[_Change]
    _years: dict[int, list[tuple[datetime, timedelta]]] = field(default_factory=dict)

    def in_utc(self, clock: datetime) -> datetime:
        """Return the moment at which the clocks show `clock`, in UTC."""
        if clock.year not in self._years:
            years = (clock.year - 1, clock.year)
            found = ((moment, each.offset) for each in self.changes for year in years for moment in each.moments(year))
            self._years[clock.year] = sorted(found) or [(datetime.min, self.changes[0].offset)]  # noqa: DTZ901
        turns = self._years[clock.year]
        offset = next((offset for moment, offset in reversed(turns) if moment <= clock), turns[0][1])
        return (clock - offset).replace(tzinfo=UTC)


def with_known_zones(lines: Iterable[str], described: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the content `lines` of events, with times in zones that only the file knows as those of known zones.

    `described` are the lines of each VTIMEZONE. A zone with a known name is that one; of any other, X-LIC-LOCATION
    tells which it is, or the times are in UTC by its changes of clocks. Where these are too many, or follow a rule
    that is not by the year, the zone stays unknown.
    """
    tables = {_value(table, "TZID"): table for table in described}
    zones: dict[str, str | _Zone | None] = {}
    for line in lines:
        found = _IN_ZONE.fullmatch(line) if tables else None
        name = (found[2] or found[3] or "").strip() if found else ""
        if name in tables and name not in zones:
            zones[name] = _followed(name, tables[name])
        zone = zones.get(name)
        if found is None or zone is None:
            yield line
        elif isinstance(zone, str):
            yield f"{found[1]};TZID={zone}{found[4] or ''}:{found[5]}"
        else:
            times = ",".join(_in_utc(zone, each.strip()) for each in found[5].split(","))
            yield f"{found[1]}{found[4] or ''}:{times}"


def _followed(name: str, table: Sequence[str]) -> str | _Zone | None:
    """Return the known zone in place of `name`, or that of its `table`; None where the parser knows `name` itself."""
    other = _value(table, "X-LIC-LOCATION")
    return None if _is_known(name) else other if _is_known(other) else _zone(table)


def _is_known(name: str) -> bool:
    """Return whether the parser knows the zone `name`: one of the tz database, or of Windows."""
    return 0 < len(name) <= _NAME_CHARACTERS and tzp.timezone(name) is not None


def _in_utc(zone: _Zone, clock: str) -> str:
    try:
        moment = datetime.strptime(clock, "%Y%m%dT%H%M%S") if _CLOCK_TIME.fullmatch(clock) else None  # noqa: DTZ007
        return clock if moment is None else f"{zone.in_utc(moment):%Y%m%dT%H%M%SZ}"
    except (ValueError, OverflowError):
        return clock


def _value(lines: Iterable[str], name: str) -> str:
    """Return the value of the first line of the property `name`, "" for none."""
    return next((line.partition(":")[2].strip() for line in lines if re.match(rf"{name}[;:]", line, re.I)), "")


def _zone(lines: Sequence[str]) -> _Zone | None:
    """Return the zone that the `lines` of a VTIMEZONE describe; None where they cannot be read."""
    changes: list[_Change] = []
    begin: int | None = None
    try:
        for number, line in enumerate(lines):
            if line.strip().upper() in ("BEGIN:STANDARD", "BEGIN:DAYLIGHT"):
                begin = number
            elif line.strip().upper() in ("END:STANDARD", "END:DAYLIGHT") and begin is not None:
                changes.append(_change(lines[begin:number]))
                begin = None
            if len(changes) > ZONE_CHANGES:
                return None
    except (ValueError, OverflowError):
        return None
    return _Zone(changes) if changes else None


def _change(lines: Sequence[str]) -> _Change:
    """Return the change of clocks in the `lines` of STANDARD or DAYLIGHT. Raises `ValueError`."""
    first = datetime.strptime(_value(lines, "DTSTART")[:15], "%Y%m%dT%H%M%S")  # noqa: DTZ007 -- by the clocks before
    offset = _OFFSET.fullmatch(_value(lines, "TZOFFSETTO"))
    rule = dict(part.upper().split("=", 1) for part in filter(None, _value(lines, "RRULE").split(";")))
    if offset is None or (rule and (rule.get("FREQ") != "YEARLY" or not rule.keys() <= _PARTS)):
        raise ValueError(lines)
    if rule.get("INTERVAL", "1") != "1":
        raise ValueError(rule)
    length = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
    change = _Change(first, -length if offset[1] == "-" else length, rule)
    list(change.moments(2000))
    return change


def _days_in(year: int, month: int, rule: Mapping[str, str], first: datetime) -> Iterator[date]:
    """Yield the days of a `month` that the BYMONTHDAY and BYDAY of a `rule` leave. Raises `ValueError`."""
    days = [date(year, month, number) for number in range(1, monthrange(year, month)[1] + 1)]
    numbers = {int(each) for each in rule.get("BYMONTHDAY", "").split(",") if each}
    if not numbers and "BYDAY" not in rule:
        numbers = {first.day}
    if numbers:
        days = [day for day in days if day.day in numbers]
    if "BYDAY" in rule:
        found = _BY_DAY.fullmatch(rule["BYDAY"])
        if found is None:
            raise ValueError(rule)
        days = [day for day in days if _WEEKDAYS[day.weekday()] == found[2]]
        place = int(found[1] or 0)
        days = days[place - 1 : place] if place > 0 else days[place:][:1] if place < 0 else days
    yield from days
