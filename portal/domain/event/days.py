"""The days of an event: moments of its sessions, over midnight and over changes of the clocks."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.domain.event.event import Day, Event, Session
from portal.domain.times import whole_minute

_NEXT_DATE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A span of time; `start` and `end` are aware, in UTC, so that they compare and subtract as moments."""

    start: datetime
    end: datetime

    def in_zone(self, zone: str) -> "Span":
        """Return the same span as the clocks of `zone` show it."""
        clocks = ZoneInfo(zone)
        return Span(self.start.astimezone(clocks), self.end.astimezone(clocks))

    def overlaps(self, other: "Span") -> bool:
        """Return whether there is a moment in both."""
        return self.start < other.end and other.start < self.end


def day_of(event: Event, session: Session) -> Day:
    """Return the day that `session` belongs to; the last one where the event has none of that number."""
    return event.days[min(session.day, len(event.days)) - 1]


def session_span(event: Event, session: Session) -> Span:
    """Return the span of `session`."""
    return clock_span(event.zone, day_of(event, session), session.start, session.end)


def day_span(event: Event, day: Day) -> Span:
    """Return the span of `day`."""
    return clock_span(event.zone, day, day.start, day.end)


def event_span(event: Event) -> Span:
    """Return the span from the start of the first day to the end of the last."""
    return Span(day_span(event, event.days[0]).start, end_of(event))


def clock_span(zone: str, day: Day, start: time, end: time) -> Span:
    """Return the span from `start` to `end` by the clocks of `zone`, on `day` or in the night after it.

    Where the clocks show a time twice, the first counts. One that they skip, which only an event of an earlier portal
    has, counts as if they had not been changed yet.
    """
    first_date, last_date = dates_of(day, start, end)
    first = moment_at(zone, first_date, start)
    last = moment_at(zone, last_date, end)
    length = datetime.combine(last_date, end) - datetime.combine(first_date, start)
    return Span(first, last if last > first else first + length)


def dates_of(day: Day, start: time, end: time) -> tuple[date, date]:
    """Return the dates of `start` and of `end`, on `day` or in the night after it."""
    first = day.date + _NEXT_DATE if start < day.start and day.end <= day.start else day.date
    return first, first + _NEXT_DATE if end <= start else first


def is_shown_twice(zone: str, day: date, clock: time) -> bool:
    """Return whether the clocks of `zone` show `clock` twice on `day`, because they are put back."""
    first, second = (moment_at(zone, day, clock.replace(fold=fold)) for fold in (0, 1))
    return first < second


def jump_over(zone: str, day: date, clock: time) -> tuple[time, time] | None:
    """Return the times from and to which the clocks of `zone` jump over `clock` on `day`; None where they show it."""
    # In a gap, the second reading of a time is the earlier moment: it counts with the clocks put forward (PEP 495).
    after, before = (moment_at(zone, day, clock.replace(fold=fold)) for fold in (1, 0))
    if before <= after:
        return None
    old, new = (moment.astimezone(ZoneInfo(zone)).utcoffset() or timedelta() for moment in (after, before))
    minutes = (after + timedelta(minutes=number) for number in range(1, (before - after) // timedelta(minutes=1)))
    jump = next((each for each in minutes if each.astimezone(ZoneInfo(zone)).utcoffset() == new), before)
    return (jump + old).time(), (jump + new).time()


def moment_at(zone: str, day: date, clock: time) -> datetime:
    """Return the moment of `day`, in UTC, at which the clocks of `zone` show `clock`."""
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)


def end_of(event: Event) -> datetime:
    """Return the end of the programme of the event's last day, in UTC."""
    return day_span(event, event.days[-1]).end


def is_over(event: Event, now: datetime) -> bool:
    """Return true from the end of the event's last day on."""
    return end_of(event) <= now


def moment_by_clocks(event: Event, day: date) -> datetime:
    """Return the moment of `day`, in UTC, at which the clocks show the closing time of the event's last day."""
    return whole_minute(moment_at(event.zone, day, event.days[-1].end))


def last_date(event: Event) -> date:
    """Return the date on which the event ends: that after its last day, where this ends after midnight."""
    return end_of(event).astimezone(ZoneInfo(event.zone)).date()


def day_at(event: Event, now: datetime) -> Day | None:
    """Return the day of the event that `now` (aware) falls on, from its midnight to its end; None for no day."""
    shown = now.astimezone(ZoneInfo(event.zone)).date()
    running = (day for day in event.days if day.date == shown or (day.date < shown and now < day_span(event, day).end))
    return next(running, None)
