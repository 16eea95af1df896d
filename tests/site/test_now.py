"""The sessions of a moment of the event and those that follow, by the clocks of the event."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import pytest

from portal.site.now import Phase, moment_of
from portal.site.programme import Programme
from tests.factories.several_days import TWO_DAYS

TWO: Final = Programme(TWO_DAYS)
Rooms = dict[str, tuple[list[str], str]]


def at(moment: str, programme: Programme = TWO) -> tuple[Phase, Rooms, bool]:
    """Return what is on at `moment` (UTC): the phase, what is on and what is next by room, whether it is renewed."""
    found = moment_of(programme, datetime.fromisoformat(moment).replace(tzinfo=UTC))
    rooms = {
        room.room.id if room.room else "": (
            [session.id for session in room.sessions],
            room.next.id if room.next else "",
        )
        for room in found.rooms
    }
    return found.phase, rooms, found.is_renewed


FIRST: Final[Rooms] = {
    "": ([], "accueil"),
    "grande": ([], "reseau"),
    "petite": ([], "atelier"),
    "cour": ([], "minuit"),
}
MOMENTS: Final[dict[str, tuple[str, tuple[Phase, Rooms, bool]]]] = {
    "long before": ("2027-06-01T10:00", (Phase.BEFORE, FIRST, False)),
    "two hours before": ("2027-06-12T05:00", (Phase.BEFORE, FIRST, True)),
    "at a start, to the minute": (
        "2027-06-12T07:30",
        (
            Phase.DURING,
            {
                "": ([], "repas"),
                "grande": (["reseau"], "fete"),
                "petite": (["atelier"], "fete"),
                "cour": ([], "minuit"),
            },
            True,
        ),
    ),
    "during lunch, while a workshop goes on": (
        "2027-06-12T10:15",
        (
            Phase.DURING,
            {
                "": (["repas"], "ouverte"),
                "grande": ([], "fete"),
                "petite": (["atelier"], "fete"),
                "cour": ([], "minuit"),
            },
            True,
        ),
    ),
    "after midnight": (
        "2027-06-12T22:45",
        (Phase.DURING, {"": ([], "plenary"), "grande": ([], "dimanche"), "cour": (["minuit"], "")}, True),
    ),
    "in the night between": (
        "2027-06-13T03:00",
        (Phase.DURING, {"": ([], "plenary"), "grande": ([], "dimanche")}, True),
    ),
    "at the end": ("2027-06-13T16:00", (Phase.AFTER, {}, False)),
}


@pytest.mark.parametrize(("moment", "expected"), MOMENTS.values(), ids=MOMENTS.keys())
def test_moment_shows_what_is_on_and_what_follows(moment: str, expected: tuple[Phase, Rooms, bool]) -> None:
    assert at(moment) == expected


def test_what_is_cancelled_is_neither_on_nor_next() -> None:
    gone = tuple(replace(session, cancelled=session.id in ("reseau", "fete")) for session in TWO_DAYS.sessions)
    _, rooms, _ = at("2027-06-12T08:00", Programme(replace(TWO_DAYS, sessions=gone)))
    assert rooms["grande"] == ([], "dimanche")


def test_moment_is_shown_by_the_clocks_of_the_event() -> None:
    found = moment_of(TWO, datetime(2027, 6, 12, 22, 45, tzinfo=UTC))
    assert found.now.isoformat() == "2027-06-13T00:45:00+02:00"
