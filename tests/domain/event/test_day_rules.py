"""Days in an event's file: one or several, and faults of theirs and of the times of sessions in words."""

from datetime import date, time
from typing import Final

import pytest

from portal.domain.event.event import Day
from portal.domain.event.event_file import read_event
from tests.factories.event_file import faults, on_days, session, small

SATURDAY: Final = ("2027-06-12", "10:00", "02:00")
SUNDAY: Final = ("2027-06-13", "09:00", "18:00")
BOTH: Final = (Day(date(2027, 6, 12), time(10), time(2)), Day(date(2027, 6, 13), time(9), time(18)))

TIMES_READ: dict[str, tuple[str, tuple[int, time, time]]] = {
    "on the first day, without a word": (session("s", "10:00-10:05"), (1, time(10), time(10, 5))),
    "on a day by its number": (session("s", "09:00-18:00", "day = 2"), (2, time(9), time(18))),
    "on a day by its date": (session("s", "09:00-18:00", 'day = "2027-06-13"'), (2, time(9), time(18))),
    "on a day by a date of TOML": (session("s", "09:00-18:00", "day = 2027-06-13"), (2, time(9), time(18))),
    "over midnight": (session("s", "23:00-01:00"), (1, time(23), time(1))),
    "after midnight": (session("s", "00:30-01:15"), (1, time(0, 30), time(1, 15))),
    "until midnight, as 24:00": (session("s", "22:00-24:00"), (1, time(22), time())),
    "until midnight, as 00:00": (session("s", "22:00-00:00"), (1, time(22), time())),
    "with seconds that are none": (session("s", "10:00:00-10:30:00"), (1, time(10), time(10, 30))),
    "for a single minute": (session("s", "10:00-10:01"), (1, time(10), time(10, 1))),
}


@pytest.mark.parametrize(("table", "read"), TIMES_READ.values(), ids=TIMES_READ)
def test_session_is_read_on_its_day(table: str, read: tuple[int, time, time]) -> None:
    event = read_event(on_days(SATURDAY, SUNDAY, sessions=table), "small.toml")
    (one,) = event.sessions
    assert event.days == BOTH
    assert (one.day, one.start, one.end) == read


def test_list_of_one_day_is_the_only_day() -> None:
    day = 'day = "2027-06-12"\nstart = "10:00"\nend = "02:00"\n'
    alone = small(('day = "2026-12-15"\nstart = "11:00"\nend = "17:30"\n', day))
    listed = on_days(SATURDAY, sessions=alone.decode()[alone.decode().index("\n[[sessions]]") :])
    assert read_event(listed, "small.toml") == read_event(alone, "small.toml")


FAULTS_OF_DAYS: dict[str, tuple[bytes, list[str]]] = {
    "days in another order": (
        on_days(SUNDAY, SATURDAY),
        ["days[2]: date: it is before the day above, 2027-06-13: put the days in order"],
    ),
    "a date twice": (
        on_days(SUNDAY, ("2027-06-13", "19:00", "20:00")),
        ["days[2]: date: the day above has the same date"],
    ),
    "a day that starts before the end of the night before": (
        on_days(SATURDAY, ("2027-06-13", "01:59", "18:00")),
        ["days[2]: start: it starts before the end of the day above, at 02:00"],
    ),
    "a day that ends in the afternoon after": (
        on_days(("2027-06-12", "14:00", "12:01")),
        ["event: end: the end is not after the start, 14:00; a day may end until 12:00 of the next"],
    ),
    "one of several that does": (
        on_days(SATURDAY, ("2027-06-13", "14:00", "13:00")),
        ["days[2]: end: the end is not after the start, 14:00; a day may end until 12:00 of the next"],
    ),
    "no day at all": (b"days = []\n" + on_days(), ["days: an event has a day at least"]),
    "days that are no list": (
        b"days = 3\n" + on_days(),
        ["days: a list of tables is expected: write [[days]] before each"],
    ),
    "days in a list and in the event as well": (
        on_days(SATURDAY).replace(b"zone =", b'day = "2027-06-12"\nend = "18:00"\nzone ='),
        [f"event: {key}: [[days]] gives the days of this event: take this out" for key in ("day", "end")],
    ),
    "a last day beside the first": (
        small(("zone =", 'last_day = "2026-12-16"\nzone =')),
        [
            "event: last_day: several days are written as [[days]], each with date, start and end, "
            "in place of those here"
        ],
    ),
    "more days than an event has": (
        on_days(*((f"2027-{6 + n // 30:02}-{n % 30 + 1:02}", "10:00", "18:00") for n in range(61))),
        ["days: at most 60 are taken; here there are 61"],
    ),
    "a start that no clock shows": (
        on_days(("2027-03-28", "02:30", "18:00")),
        ["event: start: 02:30 does not exist on 2027-03-28: the clocks go forward from 02:00 to 03:00"],
    ),
    "an end that no clock shows": (
        on_days(("2027-03-27", "20:00", "02:00"), ("2027-03-28", "09:00", "18:00")),
        ["days[1]: end: 02:00 does not exist on 2027-03-28: the clocks go forward from 02:00 to 03:00"],
    ),
}


@pytest.mark.parametrize(("content", "lines"), FAULTS_OF_DAYS.values(), ids=FAULTS_OF_DAYS)
def test_fault_of_a_day_is_named(content: bytes, lines: list[str]) -> None:
    assert faults(content) == [f"small.toml: {line}" for line in lines]


NIGHT: Final = ("2027-03-27", "20:00", "06:00")

FAULTS_OF_TIMES: dict[str, tuple[bytes, list[str]]] = {
    "a day by a number that is not there": (
        on_days(SATURDAY, SUNDAY, sessions=session("s", "10:00-11:00", "day = 3")),
        ["day: the event has no day “3”: its days are 2027-06-12, 2027-06-13"],
    ),
    "a day by a date that is not there": (
        on_days(SATURDAY, SUNDAY, sessions=session("s", "10:00-11:00", 'day = "2027-06-14"')),
        ["day: the event has no day “2027-06-14”: its days are 2027-06-12, 2027-06-13"],
    ),
    "a date that the only day of an event is not": (
        small(('id = "ag"', 'id = "s"\nday = "2026-12-16"')),
        ["day: the event has no day “2026-12-16”: its only day is 2026-12-15; [[days]] gives it several"],
    ),
    "a day before the first": (
        on_days(SATURDAY, sessions=session("s", "10:00-11:00", "day = 0")),
        ["day: a number from 1 on is expected"],
    ),
    "a length of nothing": (
        on_days(SATURDAY, sessions=session("s", "10:00-10:00")),
        ["end: it ends when it starts, at 10:00: give it a length, of a few minutes at least"],
    ),
    "over midnight on a day that ends before": (
        on_days(SUNDAY, sessions=session("s", "17:00-01:00")),
        [
            "end: the end is not after the start, 17:00; one after midnight needs a day that ends after midnight",
        ],
    ),
    "before the only day": (
        on_days(SUNDAY, sessions=session("s", "08:59-10:00")),
        ["start: it is before the event opens, at 09:00"],
    ),
    "before one of several days": (
        on_days(SATURDAY, SUNDAY, sessions=session("s", "08:59-10:00", "day = 2")),
        ["start: it is before its day starts, at 09:00"],
    ),
    "after the night of its day": (
        on_days(SATURDAY, SUNDAY, sessions=session("s", "01:30-02:01")),
        ["end: it is after its day ends, at 02:00"],
    ),
    "in the morning after the night of its day": (
        on_days(SATURDAY, SUNDAY, sessions=session("s", "08:00-09:00")),
        ["start: it is before its day starts, at 10:00", "end: it is after its day ends, at 02:00"],
    ),
    "a start that no clock shows": (
        on_days(NIGHT, sessions=session("s", "02:30-03:30")),
        ["start: 02:30 does not exist on 2027-03-28: the clocks go forward from 02:00 to 03:00"],
    ),
    "an end that no clock shows": (
        on_days(NIGHT, sessions=session("s", "23:00-02:59")),
        ["end: 02:59 does not exist on 2027-03-28: the clocks go forward from 02:00 to 03:00"],
    ),
}


@pytest.mark.parametrize(("content", "lines"), FAULTS_OF_TIMES.values(), ids=FAULTS_OF_TIMES)
def test_fault_of_the_time_of_a_session_is_named(content: bytes, lines: list[str]) -> None:
    number = content.count(b"[[sessions]]")
    assert faults(content) == [f"small.toml: sessions[{number}] (s): {line}" for line in lines]


def test_sessions_in_one_room_on_two_days_or_after_midnight_do_not_overlap() -> None:
    tables = (
        session("s", "10:00-11:00"),
        session("t", "10:00-11:00", 'room = "salle-1"\nday = 2'),
        session("u", "23:00-00:30"),
        session("v", "00:30-02:00"),
    )
    assert len(read_event(on_days(SATURDAY, SUNDAY, sessions="".join(tables)), "small.toml").sessions) == 4


def test_sessions_that_overlap_after_midnight_are_told() -> None:
    tables = session("s", "23:00-00:31") + session("t", "00:30-02:00")
    assert faults(on_days(SATURDAY, sessions=tables)) == [
        "small.toml: sessions[2] (t): start: it overlaps “s” (salle-1), and neither shares the room"
    ]


def test_session_that_starts_while_the_clocks_go_back_ends_before_the_next() -> None:
    night = ("2026-10-25", "01:00", "06:00")
    tables = session("s", "01:30-02:30") + session("t", "02:30-03:00")
    assert len(read_event(on_days(night, sessions=tables), "small.toml").sessions) == 2
