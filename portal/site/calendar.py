"""Calendar files (iCalendar, RFC 5545), for people's own diaries: of the event, a theme, a room, a session."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final

from icalendar import Calendar, Component
from icalendar import Event as Entry

from portal.domain.edition.edition import Edition
from portal.domain.event.days import Span, event_span, session_span
from portal.domain.event.event import Room, Session, Theme, is_everywhere
from portal.domain.event.exported_ids import exported_uuid, session_guids
from portal.domain.event.languages import words_of
from portal.domain.language import Language, Text
from portal.site.public_urls import page_url, with_absolute_links
from portal.site.vtimezone import vtimezone

CALENDAR: Final = "text/calendar; charset=utf-8"
"""The media type of a calendar (RFC 5545 §8.1)."""

_MAKER: Final = "-//anonymous-event-portal//portal//{}"
_END: Final = b"END:VCALENDAR\r\n"
_ENTRY: Final = b"\r\nBEGIN:VEVENT\r\n"
"""The line that opens an entry. A text has no such line: its own ends are escaped (§3.3.11)."""


def sessions_calendar(edition: Edition, language: Language, sessions: Iterable[Session], name: str) -> bytes:
    """Return a calendar called `name` of some `sessions` of the edition, in `language`."""
    return stamped(Calendars(edition, language).of_sessions(sessions, name), edition)


def stamped(skeleton: bytes, edition: Edition) -> bytes:
    """Return the calendar of a `skeleton`, each of whose entries says which edition it is of.

    The number of the edition is its SEQUENCE (§3.8.7.4), so that it grows with every change.
    """
    stamp = f"DTSTAMP:{edition.published:%Y%m%dT%H%M%SZ}\r\nSEQUENCE:{edition.number}\r\n"
    return skeleton.replace(_ENTRY, _ENTRY + stamp.encode())


class Calendars:
    """Writer of the skeletons of an edition's calendars in a language, which makes the entry of a session once for all.

    An entry is the same one in each edition and language: its UID (§3.8.4.7) follows from the random part of the event
    and names no host. Times are by the clocks of the event's zone (§3.3.5, form 3). What is different in each edition
    is left to `stamped`.
    """

    def __init__(self, edition: Edition, language: Language) -> None:
        self._edition = edition
        self._language = language
        self._entries: dict[str, bytes] = {}

    @cached_property
    def _guids(self) -> Mapping[str, str]:
        return session_guids(self._edition.event)

    @cached_property
    def _zone(self) -> bytes:
        event = self._edition.event
        spans = [event_span(event), *(session_span(event, session) for session in event.sessions)]
        content: bytes = vtimezone(event.zone, (each for span in spans for each in (span.start, span.end))).to_ical()
        return content

    def of_event(self) -> bytes:
        """Return the calendar with an entry for the whole event and one for each session."""
        event = self._edition.event
        entries = [self._event_entry(), *(self._session_entry(session) for session in event.sessions)]
        return self._calendar(self._text(event.name), entries, page_url(self._edition, "home", self._language))

    def of_theme(self, theme: Theme) -> bytes:
        """Return the calendar of a theme."""
        sessions = (session for session in self._edition.event.sessions if theme.id in session.themes)
        url = page_url(self._edition, "theme", self._language, theme.id)
        return self.of_sessions(sessions, self._with_event(theme.name), url)

    def of_room(self, room: Room) -> bytes:
        """Return the calendar of a room, with the sessions that concern every room."""
        sessions = (each for each in self._edition.event.sessions if room.id in each.rooms or is_everywhere(each))
        url = page_url(self._edition, "room", self._language, room.id)
        return self.of_sessions(sessions, self._with_event(room.name), url)

    def of_session(self, session: Session) -> bytes:
        """Return the calendar of a session alone."""
        url = page_url(self._edition, "session", self._language, session.id)
        return self.of_sessions([session], self._with_event(session.title), url)

    def of_sessions(self, sessions: Iterable[Session], name: str, url: str | None = None) -> bytes:
        """Return a calendar called `name` of some `sessions`; `url` is that of its page (RFC 7986 §5)."""
        return self._calendar(name, [self._session_entry(session) for session in sessions], url)

    def _calendar(self, name: str, entries: Iterable[bytes], url: str | None) -> bytes:
        calendar = Calendar()
        calendar.add("version", "2.0")
        calendar.add("prodid", _MAKER.format(self._language.upper()))
        calendar.add("name", name)
        # What programs understood before RFC 7986, and many still do alone.
        calendar.add("x-wr-calname", name)
        calendar.add("x-wr-timezone", self._edition.event.zone)
        _add_url(calendar, url)
        head = calendar.to_ical().removesuffix(_END)
        return b"".join((head, self._zone, *entries, _END))

    def _event_entry(self) -> bytes:
        """Return the entry for the whole event, which leaves its reader free for the sessions (§3.8.2.7)."""
        event, text = self._edition.event, self._text
        entry = self._entry(exported_uuid(event, "event") if event.uid else event.id, event_span(event))
        entry.add("summary", text(event.name))
        entry.add("description", f"{text(event.lead)}\n{text(event.admission)}")
        entry.add("location", self._place())
        entry.add("transp", "TRANSPARENT")
        _add_url(entry, page_url(self._edition, "home", self._language))
        content: bytes = entry.to_ical()
        return content

    def _session_entry(self, session: Session) -> bytes:
        if session.id not in self._entries:
            self._entries[session.id] = self._entry_of(session).to_ical()
        return self._entries[session.id]

    def _entry_of(self, session: Session) -> Component:
        event, text = self._edition.event, self._text
        entry = self._entry(self._guids[session.id], session_span(event, session))
        entry.add("summary", text(session.title))
        words = (session.subtitle, ", ".join(session.speakers), session.abstract, session.description)
        description = "\n\n".join(filter(None, (text(each) if isinstance(each, Text) else each for each in words)))
        if description:
            entry.add("description", with_absolute_links(self._edition, self._language, description))
        rooms = [text(room.name) for room in event.rooms if room.id in session.rooms]
        entry.add("location", ", ".join((*rooms, self._place())))
        categories = [*(text(theme.name) for theme in event.themes if theme.id in session.themes), *session.tags]
        if categories:
            entry.add("categories", categories)
        if session.cancelled:
            entry.add("status", "CANCELLED")
        _add_url(entry, page_url(self._edition, "session", self._language, session.id))
        return entry

    def _entry(self, uid: str, span: Span) -> Component:
        entry, span = Entry(), span.in_zone(self._edition.event.zone)
        entry.add("uid", uid)
        entry.add("dtstart", span.start)
        entry.add("dtend", span.end)
        return entry

    def _text(self, text: Text) -> str:
        return words_of(self._edition.event, text, self._language)

    def _with_event(self, name: Text) -> str:
        return f"{self._text(name)} · {self._text(self._edition.event.name)}"

    def _place(self) -> str:
        place = self._edition.event.place
        return f"{self._text(place.name)}, {place.address}"


def _add_url(component: Component, url: str | None) -> None:
    if url is not None:
        component.add("url", url)
