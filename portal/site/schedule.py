"""The programme as conference apps read it: the contents of `/schedule.json`, of which `/schedule.xml` is made too.

The format is that of c3voc (https://c3voc.de/wiki/schedule), in the event's main language; what it has no place for is
in `portal/site/schedule_overlay.py`.
"""

import re
from collections.abc import Iterable, Mapping
from math import gcd
from typing import Final
from zoneinfo import ZoneInfo

from portal.domain.edition.edition import Edition
from portal.domain.event.days import Span, day_span, session_span
from portal.domain.event.event import Day, Link, Room, Session, Theme, is_everywhere
from portal.domain.event.exported_ids import acronym, exported_uuid, integer_ids, session_guids, slug
from portal.domain.event.languages import own_language_of, words_of
from portal.domain.language import N_, Text
from portal.site.catalogue import translated
from portal.site.paths import SCHEDULE_JSON
from portal.site.public_urls import as_uri, page_url, public_url, with_absolute_links
from portal.site.schedule_overlay import OVERLAY, overlay

Contents = dict[str, object]
"""A part of a schedule, of strings, numbers, lists and dicts alone."""

_GENERATOR: Final = {"name": "anonymous-event-portal"}
"""This program, without its version, so that a mirror of another one makes the same bytes."""
_ZONE: Final = re.compile(r"^([A-Z][a-z]+/[A-Z][a-z]+)|UTC$")
_XML_SLUG: Final = re.compile(r"[a-z][a-z0-9-]+")
"""Names of zones and of tracks that both schemas take."""
_EVERYWHERE: Final = N_("Every room")
_UNDECIDED: Final = N_("Room to be announced")
_CANCELLED: Final = N_("Cancelled: %(title)s")


def schedule(edition: Edition) -> Contents:
    """Return the contents of the schedule of `edition`.

    A session in several rooms is in a room of its own, `A + B`, which apps show as a column; so are those that concern
    every room, and those without one yet. What is cancelled keeps its place, and its title says so.
    """
    return _Schedule(edition).contents()


class _Schedule:
    """The maker of one schedule."""

    def __init__(self, edition: Edition) -> None:
        event = edition.event
        self.edition = edition
        self.event = event
        self.language = event.language
        self.words = own_language_of(event, event.language)
        self.clocks = ZoneInfo(event.zone)
        self.guids = session_guids(event)
        self.ids = integer_ids(self.guids.values())
        self.names = {room.id: self.text(room.name) for room in event.rooms}
        self.tracks = {theme.id: self.text(theme.name) for theme in event.themes}
        self.spans = {session.id: session_span(event, session).in_zone(event.zone) for session in event.sessions}
        people = {name for session in event.sessions for name in session.speakers}
        self.person_guids = {name: exported_uuid(event, "speaker", name) for name in people}
        self.person_ids = integer_ids(self.person_guids.values())
        self.biographies = {speaker.name: self.text(speaker.biography) for speaker in event.speakers}

    def contents(self) -> Contents:
        by_id = {session.id: self._session(session) for session in self.event.sessions}
        meta = {OVERLAY: overlay(self.event, by_id, _ZONE.search(self.event.zone) is not None)}
        conference = {**self._conference(), "meta": meta, "days": self._days(by_id)}
        file = _with("url", public_url(self.edition, SCHEDULE_JSON))
        inside = {**file, "version": str(self.edition.number), **self._base_url(), "conference": conference}
        return {"generator": _GENERATOR, "schedule": inside}

    def text(self, text: Text) -> str:
        return words_of(self.event, text, self.language)

    def _base_url(self) -> Contents:
        return _with("base_url", public_url(self.edition, ""))

    def _conference(self) -> Contents:
        event = self.event
        return {
            "acronym": acronym(event),
            "title": self.text(event.name),
            "start": event.days[0].date.isoformat(),
            "end": event.days[-1].date.isoformat(),
            "daysCount": len(event.days),
            "timeslot_duration": _duration(self._slot_minutes()),
            **(_with("time_zone_name", event.zone if _ZONE.search(event.zone) else None)),
            "colors": {"primary": event.colours.accent, "background": event.colours.paper},
            **_with("url", page_url(self.edition, "home", self.language)),
            "tracks": [self._track(theme) for theme in event.themes],
            "rooms": [*(self._room(room) for room in event.rooms), *self._other_rooms()],
        }

    def _slot_minutes(self) -> int:
        """Return the longest slot that every session starts and ends with, five minutes where there is none."""
        starts = (span.start.hour * 60 + span.start.minute for span in self.spans.values())
        return gcd(*starts, *(_minutes(span) for span in self.spans.values())) or 5

    def _track(self, theme: Theme) -> Contents:
        return {"name": self.tracks[theme.id], **_with("slug", theme.id if _XML_SLUG.fullmatch(theme.id) else None)}

    def _room(self, room: Room) -> Contents:
        return {
            "name": self.names[room.id],
            "guid": exported_uuid(self.event, "room", room.id),
            **_with("description", self.text(room.description) or None),
            **_with("capacity", room.capacity),
        }

    def _other_rooms(self) -> Iterable[Contents]:
        """Return the rooms that stand for several, for all, and for none yet."""
        others = {self._place(session): session for session in self.event.sessions}
        return [
            {"name": name, "guid": exported_uuid(self.event, "place", *self._rooms_of(session))}
            for name, session in others.items()
            if name not in self.names.values()
        ]

    def _rooms_of(self, session: Session) -> list[str]:
        """Return the ids of the rooms of `session`, in the order of the event's; `*` for all."""
        return ["*"] if is_everywhere(session) else [id for id in self.names if id in session.rooms]

    def _place(self, session: Session) -> str:
        """Return the name of the room that `session` is in."""
        if is_everywhere(session):
            return translated(self.words, _EVERYWHERE)
        return " + ".join(self.names[id] for id in self._rooms_of(session)) or translated(self.words, _UNDECIDED)

    def _days(self, by_id: Mapping[str, Contents]) -> list[Contents]:
        return [self._day(number, day, by_id) for number, day in enumerate(self.event.days, 1)]

    def _day(self, number: int, day: Day, by_id: Mapping[str, Contents]) -> Contents:
        span = day_span(self.event, day).in_zone(self.event.zone)
        rooms: dict[str, list[Contents]] = {name: [] for name in self.names.values()}
        sessions = (session for session in self.event.sessions if session.day == number)
        for session in sorted(sessions, key=lambda each: (self.spans[each.id].start.timestamp(), each.id)):
            rooms.setdefault(self._place(session), []).append(by_id[session.id])
        return {
            "index": number,
            "date": day.date.isoformat(),
            "day_start": span.start.isoformat(),
            "day_end": span.end.isoformat(),
            "rooms": rooms,
        }

    def _session(self, session: Session) -> Contents:
        span, guid, title = self.spans[session.id], self.guids[session.id], self.text(session.title)
        page = page_url(self.edition, "session", self.language, session.id)
        return {
            "guid": guid,
            "id": self.ids[guid],
            "date": span.start.isoformat(),
            "start": f"{span.start:%H:%M}",
            "end": span.end.isoformat(),
            "duration": _duration(_minutes(span)),
            "room": self._place(session),
            "slug": slug(self.event, session.id, self.ids[guid]),
            "url": page or f"urn:uuid:{guid}",
            "title": translated(self.words, _CANCELLED, {"title": title}) if session.cancelled else title,
            "subtitle": self.text(session.subtitle),
            "track": next((self.tracks[theme] for theme in session.themes if theme in self.tracks), None),
            "type": session.kind,
            "language": session.language,
            "abstract": self._long(session.abstract),
            "description": self._long(session.description),
            "persons": [self._person(name) for name in session.speakers],
            "links": [_link(link) for link in session.links],
        }

    def _long(self, text: Text) -> str:
        return with_absolute_links(self.edition, self.language, self.text(text))

    def _person(self, name: str) -> Contents:
        guid, biography = self.person_guids[name], self.biographies.get(name)
        return {"id": self.person_ids[guid], "guid": guid, "name": name, **_with("biography", biography or None)}


def _link(link: Link) -> Contents:
    return {"url": as_uri(link.url), "title": link.label or link.url}


def _with(name: str, value: object) -> Contents:
    """Return the field `name`, or nothing where there is no value."""
    return {} if value is None else {name: value}


def _minutes(span: Span) -> int:
    return round((span.end.timestamp() - span.start.timestamp()) / 60)


def _duration(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
