"""The programme's orders and the lines of its grid."""

from dataclasses import replace
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from portal.domain.event.event import Session
from portal.site.programme import (
    Cell,
    assemblies,
    boundaries,
    by_start,
    cells,
    in_order,
    in_room,
    neighbours,
    number_of,
    of_theme,
)
from tests.factories.sample import EVENT

WELCOME, TOOLS, FUND, LUNCH, ASSEMBLY = EVENT.sessions


def at(hour: int, minute: int = 0) -> datetime:
    """Return the moment at which the clocks show that time on the day of the sample."""
    return datetime(2026, 12, 15, hour, minute, tzinfo=ZoneInfo(EVENT.zone))


def test_in_order_goes_by_start_then_by_room_whatever_the_order_of_the_file() -> None:
    shuffled = replace(EVENT, sessions=(ASSEMBLY, FUND, LUNCH, TOOLS, WELCOME))
    assert in_order(shuffled) == (WELCOME, TOOLS, FUND, LUNCH, ASSEMBLY)


def test_by_start_puts_together_what_starts_together() -> None:
    assert list(by_start(EVENT)) == [
        (at(11), (WELCOME,)),
        (at(11, 30), (TOOLS, FUND)),
        (at(13), (LUNCH,)),
        (at(14), (ASSEMBLY,)),
    ]


def test_of_theme_gives_its_sessions_and_those_without_a_theme() -> None:
    assert of_theme(EVENT, "libre") == (TOOLS,)
    assert of_theme(EVENT, None) == (WELCOME, LUNCH, ASSEMBLY)


def test_in_room_gives_what_concerns_the_room() -> None:
    assert in_room(EVENT, "petite") == (WELCOME, FUND, LUNCH)


def test_assemblies_are_the_sessions_of_that_kind() -> None:
    assert assemblies(EVENT) == (ASSEMBLY,)


def test_cells_stand_between_the_boundaries_of_the_day() -> None:
    assert boundaries(EVENT) == (
        at(11),
        at(11, 30),
        at(12, 30),
        at(13),
        at(14),
        at(17, 30),
    )
    assert cells(EVENT) == (
        Cell((WELCOME,), 1, 2, None),
        Cell((TOOLS,), 2, 3, 1),
        Cell((FUND,), 2, 4, 2),
        Cell((LUNCH,), 4, 5, None),
        Cell((ASSEMBLY,), 5, 6, 1),
    )


def test_number_of_a_theme_is_its_place_in_the_event() -> None:
    assert [number_of(EVENT, theme) for theme in EVENT.themes] == [1, 2]


def test_neighbours_are_what_somebody_who_stays_in_the_room_sees() -> None:
    assert {session.id: neighbours(EVENT, session) for session in EVENT.sessions} == {
        "accueil": (None, TOOLS),
        "outils": (WELCOME, LUNCH),
        "caisse": (WELCOME, LUNCH),
        "repas": (FUND, ASSEMBLY),
        "ag": (LUNCH, None),
    }


def cancelled(session: Session, **other: object) -> Session:
    return replace(session, cancelled=True, **other)  # type: ignore[arg-type]


def test_what_is_cancelled_comes_after_what_takes_place_there_then() -> None:
    gone = cancelled(TOOLS, id="a-first-id")
    assert in_order(replace(EVENT, sessions=(gone, *EVENT.sessions)))[:3] == (WELCOME, TOOLS, gone)


TALK: Final = replace(TOOLS, id="other", start=time(11, 45), end=time(12, 15))
TOGETHER: Final[dict[str, tuple[tuple[Session, ...], list[tuple[Session, ...]]]]] = {
    "with nothing in its place it keeps its own": ((cancelled(TOOLS), FUND), [(cancelled(TOOLS),), (FUND,)]),
    "with what takes its place": ((cancelled(TOOLS), TALK), [(TALK, cancelled(TOOLS))]),
    "with what is in another room": (
        (cancelled(TOOLS), replace(TALK, rooms=("petite",))),
        [(cancelled(TOOLS),), (replace(TALK, rooms=("petite",)),)],
    ),
    "a plenary with the first of the talks that replace it": (
        (cancelled(TOOLS, rooms=(), everywhere=True), TALK, FUND),
        [(FUND, cancelled(TOOLS, rooms=(), everywhere=True)), (TALK,)],
    ),
    "a talk with the plenary that replaces it": (
        (cancelled(TOOLS), replace(LUNCH, start=time(12), end=time(14))),
        [(replace(LUNCH, start=time(12), end=time(14)), cancelled(TOOLS))],
    ),
    "two that are cancelled in one place": (
        (cancelled(TOOLS), cancelled(TALK)),
        [(cancelled(TOOLS), cancelled(TALK))],
    ),
    "one before, one after": (
        (cancelled(TOOLS, end=time(11, 45)), TALK),
        [(cancelled(TOOLS, end=time(11, 45)),), (TALK,)],
    ),
}


@pytest.mark.parametrize(("sessions", "places"), TOGETHER.values(), ids=TOGETHER.keys())
def test_what_is_cancelled_never_covers_another_in_the_grid(
    sessions: tuple[Session, ...], places: list[tuple[Session, ...]]
) -> None:
    made = cells(replace(EVENT, sessions=sessions))
    assert [[session.id for session in cell.sessions] for cell in made] == [
        [session_id.id for session_id in place] for place in places
    ]
    assert {session for cell in made for session in cell.sessions} == set(sessions)


def test_neighbour_is_what_takes_place_rather_than_what_is_cancelled_then() -> None:
    gone, late = cancelled(LUNCH, id="a-lunch"), cancelled(ASSEMBLY)
    both = replace(EVENT, sessions=(WELCOME, TOOLS, gone, LUNCH, late))
    assert neighbours(both, TOOLS) == (WELCOME, LUNCH)
    assert neighbours(both, LUNCH) == (TOOLS, late)
    assert neighbours(both, late) == (LUNCH, None)
