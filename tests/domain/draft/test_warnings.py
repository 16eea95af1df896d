"""Warnings about an event, before it is published."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from typing import Final

import pytest

from portal.domain.draft.warnings import warnings_of
from portal.domain.errors import Problem
from portal.domain.event.event import Day, Event, Room, Session
from portal.domain.event.event_file import read_event
from portal.domain.language import Text
from tests.factories.event_file import small
from tests.factories.sample import EVENT

QUIET: Final = replace(EVENT, sessions=tuple(replace(session, speakers=()) for session in EVENT.sessions))


def with_session(id: str, change: Callable[[Session], Session]) -> Event:
    """Return the quiet event with one session changed."""
    return replace(
        QUIET, sessions=tuple(change(session) if session.id == id else session for session in QUIET.sessions)
    )


def with_speakers(**names: str) -> Event:
    """Return the quiet event with one speaker in each of these sessions."""
    sessions = tuple(
        replace(session, speakers=(names[session.id],)) if session.id in names else session
        for session in QUIET.sessions
    )
    return replace(QUIET, sessions=sessions)


def test_event_in_order_has_no_warning() -> None:
    assert warnings_of(QUIET) == ()


NOT_IN: Final = "part of it is not in %(language)s: the public reads another language there"
FRENCH: Final = (("language", "fr"),)
ENGLISH: Final = (("language", "en"),)
AT_ONCE: Final = "%(speaker)s is in “%(other)s” at the same time"

NEARLY: Final = "“%(kind)s” is nearly “%(alike)s”, a type that the portal knows and translates"
TWICE: Final = "the clocks show %(time)s twice on %(date)s, as they go back; the first time is meant"
BESIDE: Final = "it is at the same time as “%(other)s”, which is everywhere"
MEAL: Final = next(session for session in QUIET.sessions if session.id == "repas")

WARNED: Final[dict[str, tuple[Event, tuple[Problem, ...]]]] = {
    "a speaker twice at once": (
        with_speakers(outils="Ada", caisse="Ada"),
        (Problem("sessions[3]", "speakers", AT_ONCE, (("speaker", "Ada"), ("other", "outils")), "caisse"),),
    ),
    "a speaker twice, one after the other": (with_speakers(outils="Ada", ag="Ada"), ()),
    "the collective in two rooms": (with_speakers(outils="Le collectif", caisse="Le Collectif uni"), ()),
    "two talks during a meal of all rooms": (
        with_session("repas", lambda session: replace(session, start=time(12, 15))),
        (
            Problem("sessions[2]", "start", BESIDE, (("other", "repas"),), "outils"),
            Problem("sessions[3]", "start", BESIDE, (("other", "repas"),), "caisse"),
        ),
    ),
    "a meal of all rooms that begins before a talk ends, and posters": (
        with_session("outils", lambda session: replace(session, end=time(13), shares_room=True)),
        (),
    ),
    "two meals of all rooms": (
        replace(QUIET, sessions=(*QUIET.sessions, replace(MEAL, id="brunch"))),
        (Problem("sessions[6]", "start", BESIDE, (("other", "repas"),), "brunch"),),
    ),
    "a meal of all rooms, and a talk whose room is not decided": (
        with_session("outils", lambda session: replace(session, rooms=(), end=time(13))),
        (Problem("sessions[2]", "room", "it has no room", (), "outils"),),
    ),
    "a day and a talk at times that the clocks show twice": (
        replace(
            with_session("outils", lambda session: replace(session, start=time(2, 30), end=time(2, 45))),
            days=(Day(date(2026, 10, 25), time(2), time(17, 30)),),
        ),
        (
            Problem("event", "start", TWICE, (("time", "02:00"), ("date", "2026-10-25"))),
            Problem(
                "sessions[2]",
                "start",
                TWICE,
                (("time", "02:30"), ("date", "2026-10-25")),
                "outils",
            ),
            Problem(
                "sessions[2]",
                "end",
                TWICE,
                (("time", "02:45"), ("date", "2026-10-25")),
                "outils",
            ),
        ),
    ),
    "a talk without a room": (
        with_session("outils", lambda session: replace(session, rooms=())),
        (Problem("sessions[2]", "room", "it has no room", (), "outils"),),
    ),
    "a cancelled talk without a room": (
        with_session("outils", lambda session: replace(session, rooms=(), cancelled=True)),
        (),
    ),
    "a type with a capital": (
        with_session("outils", lambda session: replace(session, kind="Talk")),
        (Problem("sessions[2]", "kind", NEARLY, (("kind", "Talk"), ("alike", "talk")), "outils"),),
    ),
    "a type with a letter too few": (
        with_session("outils", lambda session: replace(session, kind="workshp")),
        (Problem("sessions[2]", "kind", NEARLY, (("kind", "workshp"), ("alike", "workshop")), "outils"),),
    ),
    "a type of anybody's": (with_session("outils", lambda session: replace(session, kind="lightning talk")), ()),
    "no description": (
        with_session("caisse", lambda session: replace(session, abstract=Text(" "))),
        (Problem("sessions[3]", "abstract", "it has no description", (), "caisse"),),
    ),
    "a title without English": (
        with_session("repas", lambda session: replace(session, title=Text("Repas"))),
        (Problem("sessions[4]", "", NOT_IN, ENGLISH, "repas"),),
    ),
    "a title and a text in one language each": (
        with_session("outils", lambda session: replace(session, title=Text("", "Tools"), abstract=Text("Oui."))),
        (
            Problem("sessions[2]", "", NOT_IN, FRENCH, "outils"),
            Problem("sessions[2]", "", NOT_IN, ENGLISH, "outils"),
        ),
    ),
    "a long text without French": (
        replace(QUIET, texts=replace(QUIET.texts, access=Text("", "By metro."))),
        (Problem("texts", "access.fr", NOT_IN, FRENCH),),
    ),
    "a fact without English": (
        replace(QUIET, place=replace(QUIET.place, name=Text("Ici"))),
        (Problem("place", "", NOT_IN, ENGLISH),),
    ),
    "a room and a theme that nothing is in": (
        replace(
            with_session("caisse", lambda session: replace(session, themes=())),
            rooms=(*QUIET.rooms, Room("cave", Text("Cave", "Cellar"), Text())),
        ),
        (
            Problem("rooms[3]", "", "no session takes place in it", (), "cave"),
            Problem("themes[2]", "", "no session is of this theme", (), "travail"),
        ),
    ),
}


@pytest.mark.parametrize(("event", "problems"), WARNED.values(), ids=WARNED.keys())
def test_event_is_warned_of(event: Event, problems: tuple[Problem, ...]) -> None:
    assert warnings_of(event) == problems


def test_cancelled_session_takes_nobody() -> None:
    event = with_speakers(outils="Ada", caisse="Ada")
    sessions = tuple(replace(session, cancelled=session.id == "outils") for session in event.sessions)
    assert warnings_of(replace(event, sessions=sessions)) == ()


def test_speaker_of_a_long_session_is_told_of_in_each_that_meets_it() -> None:
    event = with_speakers(caisse="Ada", outils="Ada", repas="Ada")
    sessions = tuple(
        replace(session, start=time(12, 30)) if session.id == "repas" else session for session in event.sessions
    )
    warnings = warnings_of(replace(event, sessions=sessions))
    texts = [(warning.id, dict(warning.details)["other"]) for warning in warnings if warning.key == "speakers"]
    assert texts == [("caisse", "outils"), ("repas", "caisse")]


def test_speaker_of_very_many_sessions_at_once_is_told_of_once_in_each() -> None:
    (talk,) = (session for session in QUIET.sessions if session.id == "outils")
    sessions = tuple(replace(talk, id=f"outils-{number}", speakers=("Ada", "Béa")) for number in range(300))
    texts = [warning.id for warning in warnings_of(replace(QUIET, sessions=sessions)) if warning.key == "speakers"]
    assert texts == [session.id for session in sessions[1:] for _ in session.speakers]


def test_language_that_no_text_is_in_is_one_warning_for_the_whole_event() -> None:
    french = read_event(small(('name.en = "Small"\n', "")), "small.toml")
    text = "no text is in %(language)s: take this language out of those of the event, or translate it"
    untranslated = [problem for problem in warnings_of(french) if ("language", "en") in problem.details]
    assert untranslated == [Problem("event", "", text, ENGLISH)]
