"""Moments of the sessions of an event: over midnight, over New Year, over changes of the clocks."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.domain.event.days import (
    Span,
    clock_span,
    dates_of,
    day_at,
    event_span,
    is_over,
    is_shown_twice,
    jump_over,
    last_date,
    session_span,
)
from portal.domain.event.event import Day, Event
from tests.factories.events import clocks
from tests.factories.sample import EVENT

PARIS: Final = "Europe/Paris"
JUNE: Final = date(2027, 6, 12)
BACK: Final = date(2026, 10, 25)
FORWARD: Final = date(2027, 3, 28)


def moment(text: str) -> datetime:
    """Return the moment of `2027-06-12 20:00`, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


SPANS: dict[str, tuple[str, Day, tuple[time, time], tuple[str, str]]] = {
    "a talk by day": (
        PARIS,
        Day(JUNE, time(10), time(18)),
        (time(10), time(10, 5)),
        ("2027-06-12 08:00", "2027-06-12 08:05"),
    ),
    "a party over midnight": (
        PARIS,
        Day(JUNE, time(10), time(4)),
        (time(22), time(2)),
        ("2027-06-12 20:00", "2027-06-13 00:00"),
    ),
    "a talk after midnight, on the evening that it ends": (
        PARIS,
        Day(JUNE, time(10), time(4)),
        (time(0, 30), time(1, 15)),
        ("2027-06-12 22:30", "2027-06-12 23:15"),
    ),
    "a concert until midnight": (
        PARIS,
        Day(JUNE, time(10), time()),
        (time(22), time()),
        ("2027-06-12 20:00", "2027-06-12 22:00"),
    ),
    "a talk at the start of a day that ends when it starts": (
        PARIS,
        Day(JUNE, time(8), time(8)),
        (time(8), time(7, 59)),
        ("2027-06-12 06:00", "2027-06-13 05:59"),
    ),
    "a party over New Year": (
        PARIS,
        Day(date(2026, 12, 31), time(20), time(5)),
        (time(23), time(1, 30)),
        ("2026-12-31 22:00", "2027-01-01 00:30"),
    ),
    "a night of six hours on the clocks that lasts seven": (
        PARIS,
        Day(date(2026, 10, 24), time(18), time(6)),
        (time(23), time(5)),
        ("2026-10-24 21:00", "2026-10-25 04:00"),
    ),
    "a night of six hours on the clocks that lasts five": (
        PARIS,
        Day(date(2027, 3, 27), time(18), time(6)),
        (time(23), time(5)),
        ("2027-03-27 22:00", "2027-03-28 03:00"),
    ),
    "a start that the clocks show twice": (
        PARIS,
        Day(BACK, time(1), time(5)),
        (time(2, 30), time(3, 30)),
        ("2026-10-25 00:30", "2026-10-25 02:30"),
    ),
    "an end that the clocks show twice": (
        PARIS,
        Day(BACK, time(1), time(5)),
        (time(1, 30), time(2, 30)),
        ("2026-10-24 23:30", "2026-10-25 00:30"),
    ),
    "a start and an end that they show twice": (
        PARIS,
        Day(BACK, time(1), time(5)),
        (time(2, 30), time(2, 45)),
        ("2026-10-25 00:30", "2026-10-25 00:45"),
    ),
    "clocks that go back by half an hour": (
        "Australia/Lord_Howe",
        Day(date(2026, 4, 5), time(1), time(5)),
        (time(1, 45), time(2, 15)),
        ("2026-04-04 14:45", "2026-04-04 15:45"),
    ),
    "a start that no clock shows, in an event of an earlier portal": (
        PARIS,
        Day(FORWARD, time(1), time(5)),
        (time(2, 30), time(3, 30)),
        ("2027-03-28 01:30", "2027-03-28 02:30"),
    ),
}


@pytest.mark.parametrize(("zone", "day", "times", "moments"), SPANS.values(), ids=SPANS)
def test_span_is_that_of_the_clocks(zone: str, day: Day, times: tuple[time, time], moments: tuple[str, str]) -> None:
    start, end = moments
    assert clock_span(zone, day, *times) == Span(moment(start), moment(end))


JUMPS: dict[str, tuple[str, date, time, tuple[time, time] | None]] = {
    "the minute before": (PARIS, FORWARD, time(1, 59), None),
    "the first minute that is skipped": (PARIS, FORWARD, time(2), (time(2), time(3))),
    "the last minute that is skipped": (PARIS, FORWARD, time(2, 59), (time(2), time(3))),
    "the minute after": (PARIS, FORWARD, time(3), None),
    "another day": (PARIS, JUNE, time(2, 30), None),
    "clocks that jump over half an hour": (
        "Australia/Lord_Howe",
        date(2026, 10, 4),
        time(2, 10),
        (time(2), time(2, 30)),
    ),
    "clocks that jump over midnight": ("Africa/Cairo", date(2024, 4, 26), time(0, 30), (time(0), time(1))),
}


@pytest.mark.parametrize(("zone", "day", "clock", "jump"), JUMPS.values(), ids=JUMPS)
def test_time_that_the_clocks_jump_over_is_found(
    zone: str, day: date, clock: time, jump: tuple[time, time] | None
) -> None:
    assert jump_over(zone, day, clock) == jump


TWICE: dict[str, tuple[date, time, bool]] = {
    "the minute before": (BACK, time(1, 59), False),
    "the first that they show twice": (BACK, time(2), True),
    "the last that they show twice": (BACK, time(2, 59), True),
    "the minute after": (BACK, time(3), False),
    "a minute that they skip": (FORWARD, time(2, 30), False),
}


@pytest.mark.parametrize(("day", "clock", "is_twice"), TWICE.values(), ids=TWICE)
def test_time_that_the_clocks_show_twice_is_found(day: date, clock: time, is_twice: bool) -> None:
    assert is_shown_twice(PARIS, day, clock) is is_twice


zones = st.sampled_from(
    ("Europe/Paris", "UTC", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "America/Nuuk")
)
dates = st.dates(date(1980, 1, 1), date(2037, 12, 30))


@st.composite
def days(draw: st.DrawFn) -> Day:
    """Draw a day that an event may have."""
    day = Day(draw(dates), draw(clocks), draw(clocks))
    return day if day.end > day.start or day.end <= time(12) else replace(day, start=day.end, end=day.start)


@given(zone=zones, day=days(), start=clocks, end=clocks)
def test_span_ends_after_it_starts_and_shows_its_times_on_the_clocks(
    zone: str, day: Day, start: time, end: time
) -> None:
    span, (first, last) = clock_span(zone, day, start, end), dates_of(day, start, end)
    assert span.start < span.end
    assume(jump_over(zone, first, start) is None and jump_over(zone, last, end) is None)
    shown = span.in_zone(zone)
    assert (shown.start.date(), shown.start.time()) == (first, start)
    assert (shown.end.date(), shown.end.time()) == (last, end)


@given(zone=zones, day=days(), times=st.lists(clocks, min_size=2, max_size=2, unique=True))
def test_starts_of_a_date_are_in_the_order_of_the_clocks(zone: str, day: Day, times: list[time]) -> None:
    one, other = sorted(times)
    assume(dates_of(day, one, one)[0] == dates_of(day, other, other)[0])
    assume(all(jump_over(zone, dates_of(day, each, each)[0], each) is None for each in times))
    spans = [clock_span(zone, day, each, time(23, 59)) for each in (one, other)]
    assert spans[0].start < spans[1].start


TWO_DAYS: Final = (Day(JUNE, time(10), time(2)), Day(JUNE + timedelta(days=1), time(9), time(18)))


def on_two_days() -> Event:
    """Return the sample on two days in June, of which the first ends in the night."""
    return replace(EVENT, days=TWO_DAYS)


def test_event_of_two_days_is_from_the_first_start_to_the_last_end() -> None:
    event = on_two_days()
    assert event_span(event) == Span(moment("2027-06-12 08:00"), moment("2027-06-13 16:00"))
    assert last_date(event) == date(2027, 6, 13)
    assert last_date(replace(event, days=TWO_DAYS[:1])) == date(2027, 6, 13)
    assert [is_over(event, moment(text)) for text in ("2027-06-13 15:59", "2027-06-13 16:00")] == [False, True]


def test_session_is_on_its_day() -> None:
    second = replace(EVENT.sessions[0], day=2, start=time(11), end=time(12))
    assert session_span(on_two_days(), second) == Span(moment("2027-06-13 09:00"), moment("2027-06-13 10:00"))


DAYS_AT: dict[str, tuple[str, int | None]] = {
    "the minute before the first date": ("2027-06-11 21:59", None),
    "the first midnight": ("2027-06-11 22:00", 0),
    "the night that ends the first day": ("2027-06-12 23:59", 0),
    "the morning of the second": ("2027-06-13 00:00", 1),
    "the evening after the last": ("2027-06-13 21:59", 1),
    "the date after": ("2027-06-13 22:00", None),
}


@pytest.mark.parametrize(("now", "number"), DAYS_AT.values(), ids=DAYS_AT)
def test_day_of_a_moment_is_found(now: str, number: int | None) -> None:
    assert day_at(on_two_days(), moment(now)) == (None if number is None else TWO_DAYS[number])


def test_span_in_a_zone_is_the_same() -> None:
    span = Span(moment("2027-06-12 08:00"), moment("2027-06-12 09:00"))
    shown = span.in_zone(PARIS)
    assert shown == span
    assert (shown.start.tzinfo, shown.start.hour) == (ZoneInfo(PARIS), 10)


OVERLAPS: dict[str, tuple[tuple[str, str], bool]] = {
    "one after the other": (("2027-06-12 09:00", "2027-06-12 10:00"), False),
    "one before the other": (("2027-06-12 07:00", "2027-06-12 08:00"), False),
    "one within the other": (("2027-06-12 08:30", "2027-06-12 08:31"), True),
    "one around the other": (("2027-06-12 07:00", "2027-06-12 10:00"), True),
}


@pytest.mark.parametrize(("times", "does"), OVERLAPS.values(), ids=OVERLAPS)
def test_spans_overlap(times: tuple[str, str], does: bool) -> None:
    span = Span(moment("2027-06-12 08:00"), moment("2027-06-12 09:00"))
    assert span.overlaps(Span(*map(moment, times))) is does
