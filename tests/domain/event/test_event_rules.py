"""Rules of the programme and of the values of an event."""

from dataclasses import replace
from datetime import time

import pytest

from portal.domain.errors import Problem
from portal.domain.event.event import Colours, Event, Session, SessionKind
from portal.domain.event.event_file import problems_of, read_event
from portal.domain.language import Text
from tests.factories.events import SMALL

SOUND = read_event(SMALL.encode(), "small.toml")


def talk(id: str, start: time, end: time, room: str | None = "salle-1") -> Session:
    return Session(id, SessionKind.TALK, Text(id), Text(), start, end, rooms=() if room is None else (room,))


def with_sessions(*sessions: Session) -> Event:
    return replace(SOUND, sessions=sessions)


def pause(id: str, start: time, end: time) -> Session:
    return Session(id, SessionKind.BREAK, Text(id), Text(), start, end)


def overlap(number: int, id: str, other: str) -> Problem:
    text = "it overlaps “%(other)s” (%(room)s), and neither shares the room"
    return Problem(f"sessions[{number}]", "start", text, (("other", other), ("room", "salle-1")), id)


SOUND_PROGRAMMES = {
    "none at all": with_sessions(),
    "one talk after another, without a pause": with_sessions(
        talk("a", time(11), time(12)), talk("b", time(12), time(13))
    ),
    "two talks at once in two rooms": with_sessions(
        talk("a", time(11), time(12)), talk("b", time(11), time(12), "salle-2")
    ),
    "a break without a room between two talks": with_sessions(
        talk("a", time(11), time(12)), pause("pause", time(12), time(13)), talk("b", time(13), time(14))
    ),
    "a talk that lasts the whole day": with_sessions(talk("a", time(11), time(17, 30))),
    "a talk in one room during a break of all rooms": with_sessions(
        pause("pause", time(12), time(13)), talk("a", time(12, 30), time(14))
    ),
    "two breaks of all rooms at once": with_sessions(
        pause("pause", time(12), time(13)), pause("repas", time(12), time(14))
    ),
    "two talks at once in no room yet": with_sessions(
        talk("a", time(11), time(12), None), talk("b", time(11), time(12), None), talk("c", time(11), time(12))
    ),
    "posters all day in the room of a talk": with_sessions(
        replace(talk("a", time(11), time(17)), shares_room=True), talk("b", time(11), time(12))
    ),
    "a talk online, beside one in a room": with_sessions(
        replace(talk("a", time(11), time(12), None), everywhere=False), talk("b", time(11), time(12))
    ),
    "a talk in the place of one that was cancelled": with_sessions(
        replace(talk("a", time(11), time(12)), cancelled=True), talk("b", time(11), time(12))
    ),
}


@pytest.mark.parametrize("event", SOUND_PROGRAMMES.values(), ids=SOUND_PROGRAMMES)
def test_sound_programme_has_no_problem(event: Event) -> None:
    assert problems_of(event) == ()


OVERLAPS: dict[str, tuple[Event, tuple[Problem, ...]]] = {
    "one talk begins in another": (
        with_sessions(talk("a", time(11), time(12)), talk("b", time(11, 59), time(13))),
        (overlap(2, "b", "a"),),
    ),
    "the later in the day comes first in the file": (
        with_sessions(talk("b", time(11, 59), time(13)), talk("a", time(11), time(12))),
        (overlap(2, "a", "b"),),
    ),
    "two talks at the same time": (
        with_sessions(talk("a", time(11), time(12)), talk("b", time(11), time(12))),
        (overlap(2, "b", "a"),),
    ),
    "two talks within a long one": (
        with_sessions(talk("a", time(11), time(17)), talk("b", time(12), time(13)), talk("c", time(14), time(15))),
        (overlap(2, "b", "a"), overlap(3, "c", "a")),
    ),
    "one talk within one of two rooms": (
        with_sessions(
            talk("a", time(11), time(13)),
            talk("b", time(11), time(13), "salle-2"),
            talk("c", time(12), time(14)),
        ),
        (overlap(3, "c", "a"),),
    ),
    "a talk in two rooms, of which another has one": (
        with_sessions(
            replace(talk("a", time(11), time(13)), rooms=("salle-2", "salle-1")), talk("b", time(12), time(13))
        ),
        (overlap(2, "b", "a"),),
    ),
    "two talks in the same two rooms": (
        with_sessions(
            replace(talk("a", time(11), time(13)), rooms=("salle-1", "salle-2")),
            replace(talk("b", time(12), time(13)), rooms=("salle-2", "salle-1")),
        ),
        (overlap(2, "b", "a"),),
    ),
}


@pytest.mark.parametrize(("event", "problems"), OVERLAPS.values(), ids=OVERLAPS)
def test_overlap_in_a_room_is_told_once(event: Event, problems: tuple[Problem, ...]) -> None:
    assert problems_of(event) == problems


def test_value_that_no_file_may_hold_is_told_too() -> None:
    first, *others = SOUND.sessions
    event = replace(SOUND, sessions=(replace(first, title=Text("", " "), abstract=Text("a\r\nb")), *others))
    assert problems_of(event) == (
        Problem("sessions[1]", "title", "it is empty", (), "accueil"),
        Problem(
            "sessions[1]",
            "abstract.fr",
            "it contains the character %(sign)s, which cannot be shown",
            (("sign", "U+000D"),),
            "accueil",
        ),
    )


TOO_CLOSE = {
    "pale ink and accent on pale paper": (
        Colours("#f4f4f4", "#eeeeee", "#fbf8f1"),
        (
            Problem("colours", "accent", "it is too close to the paper: marks and links could hardly be seen"),
            Problem("colours", "ink", "it is too close to the paper: the text could not be read"),
        ),
    ),
    "dark ink on dark paper": (
        Colours("#ffffff", "#222222", "#101014"),
        (Problem("colours", "ink", "it is too close to the paper: the text could not be read"),),
    ),
    "an accent that is enough for marks": (Colours("#888888", "#000000", "#ffffff"), ()),
    "an accent that is not quite": (
        Colours("#999999", "#000000", "#ffffff"),
        (Problem("colours", "accent", "it is too close to the paper: marks and links could hardly be seen"),),
    ),
}


@pytest.mark.parametrize(("colours", "problems"), TOO_CLOSE.values(), ids=TOO_CLOSE)
def test_colours_that_cannot_be_told_apart_are_told(colours: Colours, problems: tuple[Problem, ...]) -> None:
    assert problems_of(replace(SOUND, colours=colours)) == problems


def test_session_outside_the_day_is_told() -> None:
    assert problems_of(with_sessions(talk("a", time(10), time(18)))) == (
        Problem("sessions[1]", "start", "it is before the event opens, at %(opening)s", (("opening", "11:00"),), "a"),
        Problem("sessions[1]", "end", "it is after the event closes, at %(closing)s", (("closing", "17:30"),), "a"),
    )


def test_session_of_an_unknown_theme_and_room_is_told() -> None:
    event = with_sessions(replace(talk("a", time(11), time(12), "cave"), themes=("rien",)))
    assert problems_of(event) == (
        Problem("sessions[1]", "room", "no room has the id “%(room)s”", (("room", "cave"),), "a"),
        Problem("sessions[1]", "theme", "no theme has the id “%(theme)s”", (("theme", "rien"),), "a"),
    )


@pytest.mark.parametrize("days", [-1, 0, 366])
def test_days_of_retention_out_of_bounds_are_told_once(days: int) -> None:
    text = "a number from %(least)s to %(most)s is expected"
    fault = Problem("event", "retention_days", text, (("least", 1), ("most", 365)))
    assert problems_of(replace(SOUND, retention_days=days)) == (fault,)
