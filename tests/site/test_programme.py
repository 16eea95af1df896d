"""The programme's orders and the lines of its grid."""

from dataclasses import replace
from datetime import time

from portal.site.programme import (
    Cell,
    assemblies,
    boundaries,
    by_start,
    cells,
    in_order,
    in_room,
    line_of,
    neighbours,
    number_of,
    of_theme,
)
from tests.site.sample import EVENT

WELCOME, TOOLS, FUND, LUNCH, ASSEMBLY = EVENT.sessions


def test_in_order_goes_by_start_then_by_room_whatever_the_order_of_the_file() -> None:
    shuffled = replace(EVENT, sessions=(ASSEMBLY, FUND, LUNCH, TOOLS, WELCOME))
    assert in_order(shuffled) == (WELCOME, TOOLS, FUND, LUNCH, ASSEMBLY)


def test_by_start_puts_together_what_starts_together() -> None:
    assert list(by_start(EVENT)) == [
        (time(11), (WELCOME,)),
        (time(11, 30), (TOOLS, FUND)),
        (time(13), (LUNCH,)),
        (time(14), (ASSEMBLY,)),
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
        time(11),
        time(11, 30),
        time(12, 30),
        time(13),
        time(14),
        time(17, 30),
    )
    assert line_of(EVENT, time(12, 30)) == 3
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
    assert {one.id: neighbours(EVENT, one) for one in EVENT.sessions} == {
        "accueil": (None, TOOLS),
        "outils": (WELCOME, LUNCH),
        "caisse": (WELCOME, LUNCH),
        "repas": (FUND, ASSEMBLY),
        "ag": (LUNCH, None),
    }
