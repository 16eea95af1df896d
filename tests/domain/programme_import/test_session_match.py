"""Sessions of a file that are in the event already: found by id, by title and time, or told apart."""

from dataclasses import replace
from datetime import time
from typing import Final

import pytest

from portal.domain.event.event import Event
from portal.domain.event.event_file import problems_of
from portal.domain.programme_import.file_format import read_programme
from portal.domain.programme_import.plan import Plan, plan_import
from portal.domain.programme_import.session_plan import Choices
from tests.factories.programmes import event_of_json, schedule_of_json
from tests.factories.sample import EVENT

FRENCH: Final = Choices("fr", "Sans titre")
EMPTY: Final = replace(EVENT, sessions=(), rooms=(), themes=(), zone="Europe/Berlin")


def plan_of(content: bytes | str, event: Event = EMPTY, choices: Choices = FRENCH) -> Plan:
    return plan_import(event, read_programme(content.encode() if isinstance(content, str) else content, "x"), choices)


def table(*rows: str) -> str:
    return "\n".join(["id,title,date,start,end", *rows])


FIRST: Final = (",Lunch,2027-06-12,12:00,13:00", ",Alpha,2027-06-12,14:00,15:00")
SECOND: Final = {
    "the same title on another day, in a file of its own": (
        [",Lunch,2027-06-13,12:00,13:00"],
        [("lunch", 1, 12), ("alpha", 1, 14), ("lunch-2", 2, 12)],
    ),
    "the same title on both days": (
        [FIRST[0], ",Lunch,2027-06-13,12:00,13:00"],
        [("lunch", 1, 12), ("alpha", 1, 14), ("lunch-2", 2, 12)],
    ),
    "another time of the day": (
        [",Lunch,2027-06-12,11:00,13:00"],
        [("lunch", 1, 11), ("alpha", 1, 14)],
    ),
    "another day, and the old one without it": (
        [",Lunch,2027-06-13,12:00,13:00", FIRST[1]],
        [("lunch", 2, 12), ("alpha", 1, 14)],
    ),
    "two days, and the old one without it": (
        [",Lunch,2027-06-13,12:00,13:00", ",Lunch,2027-06-14,12:00,13:00", FIRST[1]],
        [("lunch", 1, 12), ("alpha", 1, 14), ("lunch-2", 2, 12), ("lunch-3", 3, 12)],
    ),
}


@pytest.mark.parametrize(("rows", "expected"), SECOND.values(), ids=SECOND.keys())
def test_title_alone_finds_no_session_of_a_day_that_the_file_does_not_have(
    rows: list[str], expected: list[tuple[str, int, int]]
) -> None:
    event = plan_of(table(*rows), plan_of(table(*FIRST)).event).event
    assert [(each.id, each.day, each.start.hour) for each in event.sessions] == expected


NUMBERED: Final = {
    "another title and another time": ("1,Beta,2027-06-12,16:00,17:00", [("alpha", "1"), ("beta", None)]),
    "another title": ("1,Beta,2027-06-12,14:00,15:00", [("alpha", "1")]),
    "another time": ("1,Alpha,2027-06-13,16:00,17:00", [("alpha", "1")]),
    "an id that is no number of a row": ("12345,Beta,2027-06-13,16:00,17:00", [("alpha", "1"), ("beta", "12345")]),
}


@pytest.mark.parametrize(("row", "expected"), NUMBERED.values(), ids=NUMBERED.keys())
def test_number_of_a_row_finds_a_session_only_with_its_title_or_its_time(
    row: str, expected: list[tuple[str, str | None]]
) -> None:
    once = plan_of(table("1,Alpha,2027-06-12,14:00,15:00")).event
    event = plan_of(table(row), once).event
    assert [(each.id, each.guid) for each in event.sessions] == expected
    assert plan_of(table(row), event).event == event


def test_session_that_is_cancelled_here_stays_so_and_is_named() -> None:
    both = schedule_of_json(event_of_json(), event_of_json(guid="b", title="Beta", start="12:00"))
    cancelled = plan_of(schedule_of_json(event_of_json()), plan_of(both).event, replace(FRENCH, cancels_gone=True))
    plan = plan_of(both, cancelled.event)
    assert ([each.cancelled for each in plan.event.sessions], plan.unchanged) == ([False, True], 2)
    assert [(each.text, each.names) for each in plan.assumed if "cancelled" in each.text] == [
        ("Sessions that are cancelled here and not in the file, left cancelled: %(count)s", ("Beta",))
    ]


LONG: Final = "x" * 300
ALIKE: Final = {
    "alike as far as they are kept": (f"{LONG}1", f"{LONG}2"),
    "alike but for spaces": ("a  b", "a b"),
}


@pytest.mark.parametrize("ids", ALIKE.values(), ids=ALIKE.keys())
@pytest.mark.parametrize("titles", [("Alpha", "Beta"), ("Alpha", "Alpha")], ids=["two titles", "one title"])
def test_ids_that_are_alike_once_they_are_kept_are_told_apart(ids: tuple[str, str], titles: tuple[str, str]) -> None:
    content = schedule_of_json(
        *(
            event_of_json(guid=id, title=title, date=f"2027-06-12T{hour}:00:00+02:00", end=None)
            for id, title, hour in zip(ids, titles, (10, 15), strict=True)
        )
    )
    once = plan_of(content).event
    guids = [each.guid for each in once.sessions if each.guid]
    assert ([each.start for each in once.sessions], len(set(guids))) == ([time(10), time(15)], len(guids))
    assert (plan_of(content, once).event, problems_of(once)) == (once, ())
