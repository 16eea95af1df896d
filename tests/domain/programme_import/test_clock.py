"""Dates, clock times and lengths in the spellings of other programs."""

from datetime import date, datetime, timedelta, timezone
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.programme_import.clock import order_of, read_date, read_length, read_moment, read_time

TWELFTH: Final = date(2027, 6, 12)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2027-06-12",
            "2027/6/12",
            "2027-06-12T09:30:00+02:00",
            "12/06/2027",
            "12.06.2027",
            "12-06-27",
            " 12/6/2027 ",
        ),
        *("12 juin 2027", "samedi 12 juin 2027", "Saturday, 12 June 2027", "12. Juni 2027", "12th Jun. 2027"),
    ],
)
def test_date_is_read_in_the_spellings_of_spreadsheets(text: str) -> None:
    assert read_date(text) == TWELFTH


@pytest.mark.parametrize(
    "text", ["", "demain", "32/06/2027", "12/13/2027", "12 lorem 2027", "0012-06-12", "9999-12-31", "12/06"]
)
def test_date_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_date(text)


def test_date_of_the_united_states_is_read_in_its_order() -> None:
    assert read_date("06/12/2027", "mdy") == TWELFTH


ORDERS: Final = {
    "a number above 12 in the first place": (["05/06/2027", "13/06/2027"], ("dmy", False)),
    "a number above 12 in the second place": (["05/06/2027", "06/13/2027"], ("mdy", False)),
    "no number above 12": (["05/06/2027"], ("dmy", True)),
    "day and month alike": (["06/06/2027"], ("dmy", False)),
    "dots, as in German": (["05.06.2027"], ("dmy", False)),
    "the year first": (["2027-06-05"], ("dmy", False)),
}


@pytest.mark.parametrize(("texts", "expected"), ORDERS.values(), ids=ORDERS.keys())
def test_order_of_a_column_follows_from_all_its_dates(texts: list[str], expected: tuple[str, bool]) -> None:
    assert order_of(texts) == expected


TIMES: Final = {
    **dict.fromkeys(
        ["9:30", "09:30", "09:30:00", "9h30", "9 h 30", "9.30", "9H30", "9h30min", "9:30 AM", "9:30am"], 570
    ),
    **dict.fromkeys(["9h", "9 h", "9 AM", "09:00"], 540),
    **dict.fromkeys(["9:30 PM", "21h30", "21:30:59"], 1290),
    **dict.fromkeys(["12:05 am", "0:05", "00h05"], 5),
    **dict.fromkeys(["24:00", "24h"], 1440),
    "25:30": 1530,
}


@pytest.mark.parametrize(("text", "minutes"), TIMES.items())
def test_time_is_read_in_the_spellings_of_spreadsheets(text: str, minutes: int) -> None:
    assert read_time(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "9", "noon", "9:60", "37:00", "13:00 PM", "9:3", "-9:30", "9h30h"])
def test_time_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_time(text)


LENGTHS: Final = {
    **dict.fromkeys(["00:30", "0:30", "PT30M", "30", "30 min", "30m", "0:30:00", "PT1800S", "30 minutes"], 30),
    **dict.fromkeys(["1:00:00", "01:00", "1h", "PT1H", "60", "1 heure", "pt60m"], 60),
    **dict.fromkeys(["1h30", "1 h 30 min", "01:30:00", "90'"], 90),
    **dict.fromkeys(["49:30", "2:01:30"], 49 * 60 + 30),
    "P1DT2H": 26 * 60,
}


@pytest.mark.parametrize(("text", "minutes"), LENGTHS.items())
def test_length_is_read_in_the_spellings_of_programs(text: str, minutes: int) -> None:
    assert read_length(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "long", "P", "PT", "-30", "1:2", "half an hour"])
def test_length_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_length(text)


SUMMER: Final = timezone(timedelta(hours=2))
NINE_THIRTY: Final = datetime(2027, 6, 12, 9, 30)  # noqa: DTZ001 -- of any zone


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2027-06-12T09:30:00+02:00", datetime(2027, 6, 12, 9, 30, tzinfo=SUMMER)),
        ("2027-06-12T09:30:59.5+02:00", datetime(2027, 6, 12, 9, 30, tzinfo=SUMMER)),
        ("20270612T093000", NINE_THIRTY),
        ("2027-06-12 9:30", NINE_THIRTY),
        ("12/06/2027 9h30", NINE_THIRTY),
        ("2027-06-12 24:00", NINE_THIRTY + timedelta(hours=14, minutes=30)),
    ],
)
def test_moment_is_read_to_the_minute(text: str, moment: datetime) -> None:
    assert read_moment(text) == moment


@given(text=st.text(alphabet="0123456789:/.-hHmMTPDZ +ap", max_size=20) | st.text(max_size=20))
def test_any_text_is_read_or_refused_as_a_value(text: str) -> None:
    for read in (read_date, read_time, read_length, read_moment):
        try:
            read(text)
        except (ValueError, OverflowError):
            continue
