"""A time zone in a calendar (VTIMEZONE, RFC 5545 §3.6.5), with the changes of its clocks around some moments alone."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Component, Timezone, TimezoneDaylight, TimezoneStandard

_DAY: Final = timedelta(days=1)
_SECOND: Final = timedelta(seconds=1)


def vtimezone(zone: str, moments: Iterable[datetime]) -> Component:
    """Return the component for `zone` by which each of the `moments` (UTC) has its offset, and the day before it."""
    clocks = ZoneInfo(zone)
    first, *later = sorted({probe for moment in moments for probe in (moment - _DAY, moment)})
    component = Timezone()
    component.add("tzid", zone)
    component.add_component(_observance(clocks, first))
    for low, high in pairwise((first, *later)):
        if _offset(clocks, low) != _offset(clocks, high):
            component.add_component(_observance(clocks, _change(clocks, low, high)))
    return component


def _observance(clocks: ZoneInfo, moment: datetime) -> Component:
    """Return the offset from `moment` on; its onset is in local time by the offset before it (§3.8.2.4)."""
    before, after = (moment - _SECOND).astimezone(clocks), moment.astimezone(clocks)
    component = TimezoneDaylight() if after.dst() else TimezoneStandard()
    component.add("dtstart", before.replace(tzinfo=None) + _SECOND)
    component.add("tzoffsetfrom", before.utcoffset())
    component.add("tzoffsetto", after.utcoffset())
    component.add("tzname", after.tzname())
    return component


def _change(clocks: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """Return the second from which the offset is that of `high`; over more than a day, where nothing is, `high`."""
    offset = _offset(clocks, low)
    while _SECOND < high - low <= _DAY:
        middle = low + (high - low) // _SECOND // 2 * _SECOND
        low, high = (middle, high) if _offset(clocks, middle) == offset else (low, middle)
    return high


def _offset(clocks: ZoneInfo, moment: datetime) -> timedelta | None:
    return moment.astimezone(clocks).utcoffset()
