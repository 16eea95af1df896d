"""Programme of a schedule.json or schedule.xml: its days, rooms and events, field by field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from portal.domain.language import N_
from portal.domain.limits import ASSUMED_SESSION_MINUTES, IMPORTED_SESSIONS
from portal.domain.programme_import.clock import read_date, read_length, read_moment, read_time
from portal.domain.programme_import.overlay import OVERLAY, read_overlay
from portal.domain.programme_import.programme import (
    Faults,
    ImportedDay,
    ImportedLink,
    ImportedPerson,
    ImportedRoom,
    ImportedSession,
    Programme,
    Remarks,
    distinct,
    refuse,
)
from portal.domain.programme_import.texts import line_of_text, paragraphs_of

Fields = Mapping[str, object]

_LOST: Final = {
    "logo": N_("Images of sessions: %(count)s"),
    "attachments": N_("Attached files: %(count)s"),
    "recording_license": N_("Licences of recordings: %(count)s"),
    "do_not_record": N_("Requests not to record a session: %(count)s"),
    "do_not_stream": N_("Requests not to stream a session: %(count)s"),
    "video_download_url": N_("Addresses of recordings: %(count)s"),
    "feedback_url": N_("Addresses for feedback: %(count)s"),
    "url": N_("Addresses of the sessions’ pages in the other program: %(count)s"),
    "origin_url": N_("Addresses of the sessions’ pages in the other program: %(count)s"),
    "answers": N_("Sessions with answers to questions of the call for papers: %(count)s"),
}
"""The fields of an event that have no place here, by their names."""

_LOST_OF_PERSON: Final = {
    "avatar": N_("Pictures of speakers: %(count)s"),
    "contact": N_("E-mail addresses of speakers, which are never taken over: %(count)s"),
    "email": N_("E-mail addresses of speakers, which are never taken over: %(count)s"),
    "links": N_("Speakers with links of their own: %(count)s"),
    "answers": N_("Speakers with answers to questions of the call for papers: %(count)s"),
}
_NO_TRACK: Final = frozenset({"no track", "none", "-"})


@dataclass(slots=True)
class _Reading:
    """State of one reading: what was found so far. A file that `is_own` was exported by a portal like this one.

    `change` is the clock time before which an event belongs to the day before.
    """

    file: str
    is_own: bool = False
    change: timedelta = timedelta()
    lost: Remarks = field(default_factory=Remarks)
    assumed: Remarks = field(default_factory=Remarks)
    faults: Faults = field(default_factory=Faults)
    sessions: list[ImportedSession] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Place:
    """Place of an event in the file: its `path`, with the day and the name of the room that it is under."""

    path: str
    day: ImportedDay
    room: str


def read_schedule(conference: Fields, file: str) -> Programme:
    """Return the programme of `conference`, shaped as in schedule.json; its rooms may also be pairs of name and events.

    Raises `EventFileError` with every event whose date, time or length cannot be read.
    """
    meta = conference.get("meta")
    overlay = read_overlay(meta.get(OVERLAY) if isinstance(meta, Mapping) else None)
    reading = _Reading(file, overlay is not None, _change_of(_string(conference, "day_change")))
    days = [_read_day(reading, number, day) for number, day in enumerate(_list(conference, "days"), 1)]
    reading.faults.raise_any(file)
    return Programme(
        tuple(reading.sessions),
        _string(conference, "time_zone_name") or (overlay.zone if overlay else ""),
        tuple(day for day in days if day is not None),
        tuple(_rooms_of(conference)),
        distinct(line_of_text(_words(track, "name")) for track in _tables(conference, "tracks")),
        reading.lost.listed(),
        reading.assumed.listed(),
        overlay,
    )


def _rooms_of(conference: Fields) -> Iterator[ImportedRoom]:
    for room in _tables(conference, "rooms"):
        capacity = room.get("capacity")
        seats = capacity if isinstance(capacity, int) and not isinstance(capacity, bool) and capacity > 0 else None
        if name := line_of_text(_words(room, "name")):
            yield ImportedRoom(name, paragraphs_of(_words(room, "description"))[0], seats)


def _read_day(reading: _Reading, number: int, day: object) -> ImportedDay | None:
    path = f"days[{number}]"
    if not isinstance(day, Mapping):
        return None
    start, end = (_moment_or_none(_string(day, key)) for key in ("day_start", "day_end"))
    try:
        when = read_date(_string(day, "date") or _string(day, "day_start"))
    except ValueError:
        text = N_("“%(value)s” is not a date like %(example)s")
        reading.faults.add(path, "date", text, value=_string(day, "date"), example="2027-06-12")
        return None
    imported = ImportedDay(when, start, end)
    for room, events in _rooms_and_events(day):
        for place, event in enumerate(events, 1):
            if isinstance(event, Mapping):
                _read_event(reading, _Place(f"{path}.rooms[{room}][{place}]", imported, room), event)
    return imported


def _rooms_and_events(day: Fields) -> Iterator[tuple[str, list[object]]]:
    rooms = day.get("rooms")
    pairs = rooms.items() if isinstance(rooms, Mapping) else rooms if isinstance(rooms, list) else ()
    for pair in pairs:
        if isinstance(pair, tuple) and isinstance(pair[1], list):
            yield line_of_text(str(pair[0])), pair[1]


def _read_event(reading: _Reading, place: _Place, event: Fields) -> None:
    if len(reading.sessions) >= IMPORTED_SESSIONS:
        raise refuse(reading.file, N_("it has more than %(most)s sessions"), most=IMPORTED_SESSIONS)
    title = line_of_text(_string(event, "title"))
    times = _times(reading, place, event, title)
    if times is None:
        return
    _note_lost(reading.lost, {} if reading.is_own else _LOST, event, title)
    track = line_of_text(_words(event, "track"))
    reading.sessions.append(
        ImportedSession(
            title,
            *times,
            guid=_string(event, "guid") or _string(event, "id") or _string(event, "code"),
            day=place.day.date,
            kind=line_of_text(_words(event, "type")),
            subtitle=line_of_text(_string(event, "subtitle")),
            abstract=_paragraphs(reading, event, "abstract", title),
            description=_paragraphs(reading, event, "description", title),
            language=_string(event, "language"),
            rooms=distinct([line_of_text(_words(event, "room")) or place.room]),
            tracks=() if track.casefold() in _NO_TRACK else distinct([track]),
            persons=tuple(_persons(reading, event, title)),
            links=tuple(_links(event)),
            tags=distinct(line_of_text(tag) for tag in _list(event, "tags") if isinstance(tag, str)),
            cancelled=event.get("cancelled") is True or _string(event, "status").lower() in ("cancelled", "canceled"),
        )
    )


def _times(reading: _Reading, place: _Place, event: Fields, title: str) -> tuple[datetime, datetime] | None:
    """Return start and end of an event; None where it has none, or where they cannot be read."""
    found = dict.fromkeys(("date", "start", "end", "duration"), "")
    found = {name: _string(event, name) for name in found}
    if not found["date"] and not found["start"]:
        reading.lost.add(N_("Sessions without a date and a time: %(count)s"), title)
        return None
    try:
        key = "date" if found["date"] else "start"
        start = _start(found, place.day, reading.change)
        key = "duration"
        length = read_length(found["duration"]) if found["duration"] else timedelta()
        key = "end"
        if not length and found["end"]:
            length = read_moment(found["end"]) - start
        end = start + (length if length > timedelta() else timedelta(minutes=ASSUMED_SESSION_MINUTES))
    except (ValueError, TypeError, OverflowError):
        reading.faults.add(place.path, key, N_("“%(value)s” cannot be read"), title, value=found[key])
        return None
    if length <= timedelta():
        text = N_("Sessions without a length, taken as %(minutes)s minutes: %(count)s")
        reading.assumed.add(text, title, minutes=ASSUMED_SESSION_MINUTES)
    return start, end


def _start(found: Mapping[str, str], day: ImportedDay, change: timedelta) -> datetime:
    """Return the moment `date`; where that is a date without a time, `start` on it, in the offset of the day.

    An event without a date is on its day, after midnight where it would be before the day begins: before its start,
    or before the `change` of days where it has none.
    """
    if found["date"] and len(found["date"]) > len("2027-06-12"):
        return read_moment(found["date"])
    clock = read_time(found["start"])
    when = read_date(found["date"]) if found["date"] else day.date
    zone = day.start.tzinfo if day.start else None
    start = datetime.combine(when, datetime.min.time(), zone) + clock
    if not found["date"] and (clock < change if day.start is None else start < day.start):
        start += timedelta(days=1)
    return start


def _change_of(text: str) -> timedelta:
    """Return the clock time of the night at which the days change, midnight where `text` tells none."""
    try:
        change = read_time(text)
    except ValueError:
        return timedelta()
    return change if change < timedelta(hours=12) else timedelta()


def _persons(reading: _Reading, event: Fields, title: str) -> Iterator[ImportedPerson]:
    persons = event.get("persons")
    for person in persons if isinstance(persons, list) else ():
        if isinstance(person, str):
            person = {"name": person}
        if not isinstance(person, Mapping):
            continue
        name = next(filter(None, (line_of_text(_string(person, key)) for key in _NAMES)), "")
        _note_lost(reading.lost, _LOST_OF_PERSON, person, name or title)
        if name:
            yield ImportedPerson(name, _paragraphs(reading, person, "biography", title))


_NAMES: Final = ("public_name", "name", "full_public_name", "display_name")


def _links(event: Fields) -> Iterator[ImportedLink]:
    for link in _list(event, "links"):
        if isinstance(link, str):
            yield ImportedLink(link.strip())
        elif isinstance(link, Mapping) and (url := _string(link, "url") or _string(link, "href")):
            label = line_of_text(_words(link, "title"))
            yield ImportedLink(url, "" if label == url else label)


def _paragraphs(reading: _Reading, table: Fields, key: str, title: str) -> str:
    text, images = paragraphs_of(_words(table, key))
    if images:
        reading.lost.add(N_("Texts with images: %(count)s"), title)
    return text


def _note_lost(lost: Remarks, fields: Mapping[str, str], table: Fields, title: str) -> None:
    for text in distinct(text for key, text in fields.items() if _is_there(table.get(key))):
        lost.add(text, title)


def _is_there(value: object) -> bool:
    if isinstance(value, str):
        return value.strip().lower() not in ("", "none", "false", "no")
    if isinstance(value, list):
        return any(not isinstance(each, Mapping) or each.get("answer", True) for each in value)
    return bool(value)


def _moment_or_none(text: str) -> datetime | None:
    try:
        return read_moment(text)
    except ValueError:
        return None


def _list(table: Fields, key: str) -> list[object]:
    value = table.get(key)
    return value if isinstance(value, list) else []


def _tables(table: Fields, key: str) -> Iterator[Fields]:
    return (each for each in _list(table, key) if isinstance(each, Mapping))


def _string(table: Fields, key: str) -> str:
    """Return the value `key` as text; a number as its digits."""
    value = table.get(key)
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _words(table: Fields, key: str) -> str:
    """Return a text that may be a table of languages, or a table with a name: the first of its texts."""
    value = table.get(key)
    if isinstance(value, Mapping):
        texts = (value.get(name) for name in ("name", *value))
        return next((text.strip() for text in texts if isinstance(text, str) and text.strip()), "")
    return _string(table, key)
