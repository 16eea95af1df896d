"""The event as a calendar file (iCalendar, RFC 5545), for people's own diaries."""

from typing import Final

from icalendar import Calendar, Component
from icalendar import Event as Entry

from portal.domain.edition.edition import Edition
from portal.domain.event.days import event_span
from portal.domain.event.languages import words_of
from portal.domain.language import Language

CALENDAR: Final = "text/calendar; charset=utf-8"
"""The media type of a calendar (RFC 5545 §8.1)."""

_MAKER: Final = "-//anonymous-event-portal//portal//{}"


def event_calendar(edition: Edition, language: Language) -> bytes:
    """Return a calendar of one entry, the whole event, in `language`.

    The entry is the same one in each edition and language: its UID (§3.8.4.7) is the id of the event and names no
    host; its DTSTAMP (§3.8.7.2) and SEQUENCE (§3.8.7.4) say which edition it is of. Times are in UTC (§3.3.5, form 2),
    which needs no table of time zones; every diary shows them by its own clock.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", _MAKER.format(language.upper()))
    calendar.add_component(_entry(edition, language))
    content: bytes = calendar.to_ical()
    return content


def _entry(edition: Edition, language: Language) -> Component:
    event, entry = edition.event, Entry()
    texts = {
        "summary": words_of(event, event.name, language),
        "description": f"{words_of(event, event.lead, language)}\n{words_of(event, event.admission, language)}",
        "location": f"{words_of(event, event.place.name, language)}, {event.place.address}",
    }
    entry.add("uid", event.id)
    entry.add("dtstamp", edition.published)
    entry.add("sequence", edition.number)
    whole = event_span(event)
    entry.add("dtstart", whole.start)
    entry.add("dtend", whole.end)
    for name, text in texts.items():
        entry.add(name, text)
    return entry
