"""The form of the days: read, sorted by date, with the sessions where their days go."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.draft.days_form import days_typed, fields_of_days, sessions_on, with_days
from portal.domain.errors import EventFileError
from portal.domain.event.event import Day, Event
from portal.domain.input_errors import UsersUnplaced
from portal.domain.limits import DAYS
from tests.factories.sample import EVENT

FRIDAY: Final = Day(date(2027, 6, 11), time(18), time(2))
SATURDAY: Final = Day(date(2027, 6, 12), time(9), time(18))
SUNDAY: Final = Day(date(2027, 6, 13), time(9), time(16))
NUMBERS: Final = (1, 1, 2, 2, 3)


def on_days(days: tuple[Day, ...], numbers: tuple[int, ...]) -> Event:
    """Return the sample on these days, its sessions on those with these numbers."""
    sessions = tuple(replace(each, day=number) for each, number in zip(EVENT.sessions, numbers, strict=True))
    return replace(EVENT, days=days, sessions=sessions)


LONG: Final = on_days((FRIDAY, SATURDAY, SUNDAY), NUMBERS)


def outcome(event: Event) -> tuple[tuple[Day, ...], tuple[int, ...]]:
    """Return the days of `event`, and the numbers of the days of its sessions."""
    return event.days, tuple(session.day for session in event.sessions)


def test_days_are_shown_in_the_fields_of_their_rows() -> None:
    assert fields_of_days(on_days((FRIDAY, SUNDAY), (1,) * 5)) == {
        "date_1": "2027-06-11",
        "start_1": "18:00",
        "end_1": "02:00",
        "date_2": "2027-06-13",
        "start_2": "09:00",
        "end_2": "16:00",
    }


THURSDAY: Final = Day(date(2027, 6, 10), time(20), time(23))
CHANGES: Final[dict[str, tuple[dict[str, str], tuple[Day, ...], tuple[int, ...]]]] = {
    "nothing": ({}, LONG.days, NUMBERS),
    "the times of a day": (
        {"start_2": "08:30", "end_2": "24:00"},
        (FRIDAY, Day(SATURDAY.date, time(8, 30), time(0)), SUNDAY),
        NUMBERS,
    ),
    "a day before the others": (
        {"date_4": "2027-06-10", "start_4": "20:00", "end_4": "23:00"},
        (THURSDAY, FRIDAY, SATURDAY, SUNDAY),
        (2, 2, 3, 3, 4),
    ),
    "the last day moved before the others": (
        {"date_3": "2027-06-10"},
        (Day(THURSDAY.date, SUNDAY.start, SUNDAY.end), FRIDAY, SATURDAY),
        (2, 2, 3, 3, 1),
    ),
    "the first day removed, its sessions to the last": (
        {"remove_1": "yes", "instead": "3"},
        (SATURDAY, SUNDAY),
        (2, 2, 1, 1, 2),
    ),
    "two days removed": ({"remove_1": "yes", "remove_3": "yes", "instead": "2"}, (SATURDAY,), (1, 1, 1, 1, 1)),
    "an empty row, with times that were filled in already": (
        {"date_4": "", "start_4": "09:00", "end_4": "16:00"},
        LONG.days,
        NUMBERS,
    ),
    "a day removed that takes the place of none": ({"remove_9": "yes"}, LONG.days, NUMBERS),
}


@pytest.mark.parametrize(("typed", "days", "numbers"), CHANGES.values(), ids=CHANGES.keys())
def test_sessions_go_with_their_day(typed: dict[str, str], days: tuple[Day, ...], numbers: tuple[int, ...]) -> None:
    assert outcome(with_days(LONG, fields_of_days(LONG) | typed)) == (days, numbers)


def test_day_without_sessions_is_removed_at_once() -> None:
    event = on_days((FRIDAY, SATURDAY, SUNDAY), (1, 1, 3, 3, 3))
    after = with_days(event, fields_of_days(event) | {"remove_2": "yes"})
    assert outcome(after) == ((FRIDAY, SUNDAY), (1, 1, 2, 2, 2))


@pytest.mark.parametrize("instead", ["", "1", "4", "x"])
def test_sessions_of_a_removed_day_need_another_that_stays(instead: str) -> None:
    with pytest.raises(UsersUnplaced) as caught:
        with_days(LONG, fields_of_days(LONG) | {"remove_1": "yes", "instead": instead})
    assert caught.value.field == "instead"
    assert [session.id for session in sessions_on(LONG, frozenset({1}))] == ["accueil", "outils"]


NEW_YEAR: Final = date(2028, 1, 1)
MANY: Final = {
    name: text
    for row in range(4, DAYS + 2)
    for name, text in {
        f"date_{row}": f"{NEW_YEAR + timedelta(days=row)}",
        f"start_{row}": "09:00",
        f"end_{row}": "10:00",
    }.items()
}
FAULTS: Final[dict[str, tuple[dict[str, str], list[tuple[str, str]]]]] = {
    "a date that is none": (
        {"date_2": "2027-02-30"},
        [("date_2", "a day like “%(example)s” is expected")],
    ),
    "a day whose date was taken away": ({"date_2": ""}, [("date_2", "a day like “%(example)s” is expected")]),
    "times that are none": (
        {"start_1": "25:00", "end_3": ""},
        [("start_1", "a time like “%(example)s” is expected"), ("end_3", "a time like “%(example)s” is expected")],
    ),
    "a new day without times": (
        {"date_4": "2027-06-14"},
        [("start_4", "a time like “%(example)s” is expected"), ("end_4", "a time like “%(example)s” is expected")],
    ),
    "two days of one date": ({"date_3": "2027-06-11"}, [("date_3", "another day has this date")]),
    "no day at all": (
        {"remove_1": "yes", "remove_2": "yes", "remove_3": "yes"},
        [("date_1", "an event has at least one day")],
    ),
    "too many days": (MANY, [(f"date_{DAYS + 1}", "an event has at most %(most)s days")]),
}


@pytest.mark.parametrize(("typed", "problems"), FAULTS.values(), ids=FAULTS.keys())
def test_fault_of_a_day_is_that_of_its_row(typed: dict[str, str], problems: list[tuple[str, str]]) -> None:
    with pytest.raises(EventFileError) as caught:
        with_days(LONG, fields_of_days(LONG) | typed)
    assert [(problem.key, problem.text) for problem in caught.value.problems] == problems


def test_session_of_a_day_that_is_not_there_goes_with_the_last() -> None:
    event = on_days((FRIDAY, SATURDAY), (1, 1, 2, 9, 9))
    assert outcome(with_days(event, fields_of_days(event) | {"date_2": "2027-06-10"}))[1] == (2, 2, 1, 1, 1)


@given(st.dictionaries(st.from_regex(r"(date|start|end|remove|instead)_?[0-9]{0,2}", fullmatch=True), st.text()))
def test_anything_typed_is_taken_or_refused(typed: dict[str, str]) -> None:
    try:
        event = with_days(LONG, fields_of_days(LONG) | typed)
    except (EventFileError, UsersUnplaced):
        return
    assert list(event.days) == sorted(event.days, key=lambda day: day.date)
    assert all(1 <= session.day <= len(event.days) for session in event.sessions)


def test_form_is_kept_as_it_was_typed_without_a_box_that_is_not_checked() -> None:
    typed = {
        "date_1": " soon ",
        "start_1": "9",
        "end_1": "",
        "remove_1": "",
        "date_2": "x",
        "remove_2": "yes",
        "a": "b",
    }
    assert days_typed(typed) == {
        "date_1": "soon",
        "start_1": "9",
        "end_1": "",
        "date_2": "x",
        "start_2": "",
        "end_2": "",
        "remove_2": "yes",
    }


def test_form_without_the_fields_of_a_day_is_refused_and_names_the_day() -> None:
    fields = {name: value for name, value in fields_of_days(LONG).items() if not name.endswith("_2")}
    with pytest.raises(EventFileError) as caught:
        with_days(LONG, fields)
    assert sorted({problem.key for problem in caught.value.problems}) == ["date_2", "end_2", "start_2"]
