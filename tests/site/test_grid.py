"""The grid of a day: its columns, its rows and its cells, none of which covers another."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.event.event import Session, SessionKind
from portal.site.grid import Grid, grid_of
from portal.site.programme import Programme
from tests.factories.several_days import SATURDAY, TWO_DAYS, talk

Shape = list[list[str]]


def grid(*sessions: Session) -> Grid:
    programme = Programme(replace(TWO_DAYS, days=(SATURDAY,), sessions=sessions))
    return grid_of(programme, programme.days[0])


def columns_of(grid: Grid) -> list[tuple[str, int]]:
    return [(column.room.id if column.room else "", column.lanes) for column in grid.columns]


def cells_of(grid: Grid) -> Shape:
    """Return each row's cells as `a+b 2x1`: its sessions, the rows and the columns that it spans."""
    return [
        [f"{'+'.join(session.id for session in cell.sessions) or '-'} {cell.rows}x{cell.columns}" for cell in row.cells]
        for row in grid.rows
    ]


TALKS: Final = (talk("a", "10:00", "11:00", "grande"), talk("b", "10:00", "11:00", "petite"))
PLACES: Final[dict[str, tuple[Iterable[Session], list[tuple[str, int]], Shape]]] = {
    "rooms without a session are left out": (TALKS, [("grande", 1), ("petite", 1)], [["a 1x1", "b 1x1"]]),
    "a break spans all rooms": (
        (*TALKS, talk("lunch", "12:00", "13:00", kind=SessionKind.BREAK)),
        [("grande", 1), ("petite", 1)],
        [["a 1x1", "b 1x1"], ["- 1x2"], ["lunch 1x2"]],
    ),
    "a break beside a long workshop spans the rest": (
        (talk("w", "10:00", "14:00", "petite"), TALKS[0], talk("lunch", "12:00", "13:00", everywhere=True)),
        [("grande", 1), ("petite", 1)],
        [["a 1x1", "w 4x1"], ["- 1x1"], ["lunch 1x1"], ["- 1x1"]],
    ),
    "a break while every room is taken has a column of its own": (
        (talk("a", "10:00", "14:00", "petite"), talk("lunch", "12:00", "13:00", kind=SessionKind.BREAK)),
        [("petite", 1), ("", 1)],
        [["a 3x1", "- 1x1"], ["lunch 1x1"], ["- 1x1"]],
    ),
    "a session in two adjacent rooms spans them": (
        (*TALKS, talk("both", "11:00", "12:00", "grande", "petite")),
        [("grande", 1), ("petite", 1)],
        [["a 1x1", "b 1x1"], ["both 1x2"]],
    ),
    "a session in two rooms apart is repeated": (
        (*TALKS, talk("both", "11:00", "12:00", "grande", "cour")),
        [("grande", 1), ("petite", 1), ("cour", 1)],
        [["a 1x1", "b 1x1", "- 1x1"], ["both 1x1", "- 1x1", "both 1x1"]],
    ),
    "posters stand beside the talks of their room": (
        (
            TALKS[0],
            talk("posters", "10:00", "12:00", "grande", shares_room=True),
            talk("c", "12:00", "13:00", "grande"),
        ),
        [("grande", 2)],
        [["a 1x1", "posters 2x1"], ["- 1x1"], ["c 1x2"]],
    ),
    "posters that stand all the time together are one cell": (
        (
            talk("p", "10:00", "12:00", "grande", shares_room=True),
            talk("q", "10:00", "12:00", "grande", shares_room=True),
            talk("r", "10:00", "11:00", "grande", shares_room=True),
        ),
        [("grande", 2)],
        [["r 1x1", "p+q 2x1"], ["- 1x1"]],
    ),
    "what has no room yet is not in the grid": (
        (*TALKS, talk("open", "09:00", "10:00")),
        [("grande", 1), ("petite", 1)],
        [["a 1x1", "b 1x1"]],
    ),
    "a night is one row": (
        (TALKS[0], talk("late", "00:30", "01:00", "grande")),
        [("grande", 1)],
        [["a 1x1"], ["- 1x1"], ["late 1x1"]],
    ),
    "nothing": ((), [], []),
    "a welcome without any room": (
        (talk("welcome", "09:00", "09:30", kind=SessionKind.WELCOME),),
        [("", 1)],
        [["welcome 1x1"]],
    ),
}


@pytest.mark.parametrize(("sessions", "columns", "cells"), PLACES.values(), ids=PLACES.keys())
def test_grid_places_the_sessions_of_a_day(
    sessions: Iterable[Session], columns: list[tuple[str, int]], cells: Shape
) -> None:
    made = grid(*sessions)
    assert (columns_of(made), cells_of(made)) == (columns, cells)


def cancelled(session: Session, **other: object) -> Session:
    return replace(session, cancelled=True, **other)  # type: ignore[arg-type]


A, B = TALKS
LATE: Final = talk("late", "10:30", "11:30", "grande")
LUNCH: Final = talk("lunch", "10:30", "12:00", kind=SessionKind.BREAK)
TOGETHER: Final[dict[str, tuple[tuple[Session, ...], list[str]]]] = {
    "with nothing in its place it keeps its own": ((cancelled(A), B), ["a", "b"]),
    "with what takes its place": ((cancelled(A), LATE), ["late+a"]),
    "with what is in another room": ((cancelled(A), replace(LATE, rooms=("petite",))), ["a", "late"]),
    "a plenary with the first of the talks that replace it": (
        (cancelled(A, id="gone", rooms=(), everywhere=True), A, B),
        ["a+gone", "b"],
    ),
    "a talk with the plenary that replaces it": ((cancelled(A), LUNCH), ["lunch+a"]),
    "two that are cancelled in one place": ((cancelled(A), cancelled(LATE)), ["a+late"]),
    "one before, one after": ((cancelled(A, end=LATE.start), LATE), ["a", "late"]),
}


@pytest.mark.parametrize(("sessions", "places"), TOGETHER.values(), ids=TOGETHER.keys())
def test_what_is_cancelled_joins_what_takes_place_there(sessions: tuple[Session, ...], places: list[str]) -> None:
    found = [cell.rpartition(" ")[0] for row in cells_of(grid(*sessions)) for cell in row]
    assert [cell for cell in found if cell != "-"] == places


def test_row_is_an_hour_at_most_however_long_the_night() -> None:
    made = grid(TALKS[0], talk("short", "11:00", "11:05", "grande"), talk("late", "00:30", "01:00", "grande"))
    assert [(row.steps, row.starting and row.starting.id) for row in made.rows] == [
        (12, "a"),
        (1, "short"),
        (12, None),
        (6, "late"),
    ]


sessions = st.builds(
    lambda id, start, length, rooms, **other: talk(
        str(id), f"{start:02}:00", f"{start + length:02}:30", *rooms, **other
    ),
    st.uuids(),
    st.integers(9, 20),
    st.integers(0, 3),
    st.lists(st.sampled_from(["grande", "petite", "cour"]), max_size=3, unique=True),
    everywhere=st.none() | st.booleans(),
    cancelled=st.booleans(),
    shares_room=st.booleans(),
)


@given(st.lists(sessions, max_size=12))
def test_every_row_is_as_wide_as_the_grid_and_nothing_is_left_out(sessions: list[Session]) -> None:
    made = grid(*sessions)
    widths: Counter[int] = Counter()
    for number, row in enumerate(made.rows):
        for cell in row.cells:
            for below in range(number, number + cell.rows):
                widths[below] += cell.columns
    assert widths == {number: made.width for number in range(len(made.rows))}
    placed = {session.id for row in made.rows for cell in row.cells for session in cell.sessions}
    assert placed == {session.id for session in sessions if session.rooms or session.everywhere}
