"""Rules of the days of an event and of the times of its sessions: in order, on the clocks, within their days."""

from collections.abc import Iterator, Sequence
from datetime import time
from typing import Final

from portal.domain.errors import Problem
from portal.domain.event.days import clock_span, dates_of, jump_over
from portal.domain.event.event import Day
from portal.domain.event.schedule import Schedule, ScheduledSession, clock, entry, fault
from portal.domain.language import N_

LATEST_END: Final = time(12)
"""The latest time of the next date at which a day may end."""

_BEFORE: Final = N_("it is before the event opens, at %(opening)s"), N_("it is before its day starts, at %(opening)s")
_AFTER: Final = N_("it is after the event closes, at %(closing)s"), N_("it is after its day ends, at %(closing)s")


def faults_of_days(schedule: Schedule) -> Iterator[Problem]:
    """Yield the faults of each day, then those between a day and the one before it."""
    for number, day in enumerate(schedule.days, 1):
        if day is not None:
            table = table_of_day(schedule.days, number)
            if day.end <= day.start and day.end > LATEST_END:
                text = N_("the end is not after the start, %(start)s; a day may end until %(latest)s of the next")
                yield fault(table, "end", None, text, start=clock(day.start), latest=clock(LATEST_END))
            yield from _skipped(table, None, schedule.zone, day, day.start, day.end)
    for number, (before, after) in enumerate(zip(schedule.days, schedule.days[1:], strict=False), 2):
        if before is not None and after is not None:
            yield from _faults_between(entry("days", number), before, after, schedule.zone)


def table_of_day(days: Sequence[Day | None], number: int) -> str:
    """Return the name of the table of the `number`th day (from 1): an only one stands in that of the event."""
    return "event" if len(days) == 1 else entry("days", number)


def _faults_between(table: str, before: Day, after: Day, zone: str | None) -> Iterator[Problem]:
    if after.date == before.date:
        yield fault(table, "date", None, N_("the day above has the same date"))
    elif after.date < before.date:
        text = N_("it is before the day above, %(date)s: put the days in order")
        yield fault(table, "date", None, text, date=before.date.isoformat())
    elif zone is not None:
        ends, starts = (clock_span(zone, day, day.start, day.end) for day in (before, after))
        if starts.start < ends.end:
            text = N_("it starts before the end of the day above, at %(end)s")
            yield fault(table, "start", None, text, end=clock(before.end))


def faults_of_times(table: str, session: ScheduledSession, schedule: Schedule) -> Iterator[Problem]:
    """Yield the faults of the day, the start and the end of `session`, which is at `table`."""
    number, day, start, end = session.day or 1, schedule.day(session), session.start, session.end
    if number > len(schedule.days) > 0:
        yield no_such_day(table, session.id, number, schedule.days)
    if start is None or end is None:
        return
    if start == end:
        text = N_("it ends when it starts, at %(start)s: give it a length, of a few minutes at least")
        yield fault(table, "end", session.id, text, start=clock(start))
    elif end < start and (day is None or day.start < day.end):
        text = N_("the end is not after the start, %(start)s; one after midnight needs a day that ends after midnight")
        yield fault(table, "end", session.id, text, start=clock(start))
    elif day is not None:
        skipped = tuple(_skipped(table, session.id, schedule.zone, day, start, end))
        yield from skipped or _out_of_the_day(table, session, schedule, day)


def no_such_day(table: str, id: str | None, day: object, days: Sequence[Day | None]) -> Problem:
    """Return the fault of a session on a `day`, a number or a date, that is none of `days`."""
    dates = ", ".join(each.date.isoformat() for each in days if each is not None)
    if len(days) == 1:
        text = N_("the event has no day “%(day)s”: its only day is %(days)s; [[days]] gives it several")
    else:
        text = N_("the event has no day “%(day)s”: its days are %(days)s")
    return fault(table, "day", id, text, day=str(day), days=dates)


def _skipped(table: str, id: str | None, zone: str | None, day: Day, start: time, end: time) -> Iterator[Problem]:
    """Yield a fault for a `start` and an `end` that the clocks jump over."""
    if zone is None:
        return
    first, last = dates_of(day, start, end)
    for key, on, moment in (("start", first, start), ("end", last, end)):
        if jump := jump_over(zone, on, moment):
            text = N_("%(time)s does not exist on %(date)s: the clocks go forward from %(before)s to %(after)s")
            times = {"time": clock(moment), "before": clock(jump[0]), "after": clock(jump[1])}
            yield fault(table, key, id, text, date=on.isoformat(), **times)


def _out_of_the_day(table: str, session: ScheduledSession, schedule: Schedule, day: Day) -> Iterator[Problem]:
    span, zone, has_several = schedule.span(session), schedule.zone, len(schedule.days) > 1
    if span is None or zone is None:
        return
    whole = clock_span(zone, day, day.start, day.end)
    if span.start < whole.start or span.start >= whole.end:
        yield fault(table, "start", session.id, _BEFORE[has_several], opening=clock(day.start))
    if span.end > whole.end:
        yield fault(table, "end", session.id, _AFTER[has_several], closing=clock(day.end))
