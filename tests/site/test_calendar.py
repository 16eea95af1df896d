"""The calendar file: what every diary needs to read it, and what makes it the same entry from edition to edition."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

import pytest
from hypothesis import given
from icalendar import Calendar

from portal.domain.event.event import Event
from portal.domain.event.languages import languages_of
from portal.domain.language import Text
from portal.site.calendar import CALENDAR, event_calendar
from portal.site.render import render
from tests.factories.events import events
from tests.factories.sample import EVENT, edition, on_day

UNFOLDED: Final = re.compile(rb"\r\n ")


def lines_of(event: Event = EVENT) -> list[str]:
    """Return the content lines (RFC 5545 §3.1), unfolded."""
    return UNFOLDED.sub(b"", event_calendar(edition(event), "fr")).decode().removesuffix("\r\n").split("\r\n")


def test_calendar_is_one_entry_with_the_whole_event() -> None:
    assert lines_of() == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//anonymous-event-portal//portal//FR",
        "BEGIN:VEVENT",
        "SUMMARY:Une journée pour les communs",
        "DTSTART:20261215T100000Z",
        "DTEND:20261215T163000Z",
        "DTSTAMP:20261202T130500Z",
        "UID:journee",
        "SEQUENCE:2",
        r"DESCRIPTION:Apprendre\, débattre\, décider ensemble.\nGratuit\, ouvert à toutes et tous",
        r"LOCATION:La Maison commune\, 1 rue des Lilas",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_entry_stays_the_same_one_when_the_event_changes_and_its_edition_grows() -> None:
    before = edition()
    moved = replace(on_day(date(2026, 12, 16)), name=Text("Autrement"))
    after = replace(before, number=3, published=datetime(2026, 12, 3, 9, 0, tzinfo=UTC), event=moved)
    (first,), (second,) = (Calendar.from_ical(event_calendar(edition, "fr")).events for edition in (before, after))
    assert first["uid"] == second["uid"] == EVENT.id
    assert (first["sequence"], second["sequence"]) == (2, 3)
    assert first["dtstamp"].dt < second["dtstamp"].dt


def test_calendar_is_in_the_language_asked_for() -> None:
    (entry,) = Calendar.from_ical(event_calendar(edition(), "en")).events
    assert (entry["summary"], entry["location"]) == ("A day for the commons", "The Common House, 1 rue des Lilas")


@given(event=events)
def test_any_event_makes_a_calendar_that_is_read_back(event: Event) -> None:
    for language in languages_of(EVENT):
        content = event_calendar(edition(event), language)
        (entry,) = Calendar.from_ical(content).events
        facts = (entry["uid"], entry["dtstart"].dt.tzinfo is not None, entry["summary"] != "")
        assert facts == (event.id, True, True)
        assert content.endswith(b"END:VCALENDAR\r\n")
        assert max(len(line) for line in content.split(b"\r\n")) <= 75
        assert b"\n" not in content.replace(b"\r\n", b"")


@pytest.mark.parametrize("path", ["fr/evenement.ics", "en/event.ics"])
def test_calendar_is_a_file_of_the_edition(path: str) -> None:
    file = render(edition())[path]
    assert (file.media_type, file.content) == (CALENDAR, event_calendar(edition(), "fr" if path[0] == "f" else "en"))
