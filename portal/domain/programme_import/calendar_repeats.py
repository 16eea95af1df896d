"""Dates of an event of a calendar that repeats (RFC 5545 §3.8.5)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final

from icalendar import Event

from portal.domain.language import N_
from portal.domain.limits import IMPORTED_REPEATS
from portal.domain.programme_import.calendar_values import has_place, values_of
from portal.domain.programme_import.programme import Remarks

_PARTS: Final = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST"})
"""The parts of a rule that are followed: sessions repeat by the day or by the week."""

_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LONGEST: Final = timedelta(days=366)


def moments_of(event: Event, start: datetime, title: str, lost: Remarks) -> Iterator[datetime]:
    """Yield the starts of `event`: `start`, and up to IMPORTED_REPEATS of what its RRULE and RDATE add, without EXDATE.

    The clock stays the same over a change of clocks. What is not followed is noted in `lost`.
    """
    left_out, further = (
        {_clock(each, start) for each in _dates(event, name, title, lost)} for name in ("EXDATE", "RDATE")
    )
    repeats = sorted({*_by_rule(event, start, title, lost), *further} - left_out - {start.replace(tzinfo=None)})
    taken = [each for each in repeats if has_place(each)]
    if start.replace(tzinfo=None) not in left_out:
        yield start
    for moment in taken[:IMPORTED_REPEATS]:
        yield moment.replace(tzinfo=start.tzinfo)
    if len(taken) > IMPORTED_REPEATS:
        text = N_("Entries that repeat more than %(most)s times, without the later ones: %(count)s")
        lost.add(text, title, most=IMPORTED_REPEATS)


def _by_rule(event: Event, start: datetime, title: str, lost: Remarks) -> list[datetime]:
    """Return the clock times of the RRULE of `event` within a year, `start` among them; [] for none."""
    rule = next(iter(values_of(event, "RRULE")), None)
    if not isinstance(rule, Mapping):
        return []
    try:
        parts = {name.upper(): value for name, value in rule.items()}
        if not parts.keys() <= _PARTS:
            raise ValueError
        first = start.replace(tzinfo=None)
        until = min([first + _LONGEST, *(_clock(each, start) for each in parts.get("UNTIL", []))])
        found = (moment for moment in _days_of(parts, first) if moment <= until)
        return list(islice(found, min(int(parts.get("COUNT", [_LONGEST.days])[0]), IMPORTED_REPEATS + 2)))
    except (ValueError, TypeError, AttributeError, LookupError, OverflowError):
        lost.add(N_("Entries whose repetition is not understood; only the first date was taken: %(count)s"), title)
        return []


def _days_of(parts: Mapping[str, Sequence[object]], first: datetime) -> Iterator[datetime]:
    """Yield `first` and its repetitions within a year, by day or by week. Raises `ValueError` for any other rule."""
    frequency, interval = str(parts["FREQ"][0]).upper(), int(str(parts.get("INTERVAL", [1])[0]))
    weekdays = {_WEEKDAYS.index(str(each).upper()) for each in parts.get("BYDAY", [])}
    if frequency not in ("DAILY", "WEEKLY") or interval < 1:
        raise ValueError(frequency)
    for number in range(_LONGEST.days):
        moment = first + timedelta(days=number)
        step = number if frequency == "DAILY" else (number + first.weekday()) // 7
        allowed = weekdays or (range(7) if frequency == "DAILY" else {first.weekday()})
        if step % interval == 0 and moment.weekday() in allowed:
            yield moment


def _dates(event: Event, name: str, title: str, lost: Remarks) -> Iterator[date]:
    for entry in values_of(event, name):
        for each in getattr(entry, "dts", []):
            if isinstance(day := getattr(each, "dt", None), date) and has_place(day):
                yield day
            else:
                lost.add(N_("Values that cannot be read: %(count)s"), f"{title} ({name})")


def _clock(moment: date, start: datetime) -> datetime:
    """Return the clock time of `moment` in the zone of `start`; of a date, that of `start` on it."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, start.time())
    if moment.tzinfo is not None and start.tzinfo is not None:
        moment = moment.astimezone(start.tzinfo)
    return moment.replace(tzinfo=None)
