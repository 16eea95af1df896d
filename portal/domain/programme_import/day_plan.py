"""Days and clock times of imported sessions, in the zone and among the days of an event."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from portal.domain.event.event import Day, Event
from portal.domain.event.value_rules import faults_of_new_value
from portal.domain.language import N_
from portal.domain.limits import IMPORTED_REPEATS
from portal.domain.programme_import.day_split import Bounds, Placed, split_into_days
from portal.domain.programme_import.programme import ImportedDay, ImportedSession, Programme, Remarks

_DATE: Final = timedelta(days=1)
_NIGHT_ENDS: Final = 6
"""The hour before which a session belongs to the evening before, where the source has no days."""

_WHOLE_DAY: Final = (time(9), time(18))
_FENCE: Final = timedelta(hours=22)
"""A day of a source that is longer is the limit of a calendar day, such as 04:00 to 03:59, and tells no opening."""


def zone_for(event: Event, programme: Programme, assumed: Remarks) -> str:
    """Return the zone of the event after the import: that of the programme for an event without sessions."""
    named = programme.zone
    if faults_of_new_value(Event, "zone", named):
        if named:
            assumed.add(N_("Its time zone “%(zone)s” is not known; the one of the event is kept"), zone=named[:80])
        return event.zone
    zone = event.zone if event.sessions else named
    if zone != event.zone:
        assumed.add(N_("The event takes the time zone of the file, %(zone)s"), zone=named)
    elif named != event.zone:
        text = N_("Times in the zone %(other)s are converted to that of the event, %(zone)s")
        assumed.add(text, other=named, zone=event.zone)
    if any(_offset_differs(session.start, named) for session in programme.sessions):
        text = N_("It names the time zone %(zone)s, but writes its times with another offset; the offset counts")
        assumed.add(text, zone=named)
    return zone


def _offset_differs(moment: datetime, zone: str) -> bool:
    return moment.tzinfo is not None and moment.utcoffset() != moment.astimezone(ZoneInfo(zone)).utcoffset()


def place_sessions(event: Event, programme: Programme, zone: str, assumed: Remarks) -> tuple[list[Placed], list[Day]]:
    """Return the sessions of `programme` on their days, and the days of the event with those that they need, in order.

    A session after midnight belongs to the day that the source lists it under, or to the evening before. A day becomes
    longer where a session needs it; a session that is longer than a day can be is cut.
    """
    clocks = [_by_clocks(session, zone, assumed) for session in programme.sessions]
    nights = {day.date: day.end for day in event.days if event.sessions and day.end <= day.start}
    evenings = {day.date for day in event.days if day.date in nights and day.start.hour >= _NIGHT_ENDS}
    evenings |= {start.date() for start, _ in clocks if start.hour >= _NIGHT_ENDS}
    placed: list[Placed] = []
    for session, (start, end) in zip(programme.sessions, clocks, strict=True):
        if session.all_day:
            placed.extend(_whole_days(session, start, end, assumed))
        else:
            placed.append(Placed(session, _date_of(session, start, evenings, nights), start, end))
    kept = _days_kept(event, placed)
    if programme.overlay is None:
        return split_into_days(placed, _bounds(programme.days, zone, _FENCE), kept, zone, assumed)
    bounds, dates = _bounds(programme.days, zone, _DATE), {day.date for day in kept}
    exported = (Day(date, *(moment.time() for moment in span)) for date, span in bounds.items() if date not in dates)
    return split_into_days(placed, bounds, [*kept, *exported], zone, assumed)


def _by_clocks(session: ImportedSession, zone: str, assumed: Remarks) -> tuple[datetime, datetime]:
    """Return start and end as the clocks of `zone` show them, naive; a time that they skip is an hour later."""
    clocks = ZoneInfo(zone)
    start, end = (
        (moment if moment.tzinfo else moment.replace(tzinfo=clocks)).astimezone(UTC).astimezone(clocks)
        for moment in (session.start, session.end)
    )
    if start.fold:
        text = N_("Sessions in an hour that the clocks show twice, taken as in the first: %(count)s")
        assumed.add(text, session.title)
    if session.start.tzinfo is None and start.replace(tzinfo=None) != session.start:
        assumed.add(N_("Sessions at a time that the clocks skip, taken as an hour later: %(count)s"), session.title)
    start, end = start.replace(tzinfo=None, fold=0), end.replace(tzinfo=None, fold=0)
    return start, end if end > start else start + (session.end - session.start)


def _date_of(session: ImportedSession, start: datetime, evenings: Set[date], nights: Mapping[date, time]) -> date:
    """Return the date of the day of a session; `nights` are the days that end after midnight, with their ends.

    On such a day, a clock time before the end is in the night after it, so that nothing can be that early on the day;
    and the next day cannot begin before that end.
    """
    before = start.date() - _DATE
    if start.time() < max(nights.get(start.date(), time()), nights.get(before, time())):
        return before
    if session.day is not None and 0 <= (start.date() - session.day).days <= 1:
        return session.day
    return before if start.hour < _NIGHT_ENDS and before in evenings else start.date()


def _whole_days(session: ImportedSession, start: datetime, end: datetime, assumed: Remarks) -> Iterable[Placed]:
    """Yield an entry of whole days on each of them, without a room: it concerns every room."""
    count = min(max(1, (end.date() - start.date()).days), IMPORTED_REPEATS)
    assumed.add(N_("Entries of a whole day, taken as sessions for everybody: %(count)s"), session.title)
    for number in range(count):
        when = start.date() + number * _DATE
        guid = f"{session.guid}#{when}" if session.guid and number else session.guid
        first, last = (datetime.combine(when, clock) for clock in _WHOLE_DAY)
        yield Placed(replace(session, guid=guid), when, first, last)


def _days_kept(event: Event, placed: Sequence[Placed]) -> tuple[Day, ...]:
    """Return the days of the event that stay: all, unless it has no session and the programme none of its days."""
    dates = {each.date for each in placed}
    return event.days if event.sessions or any(day.date in dates for day in event.days) else ()


def _bounds(days: Iterable[ImportedDay], zone: str, longest: timedelta) -> Mapping[date, Bounds]:
    """Return the openings and ends that the source gives to days up to the `longest`, by the clocks of `zone`."""
    found = {}
    for day in days:
        if (
            day.start
            and day.end
            and day.start.tzinfo
            and day.end.tzinfo
            and timedelta() < day.end - day.start <= longest
        ):
            start, end = (each.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) for each in (day.start, day.end))
            if start.date() == day.date:
                found[day.date] = start, end
    return found
