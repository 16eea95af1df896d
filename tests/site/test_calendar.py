"""The calendar files: what every diary needs to read them, and what makes an entry the same from edition to edition."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Final

import pytest
from hypothesis import given
from vobject.base import Component

from portal.domain.edition.edition import Edition
from portal.domain.event.days import event_span, session_span
from portal.domain.event.event import Day, Event, Session
from portal.domain.event.exported_ids import session_guids
from portal.domain.language import LANGUAGES, Text
from portal.site.calendar import CALENDAR, Calendars, sessions_calendar, stamped
from portal.site.render import render
from tests.factories.events import events
from tests.factories.reading_calendars import read_calendar
from tests.factories.sample import CLEARNET, EVENT, ONION, edition

UNFOLDED: Final = re.compile(rb"\r\n ")
WITH_UID: Final = replace(EVENT, uid="0b5c21f4")
TALK: Final = EVENT.sessions[1]
NIGHT: Final = Session(
    "nuit", "talk", Text("Nuit", "Night"), Text(), time(1, 30), time(3, 30), ("grande",), cancelled=True
)


def lines_of(content: bytes) -> list[str]:
    """Return the content lines (RFC 5545 §3.1), unfolded."""
    return UNFOLDED.sub(b"", content).decode().removesuffix("\r\n").split("\r\n")


def read(content: bytes) -> list[Component]:
    """Return the entries as another library reads them, which takes offsets from the file's own zone."""
    return list(read_calendar(content.decode()).vevent_list)


def times_of(entry: Component) -> tuple[datetime, datetime]:
    """Return the times of an entry in UTC."""
    return entry.dtstart.value.astimezone(UTC), entry.dtend.value.astimezone(UTC)


def over_night(first: date, session: Session = NIGHT) -> Edition:
    """Return an edition whose only day ends at four, with one session."""
    return edition(replace(WITH_UID, days=(Day(first, time(20), time(4)),), sessions=(session,)))


def test_calendar_of_a_session_is_written_whole() -> None:
    content = Calendars(edition(WITH_UID), "fr").of_session(replace(TALK, tags=("a, b",)))
    assert lines_of(stamped(content, edition(WITH_UID))) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//anonymous-event-portal//portal//FR",
        "NAME:Nos outils · Une journée pour les communs",
        "X-WR-CALNAME:Nos outils · Une journée pour les communs",
        "URL:https://event.example/fr/seances/outils/",
        "X-WR-TIMEZONE:Europe/Paris",
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Paris",
        "BEGIN:STANDARD",
        "DTSTART:20261214T110000",
        "TZNAME:CET",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0100",
        "END:STANDARD",
        "END:VTIMEZONE",
        "BEGIN:VEVENT",
        "DTSTAMP:20261202T130500Z",
        "SEQUENCE:2",
        "SUMMARY:Nos outils",
        "DTSTART;TZID=Europe/Paris:20261215T113000",
        "DTEND;TZID=Europe/Paris:20261215T123000",
        f"UID:{session_guids(WITH_UID)['outils']}",
        r"CATEGORIES:Logiciel libre,a\, b",
        r"DESCRIPTION:Le collectif\n\nUn *résumé*.",
        r"LOCATION:Grande salle\, La Maison commune\, 1 rue des Lilas",
        "URL:https://event.example/fr/seances/outils/",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_calendar_of_the_event_has_it_whole_and_each_of_its_sessions() -> None:
    whole, *entries = read(Calendars(edition(WITH_UID), "en").of_event())
    assert [entry.summary.value for entry in entries] == [session.title["en"] for session in EVENT.sessions]
    assert {name: whole.getChildValue(name) for name in ("summary", "transp", "url", "description", "location")} == {
        "summary": "A day for the commons",
        "transp": "TRANSPARENT",
        "url": "https://event.example/en/",
        "description": "Learn, debate, decide together.\nFree, open to all",
        "location": "The Common House, 1 rue des Lilas",
    }
    assert times_of(whole) == (
        datetime(2026, 12, 15, 10, tzinfo=UTC),
        datetime(2026, 12, 15, 16, 30, tzinfo=UTC),
    )


def test_ids_are_of_this_event_alone_and_name_no_host() -> None:
    def uids(event: Event) -> list[str]:
        return [entry.uid.value for entry in read(Calendars(edition(event), "fr").of_event())]

    first, other, earlier = uids(WITH_UID), uids(replace(EVENT, uid="77aa0c31")), uids(EVENT)
    assert len({*first, *other, *earlier}) == 3 * (1 + len(EVENT.sessions))
    assert (uids(replace(WITH_UID, id="autrement")), earlier[0]) == (first, EVENT.id)


def test_entries_stay_the_same_ones_when_the_event_changes_and_its_edition_grows() -> None:
    before = edition(WITH_UID)
    moved = replace(
        WITH_UID,
        name=Text("Autrement"),
        sessions=tuple(replace(session, title=Text("Autre"), cancelled=True) for session in EVENT.sessions),
    )
    after = replace(before, number=3, published=datetime(2026, 12, 3, 9, 0, tzinfo=UTC), event=moved)
    old, new = (read(stamped(Calendars(each, "fr").of_event(), each)) for each in (before, after))
    assert [entry.uid.value for entry in old] == [entry.uid.value for entry in new]
    assert {(entry.sequence.value, entry.dtstamp.value) for entry in old} == {("2", before.published)}
    assert {(entry.sequence.value, entry.dtstamp.value) for entry in new} == {("3", after.published)}
    assert [entry.getChildValue("status") for entry in new] == [None, *["CANCELLED"] * len(EVENT.sessions)]


def test_calendars_of_a_theme_and_a_room_have_their_sessions() -> None:
    calendars = Calendars(edition(), "fr")
    theme, room = calendars.of_theme(EVENT.themes[0]), calendars.of_room(EVENT.rooms[1])
    assert [entry.summary.value for entry in read(theme)] == ["Nos outils"]
    assert [entry.summary.value for entry in read(room)] == ["Accueil", "La caisse de grève", "Repas"]
    assert lines_of(room)[3:6] == [
        "NAME:Petite salle · Une journée pour les communs",
        "X-WR-CALNAME:Petite salle · Une journée pour les communs",
        "URL:https://event.example/fr/salles/petite/",
    ]


def test_calendar_of_chosen_sessions_has_the_name_that_it_is_given() -> None:
    content = sessions_calendar(edition(), "fr", EVENT.sessions[2:4], "Mon programme")
    assert lines_of(content)[3:6] == ["NAME:Mon programme", "X-WR-CALNAME:Mon programme", "X-WR-TIMEZONE:Europe/Paris"]
    assert [entry.summary.value for entry in read(content)] == ["La caisse de grève", "Repas"]


@pytest.mark.parametrize(
    ("clearnet", "onion", "url"),
    [(CLEARNET, ONION, f"{CLEARNET}/en/"), (None, ONION, f"{ONION}/en/"), (None, None, None)],
)
def test_way_back_is_the_address_that_is_published(clearnet: str | None, onion: str | None, url: str | None) -> None:
    content = Calendars(edition(EVENT, clearnet, onion), "en").of_event()
    assert [entry.getChildValue("url") for entry in read(content)][:1] == [url]
    assert [line for line in lines_of(content) if line.startswith("URL:")][:1] == ([f"URL:{url}"] if url else [])


NIGHTS: Final = {
    "the clocks go forward": (date(2027, 3, 27), (2027, 3, 28, 0, 30), (2027, 3, 28, 1, 30)),
    "the clocks go back": (date(2027, 10, 30), (2027, 10, 30, 23, 30), (2027, 10, 31, 2, 30)),
    "the year ends": (date(2027, 12, 31), (2028, 1, 1, 0, 30), (2028, 1, 1, 2, 30)),
}


@pytest.mark.parametrize(("first", "start", "end"), NIGHTS.values(), ids=NIGHTS)
def test_session_has_its_moments_in_a_night_when(first: date, start: tuple[int, ...], end: tuple[int, ...]) -> None:
    (entry,) = read(Calendars(over_night(first), "fr").of_session(NIGHT))
    year, month, day, hour, minute = start
    assert times_of(entry)[0] == datetime(year, month, day, hour, minute, tzinfo=UTC)
    year, month, day, hour, minute = end
    assert times_of(entry)[1] == datetime(year, month, day, hour, minute, tzinfo=UTC)


@given(event=events)
def test_any_event_makes_a_calendar_that_is_read_back(event: Event) -> None:
    spans = [event_span(event), *(session_span(event, session) for session in event.sessions)]
    for language in LANGUAGES:
        content = stamped(Calendars(edition(event), language).of_event(), edition(event))
        assert content.endswith(b"END:VCALENDAR\r\n")
        assert max(len(line) for line in content.split(b"\r\n")) <= 75
        assert b"\n" not in content.replace(b"\r\n", b"")
        assert all(line.decode() for line in content.split(b"\r\n ") if line)
        if all(day.date.year >= 1972 for day in event.days):
            assert sorted(map(times_of, read(content))) == sorted((span.start, span.end) for span in spans)


PATHS: Final = {
    "fr/evenement.ics": 6,
    "en/event.ics": 6,
    "fr/seances/outils.ics": 1,
    "en/sessions/outils.ics": 1,
    "fr/themes/libre.ics": 1,
    "en/themes/travail.ics": 1,
    "fr/salles/grande.ics": 4,
    "en/rooms/petite.ics": 3,
}


@pytest.mark.parametrize(("path", "entries"), PATHS.items())
def test_calendar_is_a_file_of_the_edition(path: str, entries: int) -> None:
    file = render(edition())[path]
    assert (file.media_type, len(read(file.content))) == (CALENDAR, entries)
