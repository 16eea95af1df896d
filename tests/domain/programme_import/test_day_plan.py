"""Days, zones and clock times of an import, and any programme at all."""

import json
from dataclasses import replace
from datetime import date, time
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.event.event import Day, Event
from portal.domain.event.event_file import event_from_mapping, event_to_mapping, problems_of
from tests.factories.import_plans import EMPTY, FIRST, plan_of, remarks, table
from tests.factories.programmes import calendar_of, event_of_json, schedule_of_json
from tests.factories.sample import EVENT

DAYS: Final = {
    "a day of its own": (["2027-06-12,10:00,18:00"], [(FIRST, time(10), time(18))], [1]),
    "an end at midnight": (["2027-06-12,20:00,24:00"], [(FIRST, time(20), time(0))], [1]),
    "an end after midnight": (["2027-06-12,20:00,02:00"], [(FIRST, time(20), time(2))], [1]),
    "a start after midnight": (
        ["2027-06-12,20:00,23:00", "2027-06-13,00:30,01:00"],
        [(FIRST, time(20), time(1))],
        [1, 1],
    ),
    "an early start without an evening before": (["2027-06-12,05:30,06:00"], [(FIRST, time(5, 30), time(6))], [1]),
    "a morning after a night": (
        ["2027-06-12,20:00,02:00", "2027-06-13,07:00,08:00"],
        [(FIRST, time(20), time(2)), (date(2027, 6, 13), time(7), time(8))],
        [1, 2],
    ),
    "a night that ends after the next morning begins": (
        ["2027-06-12,20:00,23:00", "2027-06-13,03:00,09:00", "2027-06-13,08:00,10:00"],
        [(FIRST, time(20), time(23)), (date(2027, 6, 13), time(3), time(10))],
        [1, 2, 2],
    ),
    "a night that ends a little after the next morning begins": (
        ["2027-06-12,20:00,02:00", "2027-06-13,03:00,08:05", "2027-06-13,08:00,10:00"],
        [(FIRST, time(20), time(8)), (date(2027, 6, 13), time(8), time(10))],
        [1, 1, 2],
    ),
    "an end that would be in an hour that the clocks skip": (
        ["2027-03-27,02:30,2027-03-28 04:00"],
        [(date(2027, 3, 27), time(2, 30), time(1, 55))],
        [1],
    ),
    "over New Year": (
        ["2027-12-31,20:00,23:00", "2028-01-01,01:00,02:00"],
        [(date(2027, 12, 31), time(20), time(2))],
        [1, 1],
    ),
}


@pytest.mark.parametrize(("rows", "days", "numbers"), DAYS.values(), ids=DAYS.keys())
def test_days_follow_from_the_sessions(
    rows: list[str], days: list[tuple[date, time, time]], numbers: list[int]
) -> None:
    plan = plan_of(table(*(f"{number},S{number},{row},,,," for number, row in enumerate(rows))))
    assert [(day.date, day.start, day.end) for day in plan.event.days] == days
    assert [session.day for session in plan.event.sessions] == numbers
    assert problems_of(plan.event) == ()


def test_session_of_several_days_is_cut_and_named() -> None:
    plan = plan_of(table("1,Hack,2027-06-12,10:00,2027-06-14 18:00,,,,"))
    assert plan.event.days == (Day(FIRST, time(10), time(9, 55)),)
    assert remarks(plan) == ["Sessions that last longer than a day can, cut: 1 Hack"]


def test_days_of_an_event_with_sessions_stay_and_are_widened() -> None:
    day = EVENT.days[0]
    plan = plan_of(table(f"1,Tôt,{day.date},09:00,10:00,,,,", "2,Veille,2026-12-14,20:00,21:00,,,,"), EVENT)
    assert plan.event.days == (Day(date(2026, 12, 14), time(20), time(21)), replace(day, start=time(9)))
    assert [session.day for session in plan.event.sessions] == [2] * len(EVENT.sessions) + [1, 2]
    assert [replace(each, day=1) for each in plan.event.sessions[:-2]] == list(EVENT.sessions)
    assert remarks(plan) == ["Days that become longer: 1 2026-12-15"]


def test_entry_of_whole_days_concerns_everybody_on_each_of_them() -> None:
    entry = "UID:1\nDTSTART;VALUE=DATE:20270612\nDTEND;VALUE=DATE:20270614\nSUMMARY:Expo\nLOCATION:Hall"
    plan = plan_of(calendar_of(entry))
    assert [
        (each.day, each.start, each.end, each.rooms, each.everywhere, each.guid) for each in plan.event.sessions
    ] == [
        (1, time(9), time(18), (), True, "1"),
        (2, time(9), time(18), (), True, "1#2027-06-13"),
    ]


ZONES: Final = {
    "the same zone": ("Europe/Paris", EVENT, "Europe/Paris", time(10), []),
    "another zone, into an event with sessions": (
        "America/Montreal",
        EVENT,
        "Europe/Paris",
        time(10),
        [
            "Times in the zone America/Montreal are converted to that of the event, Europe/Paris",
            "It names the time zone America/Montreal, but writes its times with another offset; the offset counts",
        ],
    ),
    "another zone, into an empty event": (
        "UTC",
        EMPTY,
        "UTC",
        time(8),
        [
            "The event takes the time zone of the file, UTC",
            "It names the time zone UTC, but writes its times with another offset; the offset counts",
        ],
    ),
    "a zone that is none": (
        "Lorem/Ipsum",
        EMPTY,
        "Europe/Berlin",
        time(10),
        ["Its time zone “Lorem/Ipsum” is not known; the one of the event is kept"],
    ),
}


@pytest.mark.parametrize(("named", "event", "zone", "start", "said"), ZONES.values(), ids=ZONES.keys())
def test_times_are_shown_in_the_zone_of_the_event(
    named: str, event: Event, zone: str, start: time, said: list[str]
) -> None:
    content = schedule_of_json(event_of_json()).replace(
        b'"time_zone_name": "Europe/Paris"', f'"time_zone_name": "{named}"'.encode()
    )
    plan = plan_of(content, event)
    assert (plan.event.zone, plan.event.sessions[-1].start, remarks(plan)) == (zone, start, said)


EVENTS: Final = st.fixed_dictionaries(
    {
        "guid": st.sampled_from(["a", "b", "c", "", None]),
        "title": st.text(max_size=8) | st.sampled_from(["Alpha", "alpha ", "x" * 400]),
        "date": st.builds(
            "2027-{}-{:02}T{:02}:{:02}:00{}".format,
            st.sampled_from(["03", "06", "10"]),
            st.integers(26, 30),
            st.integers(0, 23),
            st.sampled_from([0, 5, 30]),
            st.sampled_from(["+02:00", "+01:00", "Z", ""]),
        ),
        "duration": st.sampled_from(["00:05", "00:30", "02:00", "13:00", "24:00", "49:00", "00:00", ""]),
        "room": st.sampled_from(["Dolor", "dolor", "", "\u200b", "日本"]),
        "track": st.sampled_from([None, "Gamma", "gamma", "!"]),
        "language": st.sampled_from(["fr", "x", "de-formal", "??"]),
        "links": st.lists(st.sampled_from(["https://a.example/", "ftp://x", "//b", "http://ü.example/ é"]), max_size=2),
        "persons": st.lists(st.sampled_from(["Ada", "ada", " ", "Bo\nX"]), max_size=2),
    }
)


@given(events=st.lists(EVENTS, min_size=1, max_size=4))
def test_any_programme_gives_an_event_in_order_which_a_second_import_leaves(events: list[dict[str, object]]) -> None:
    content = schedule_of_json(*(event_of_json(end=None, **fields) for fields in events))
    event = plan_of(content).event
    assert event_from_mapping(json.loads(json.dumps(event_to_mapping(event))), "x") == event
    assert problems_of(event) == ()
    again = plan_of(content, event)
    assert (again.event, again.added, again.changed) == (event, 0, 0)


@given(first=st.lists(EVENTS, min_size=1, max_size=3), second=st.lists(EVENTS, min_size=1, max_size=3))
def test_any_other_programme_keeps_the_event_in_order(
    first: list[dict[str, object]], second: list[dict[str, object]]
) -> None:
    event = EMPTY
    for events in (first, second):
        event = plan_of(schedule_of_json(*(event_of_json(end=None, **fields) for fields in events)), event).event
    assert problems_of(event) == ()


def listed_under(*events: tuple[int, str, str]) -> bytes:
    """Return a schedule.json with a day for each of the `events`: its day in June, its start and its length."""
    days = [
        {
            "date": f"2027-06-{day}",
            "rooms": {"Dolor": [{"guid": f"g{place}", "title": f"G{place}", "date": start, "duration": length}]},
        }
        for place, (day, start, length) in enumerate(events)
    ]
    return json.dumps({"schedule": {"conference": {"time_zone_name": "Europe/Paris", "days": days}}}).encode()


NIGHTS_UNDER_ANOTHER_DAY: Final = {
    "two nights that meet": [
        (12, "2027-06-13T04:00:00+02:00", "08:00"),
        (13, "2027-06-14T00:30:00+02:00", "03:00"),
    ],
    "a night that is long": [
        (12, "2027-06-12T13:55:00+02:00", "00:05"),
        (12, "2027-06-13T02:25:00+02:00", "01:30"),
        (13, "2027-06-14T01:00:00+02:00", "05:00"),
        (14, "2027-06-14T17:10:00+02:00", "08:00"),
    ],
}


@pytest.mark.parametrize("events", NIGHTS_UNDER_ANOTHER_DAY.values(), ids=NIGHTS_UNDER_ANOTHER_DAY.keys())
def test_second_import_of_nights_makes_no_day_without_a_session(events: list[tuple[int, str, str]]) -> None:
    content = listed_under(*events)
    once = plan_of(content)
    again = plan_of(content, once.event)
    assert (again.event, again.changed, problems_of(again.event)) == (once.event, 0, ())


@given(
    events=st.lists(
        st.tuples(
            st.sampled_from([12, 13]),
            st.sampled_from(["08:00", "10:00", "23:00", "00:30", "02:00", "04:00", "06:30"]),
            st.booleans(),
            st.sampled_from(["01:00", "03:00", "08:00"]),
        ),
        min_size=1,
        max_size=3,
    )
)
def test_second_import_leaves_any_nights(events: list[tuple[int, str, bool, str]]) -> None:
    content = listed_under(
        *(
            (day, f"2027-06-{day + (is_next and clock < '07')}T{clock}:00+02:00", length)
            for day, clock, is_next, length in events
        ),
    )
    once = plan_of(content)
    assert plan_of(content, once.event).event == once.event
