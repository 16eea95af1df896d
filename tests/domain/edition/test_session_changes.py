"""Changes of the sessions between two events, in sentences."""

from dataclasses import replace
from datetime import date, time
from typing import Final

import pytest

from portal.domain.edition.changes import changes
from portal.domain.event.event import Day, Event, Link, Session, SessionKind
from portal.domain.event.event_file import read_event
from portal.domain.language import Language, Text
from portal.site.catalogue import translated
from tests.factories.events import SMALL

OLD: Final = read_event(SMALL.encode(), "small.toml")
WELCOME, TALK, ASSEMBLY = OLD.sessions


def lines(language: Language, old: Event, new: Event) -> list[str]:
    """Return the sentences that a person reads."""
    return [translated(language, change.text, change.details_in(language)) for change in changes(old, new)]


def with_talk(talk: Session) -> Event:
    """Return the small event with `talk` in place of its own."""
    return replace(OLD, sessions=(WELCOME, talk, ASSEMBLY))


NIGHT = Session("nuit", SessionKind.TALK, Text("Nuit", "Night"), Text(), time(16), time(17), rooms=("salle-1",))


CHANGED: dict[str, tuple[Event, list[str]]] = {
    "a session added": (
        replace(OLD, sessions=(*OLD.sessions, NIGHT)),
        ["New: “Night”, 16:00 – 17:00, Salle 1."],
    ),
    "a session added without a room": (
        replace(OLD, sessions=(*OLD.sessions, replace(NIGHT, rooms=()))),
        ["New: “Night”, 16:00 – 17:00, no room yet."],
    ),
    "a session taken out": (
        replace(OLD, sessions=(WELCOME, ASSEMBLY)),
        ["Removed: “Logiciel”, 11:30 – 12:30."],
    ),
    "a session cancelled": (with_talk(replace(TALK, cancelled=True)), ["Cancelled: “Logiciel”, 11:30 – 12:30."]),
    "sessions in another order": (
        replace(OLD, sessions=(ASSEMBLY, WELCOME, TALK)),
        ["The sessions are in another order."],
    ),
    "a session renamed and moved": (
        with_talk(replace(TALK, title=Text("Communs", "Commons"), start=time(12), end=time(13))),
        ["“Logiciel” is now called “Commons”.", "“Commons” moves from 11:30 – 12:30 to 12:00 – 13:00."],
    ),
    "a session that gets a name in English": (
        with_talk(replace(TALK, title=Text("Logiciel", "Software"))),
        ["“Software” has another name in English."],
    ),
    "a session in another room": (
        with_talk(replace(TALK, rooms=("salle-2",))),
        ["“Logiciel” changes room: Salle 1 → Salle 2."],
    ),
    "a session without its room": (
        with_talk(replace(TALK, rooms=())),
        ["“Logiciel” changes room: Salle 1 → no room yet."],
    ),
    "a session without its theme": (
        with_talk(replace(TALK, themes=())),
        ["“Logiciel” changes theme: Libre → no theme."],
    ),
    "a session of another kind": (
        with_talk(replace(TALK, kind=SessionKind.WORKSHOP)),
        ["“Logiciel” becomes a workshop (it was a talk)."],
    ),
    "a session with other speakers": (
        with_talk(replace(TALK, speakers=("collectif", "toutes et tous"))),
        ["“Logiciel”, speakers: “collectif” becomes “collectif, toutes et tous”."],
    ),
    "a session without speakers": (
        with_talk(replace(TALK, speakers=())),
        ["“Logiciel”, speakers: “collectif” becomes “nobody named”."],
    ),
    "an abstract": (
        with_talk(replace(TALK, abstract=Text("Du code.", "Code."))),
        ["“Logiciel” has another description."],
    ),
    "a longer text": (
        with_talk(replace(TALK, description=Text("Du code.", "Code."))),
        ["“Logiciel” has another description."],
    ),
    "a session in two rooms": (
        with_talk(replace(TALK, rooms=("salle-1", "salle-2"))),
        ["“Logiciel” changes room: Salle 1 → Salle 1, Salle 2."],
    ),
    "a session everywhere": (
        with_talk(replace(TALK, rooms=(), everywhere=True)),
        ["“Logiciel” changes room: Salle 1 → no room of its own."],
    ),
    "a session that shares its room": (
        with_talk(replace(TALK, shares_room=True)),
        ["“Logiciel” shares its room with other sessions."],
    ),
    "a session in another language": (
        with_talk(replace(TALK, language="de")),
        ["“Logiciel”, language: not given → German."],
    ),
    "a type of anybody's": (
        with_talk(replace(TALK, kind="lightning talk")),
        ["“Logiciel” becomes lightning talk (it was a talk)."],
    ),
    "a subtitle, a link and a tag": (
        with_talk(replace(TALK, subtitle=Text("Et code"), links=(Link("https://example.org"),), tags=("code",))),
        ["“Logiciel” has another subtitle.", "“Logiciel” has other links.", "“Logiciel” has other tags."],
    ),
    "an abstract that is in French alone": (
        with_talk(replace(TALK, abstract=Text("Du code."))),
        ["“Logiciel” has another description."],
    ),
}


@pytest.mark.parametrize(("new", "sentences"), CHANGED.values(), ids=CHANGED)
def test_change_of_a_session_is_told_in_words(new: Event, sentences: list[str]) -> None:
    assert lines("en", OLD, new) == sentences


def test_session_that_takes_place_after_all_is_told() -> None:
    cancelled = with_talk(replace(TALK, cancelled=True))
    assert lines("en", cancelled, OLD) == ["“Logiciel” takes place after all."]


TWO_DAYS = replace(OLD, days=(*OLD.days, Day(date(2027, 1, 1), time(11), time(2))))


def test_session_on_another_day_is_told_with_both_dates() -> None:
    sessions = (WELCOME, replace(TALK, day=2), replace(ASSEMBLY, day=2, cancelled=True))
    assert lines("en", TWO_DAYS, replace(TWO_DAYS, sessions=sessions)) == [
        "“Logiciel” moves from Tue 15 Dec, 11:30 – 12:30 to Fri 1 Jan, 11:30 – 12:30.",
        "Cancelled: “AG”, Fri 1 Jan, 15:30 – 17:30.",
        "“AG” moves from Tue 15 Dec, 15:30 – 17:30 to Fri 1 Jan, 15:30 – 17:30.",
    ]
    assert lines("fr", TWO_DAYS, replace(TWO_DAYS, sessions=(*sessions[:2], ASSEMBLY))) == [
        "«\u00a0Logiciel\u00a0» passe de mar. 15 déc., 11\u00a0h\u00a030 – 12\u00a0h\u00a030 "
        "à ven. 1er janv., 11\u00a0h\u00a030 – 12\u00a0h\u00a030."
    ]


def test_day_before_the_others_moves_no_session() -> None:
    later = replace(TWO_DAYS, sessions=tuple(replace(session, day=2) for session in OLD.sessions))
    earlier = replace(later, days=(replace(OLD.days[0], date=date(2026, 12, 14)), *OLD.days))
    only = replace(OLD, days=OLD.days)
    assert [line for line in lines("en", only, earlier) if "moves" in line] == [
        f"“{title}” moves from {times} to Tue 15 Dec, {times}."
        for title, times in (("Accueil", "11:00 – 11:30"), ("Logiciel", "11:30 – 12:30"), ("AG", "15:30 – 17:30"))
    ]
    third = replace(earlier, days=(replace(OLD.days[0], date=date(2026, 12, 13)), *earlier.days))
    shifted = replace(third, sessions=tuple(replace(session, day=3) for session in OLD.sessions))
    assert len(lines("en", earlier, shifted)) == 1
