"""Entries of a calendar that repeat, on which dates, and under which ids."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from portal.domain.programme_import.file_format import read_programme
from portal.domain.programme_import.programme import Programme
from tests.factories.programmes import calendar_of

BASE: Final = "UID:1@lorem.example\nDTSTART;TZID=Europe/Paris:20270612T093000\nDTEND;TZID=Europe/Paris:20270612T101500"
START: Final = datetime(2027, 6, 12, 9, 30, tzinfo=ZoneInfo("Europe/Paris"))


def read(*entries: str, head: str = "PRODID:-//lorem//ipsum//FR") -> Programme:
    return read_programme(calendar_of(*entries, head=head).encode(), "lorem.ics")


REPEATS: Final = {
    "three days": ("RRULE:FREQ=DAILY;COUNT=3", [12, 13, 14]),
    "until a moment in UTC": ("RRULE:FREQ=DAILY;UNTIL=20270614T073000Z", [12, 13, 14]),
    "a date left out": ("RRULE:FREQ=DAILY;COUNT=3\nEXDATE;TZID=Europe/Paris:20270613T093000", [12, 14]),
    "further dates": ("RDATE;TZID=Europe/Paris:20270613T093000,20270615T093000", [12, 13, 15]),
    "certain days of the week": ("RRULE:FREQ=WEEKLY;COUNT=3;BYDAY=SA,SU,MO", [12, 13, 14]),
}


WITHOUT_THE_FIRST: Final = "RRULE:FREQ=DAILY;COUNT=3\nEXDATE;TZID=Europe/Paris:20270612T093000"


def test_first_date_may_be_left_out_too() -> None:
    found = read(f"{BASE}\nSUMMARY:Alpha\n{WITHOUT_THE_FIRST}").sessions
    assert [(session.start.day, session.guid) for session in found] == [
        (13, "1@lorem.example#2027-06-13"),
        (14, "1@lorem.example#2027-06-14"),
    ]


@pytest.mark.parametrize(("rule", "days"), REPEATS.values(), ids=REPEATS.keys())
def test_repeated_entry_is_a_session_on_each_of_its_dates(rule: str, days: list[int]) -> None:
    found = read(f"{BASE}\nSUMMARY:Alpha\n{rule}").sessions
    assert [session.start for session in found] == [START.replace(day=day) for day in days]
    ids = [session.guid for session in found]
    assert ids == ["1@lorem.example", *(f"1@lorem.example#2027-06-{day}" for day in days[1:])]


MOVED: Final = {
    "the second": ("RECURRENCE-ID;TZID=Europe/Paris:20270613T093000", 13, [(12, 9), (13, 11), (14, 9)]),
    "the second, by its moment in UTC": ("RECURRENCE-ID:20270613T073000Z", 13, [(12, 9), (13, 11), (14, 9)]),
    "the first": ("RECURRENCE-ID;TZID=Europe/Paris:20270612T093000", 12, [(12, 11), (13, 9), (14, 9)]),
    "the first, by its date": ("RECURRENCE-ID;VALUE=DATE:20270612", 12, [(12, 11), (13, 9), (14, 9)]),
}


@pytest.mark.parametrize(("recurrence", "day", "expected"), MOVED.values(), ids=MOVED.keys())
def test_repetition_with_an_entry_of_its_own_is_read_once(
    recurrence: str, day: int, expected: list[tuple[int, int]]
) -> None:
    moved = BASE.replace("T093000", "T110000").replace("T101500", "T114500").replace("0612", f"06{day}")
    found = read(f"{BASE}\nSUMMARY:Alpha\nRRULE:FREQ=DAILY;COUNT=3", f"{moved}\n{recurrence}\nSUMMARY:Alpha").sessions
    assert sorted((session.guid, session.start.day, session.start.hour) for session in found) == [
        (guid, *start)
        for guid, start in zip(
            ("1@lorem.example", "1@lorem.example#2027-06-13", "1@lorem.example#2027-06-14"), expected, strict=True
        )
    ]


def test_late_repetition_is_named_by_the_date_of_its_own_zone() -> None:
    late = BASE.replace("T093000", "T003000").replace("T101500", "T011500")
    moved = late.replace("T003000", "T010000").replace("0612", "0613")
    found = read(
        f"{late}\nSUMMARY:Alpha\nRRULE:FREQ=DAILY;COUNT=2", f"{moved}\nRECURRENCE-ID:20270612T223000Z\nSUMMARY:Alpha"
    ).sessions
    assert [(session.guid, session.start.hour) for session in found] == [
        ("1@lorem.example", 0),
        ("1@lorem.example#2027-06-13", 1),
    ]


BEYOND: Final = {
    "a date left out in the year 1": ("EXDATE:00010101T000000Z", [12], ["Alpha (EXDATE)"]),
    "a further date in the year 9999": ("RDATE:99991231T235959Z", [12], ["Alpha (RDATE)"]),
    "a further date without a time": ("RDATE;VALUE=DATE:99991231,20270613,30101231", [12, 13], ["Alpha (RDATE)"]),
}


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize(("line", "days", "named"), BEYOND.values(), ids=BEYOND.keys())
def test_repetition_beyond_all_programmes_is_left_out_and_named(
    zone: str, line: str, days: list[int], named: list[str]
) -> None:
    programme = read(f"{BASE.replace('Europe/Paris', zone)}\nSUMMARY:Alpha\n{line}")
    assert [session.start.day for session in programme.sessions] == days
    assert [remark.names for remark in programme.lost] == [tuple(named)]


LENGTHS: Final = {
    "P99999999D": timedelta(days=366),
    "-P99999999D": timedelta(minutes=30),
    "P1DT1H": timedelta(hours=25),
}


@pytest.mark.parametrize(("length", "expected"), LENGTHS.items())
def test_length_is_bounded(length: str, expected: timedelta) -> None:
    (session,) = read(f"UID:1\nDTSTART:20270612T073000Z\nDURATION:{length}\nSUMMARY:Alpha").sessions
    assert session.end - session.start == expected


TOO_MANY: Final = "Entries that repeat more than %(most)s times, without the later ones: %(count)s"
NOT_UNDERSTOOD: Final = "Entries whose repetition is not understood; only the first date was taken: %(count)s"
ENDLESS: Final = {
    "for ever": ("FREQ=DAILY", 61, [TOO_MANY]),
    "by the second": ("FREQ=SECONDLY", 1, [NOT_UNDERSTOOD]),
    "by months": ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", 1, [NOT_UNDERSTOOD]),
    "by an interval of nothing": ("FREQ=DAILY;INTERVAL=0", 1, [NOT_UNDERSTOOD]),
    "on no date at all": ("FREQ=DAILY;INTERVAL=7;BYDAY=MO", 1, []),
}


@pytest.mark.parametrize(("rule", "count", "text"), ENDLESS.values(), ids=ENDLESS.keys())
def test_repetition_without_an_end_is_bounded(rule: str, count: int, text: list[str]) -> None:
    programme = read(f"{BASE}\nSUMMARY:Alpha\nRRULE:{rule}")
    assert (len(programme.sessions), [each.text for each in programme.lost]) == (count, text)
