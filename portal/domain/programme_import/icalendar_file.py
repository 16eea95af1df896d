"""Reader of calendars (iCalendar, RFC 5545), as lenient as the files of real programs need it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Final

from icalendar import Calendar, Component

from portal.domain.language import N_
from portal.domain.limits import ASSUMED_SESSION_MINUTES, IMPORTED_SESSIONS
from portal.domain.programme_import.calendar_repeats import moments_of
from portal.domain.programme_import.calendar_text import repaired
from portal.domain.programme_import.calendar_values import broken_names, date_of, string_of, value_of, values_of
from portal.domain.programme_import.programme import (
    Faults,
    ImportedLink,
    ImportedPerson,
    ImportedSession,
    Programme,
    Remarks,
    distinct,
    refuse,
)
from portal.domain.programme_import.texts import line_of_text, paragraphs_of

_NOT_SESSIONS: Final = ("VTODO", "VJOURNAL", "VFREEBUSY")
_LONGEST: Final = timedelta(days=366)
_PENTABARF_SPEAKER: Final = "invalid:nomail"
"""The address by which pentabarf marks a speaker among the attendees; all other attendees are private."""


def read_icalendar(text: str, file: str) -> Programme:
    """Return the programme of a calendar of `unfolded` lines, a session an event. Raises `EventFileError`."""
    try:
        calendars = Calendar.from_ical(repaired(text), multiple=True)
    # The library raises what the value of a property made it raise.
    except Exception as error:
        raise refuse(file, N_("it is not a calendar: %(reason)s"), reason=str(error)[:200]) from None
    events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    reading = _Reading(
        any(string_of(calendar, "PRODID").startswith("-//pretalx//") for calendar in calendars),
        {(string_of(event, "UID"), date_of(event, "RECURRENCE-ID")) for event in events},
        {string_of(event, "UID"): date_of(event, "DTSTART") for event in events if not event.get("RECURRENCE-ID")},
    )
    for calendar in calendars:
        for _ in (task for name in _NOT_SESSIONS for task in calendar.walk(name)):
            reading.lost.add(N_("Tasks, notes and free times: %(count)s"))
    for number, event in enumerate(events, 1):
        _read_event(reading, f"VEVENT[{number}]", event)
        if len(reading.sessions) > IMPORTED_SESSIONS:
            raise refuse(file, N_("it has more than %(most)s sessions"), most=IMPORTED_SESSIONS)
    reading.faults.raise_any(file)
    free = {string_of(event, "UID") for event in events if string_of(event, "TRANSP").upper() == "TRANSPARENT"}
    sessions = _without_place(list(_without_event(reading.sessions, free, reading.lost)), reading.assumed)
    zone = _zone_of(calendars, events)
    return Programme(tuple(sessions), zone, lost=reading.lost.listed(), assumed=reading.assumed.listed())


def _without_event(sessions: Sequence[ImportedSession], free: Set[str], lost: Remarks) -> Iterator[ImportedSession]:
    """Yield the sessions, without an entry that all others are in and that stands for the whole event.

    It is of several days, or the only one with an id in `free`, of those that leave their readers free (RFC 5545
    §3.8.2.7).
    """
    first = min((session.start.replace(tzinfo=None) for session in sessions), default=None)
    last = max((session.end.replace(tzinfo=None) for session in sessions), default=None)
    for session in sessions:
        is_long = len(sessions) > 2 and session.end - session.start > timedelta(days=1)
        is_free = len(sessions) > 1 and free == {session.guid}
        if (is_long or is_free) and (session.start.replace(tzinfo=None), session.end.replace(tzinfo=None)) == (
            first,
            last,
        ):
            lost.add(N_("Entries for the whole event: %(count)s"), session.title)
        else:
            yield session


def _without_place(sessions: list[ImportedSession], assumed: Remarks) -> list[ImportedSession]:
    """Return the sessions without the end that all their locations have in common, which is that of the venue.

    `Room A, Common House, 1 Lilac Street` is in the room `Room A`; the venue alone is no room.
    """
    parts = [room.split(", ") for session in sessions for room in session.rooms]
    columns = zip(*(each[::-1] for each in parts), strict=False)
    shared = [column[0] for column in takewhile(lambda column: len(set(column)) == 1, columns)]
    if not shared or len({tuple(each) for each in parts}) < 2:
        return sessions
    venue = ", ".join(reversed(shared))
    assumed.add(N_("The venue “%(venue)s”, which every location names, is in no name of a room"), venue=venue)
    return [
        replace(each, rooms=distinct(room.removesuffix(venue).removesuffix(", ") for room in each.rooms))
        for each in sessions
    ]


@dataclass(slots=True)
class _Reading:
    """State of one reading. `replaced` are the repetitions, by UID and date, that have an entry of their own.

    `firsts` are the starts of those that repeat, by UID.
    """

    is_of_pretalx: bool
    replaced: Set[tuple[str, date | None]]
    firsts: Mapping[str, date | None]
    lost: Remarks = field(default_factory=Remarks)
    assumed: Remarks = field(default_factory=Remarks)
    faults: Faults = field(default_factory=Faults)
    sessions: list[ImportedSession] = field(default_factory=list)


def _read_event(reading: _Reading, place: str, event: Component) -> None:
    title, start = line_of_text(string_of(event, "SUMMARY")), date_of(event, "DTSTART")
    if string_of(event, "CLASS").upper() in ("PRIVATE", "CONFIDENTIAL"):
        reading.lost.add(N_("Entries that are marked as private: %(count)s"))
    elif start is None:
        reading.faults.add(place, "DTSTART", N_("the start is missing or cannot be read"), title)
    else:
        _note_lost(reading.lost, event, title)
        reading.sessions.extend(_sessions(reading, event, start, title))


def _sessions(reading: _Reading, event: Component, first: date, title: str) -> Iterator[ImportedSession]:
    """Yield the session of an `event` that begins `first`, and its repetitions."""
    start, end, all_day = _times(event, first, title, reading.assumed)
    description, images = paragraphs_of(string_of(event, "DESCRIPTION"))
    if images:
        reading.lost.add(N_("Texts with images: %(count)s"), title)
    persons = list(_persons(event))
    if reading.is_of_pretalx and " - " in f"{title} ":
        title, _, names = f"{title} ".rpartition(" - ")
        persons = [ImportedPerson(name) for name in distinct(line_of_text(each) for each in names.split(","))]
    uid, url, recurrence = string_of(event, "UID"), string_of(event, "URL").strip(), date_of(event, "RECURRENCE-ID")
    for moment in moments_of(event, start, title, reading.lost):
        if recurrence is None and {(uid, moment), (uid, moment.date())} & reading.replaced:
            continue
        day = _repetition(moment, start) if recurrence is None else _repetition(recurrence, reading.firsts.get(uid))
        yield ImportedSession(
            title,
            moment,
            moment + (end - start),
            guid=f"{uid}#{day:%Y-%m-%d}" if uid and day else uid,
            description=description,
            rooms=distinct([line_of_text(string_of(event, "LOCATION"))]),
            tracks=distinct(_categories(event)),
            persons=tuple(persons),
            links=(ImportedLink(url),) if url else (),
            cancelled=string_of(event, "STATUS").upper() == "CANCELLED",
            all_day=all_day,
        )


def _repetition(moment: date, first: date | None) -> date | None:
    """Return the date of a repetition by the clocks of the `first`; None for that one itself."""
    if not (isinstance(moment, datetime) and isinstance(first, datetime)):
        return None if f"{moment}"[:10] == f"{first}"[:10] else moment
    if moment.tzinfo and first.tzinfo:
        moment = moment.astimezone(first.tzinfo)
    return None if moment == first else moment


def _times(event: Component, start: date, title: str, assumed: Remarks) -> tuple[datetime, datetime, bool]:
    """Return start and end of an event, and whether it is one of whole days."""
    end, length = date_of(event, "DTEND"), value_of(event, "DURATION")
    if not isinstance(start, datetime):
        first = _midnight(start)
        return first, max(_midnight(end or start), first + timedelta(days=1)), True
    if start.tzinfo is None:
        assumed.add(N_("Sessions without a time zone, taken by the clocks of the event: %(count)s"), title)
    length = max(timedelta(), min(length, _LONGEST)) if isinstance(length, timedelta) else timedelta()
    until = end if isinstance(end, datetime) else start + length
    if (until.tzinfo is None) != (start.tzinfo is None):
        until = until.replace(tzinfo=start.tzinfo)
    if until <= start:
        text = N_("Sessions without a length, taken as %(minutes)s minutes: %(count)s")
        assumed.add(text, title, minutes=ASSUMED_SESSION_MINUTES)
        until = start + timedelta(minutes=ASSUMED_SESSION_MINUTES)
    return start, until, False


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 -- by the clocks of the event


def _persons(event: Component) -> Iterator[ImportedPerson]:
    for attendee in values_of(event, "ATTENDEE"):
        name = line_of_text(str(getattr(attendee, "params", {}).get("CN", "")))
        if name and str(attendee).lower() == _PENTABARF_SPEAKER:
            yield ImportedPerson(name)


def _note_lost(lost: Remarks, event: Component, title: str) -> None:
    people = [each for name in ("ORGANIZER", "ATTENDEE", "CONTACT") for each in values_of(event, name)]
    if any(str(each).lower() != _PENTABARF_SPEAKER for each in people):
        lost.add(
            N_("Entries with organisers or participants, whose names and addresses are never taken: %(count)s"), title
        )
    for name in broken_names(event):
        lost.add(N_("Values that cannot be read: %(count)s"), f"{title} ({name})")
    if event.get("ATTACH") is not None or event.get("IMAGE") is not None:
        lost.add(N_("Attached files: %(count)s"), title)
    if event.get("CONFERENCE") is not None or event.get("X-GOOGLE-CONFERENCE") is not None:
        lost.add(N_("Addresses of video conferences: %(count)s"), title)


def _categories(event: Component) -> Iterator[str]:
    for categories in values_of(event, "CATEGORIES"):
        names = getattr(categories, "cats", [categories])
        yield from (line_of_text(str(name)) for name in names)


def _zone_of(calendars: list[Component], events: list[Component]) -> str:
    """Return the zone that the calendars name, or that of most starts; "" where these are in UTC or without a zone."""
    for calendar in calendars:
        if named := string_of(calendar, "X-WR-TIMEZONE"):
            return named.strip()
    starts = (date_of(event, "DTSTART") for event in events)
    names = Counter(str(getattr(start.tzinfo, "key", "")) for start in starts if isinstance(start, datetime))
    return next((name for name, _ in names.most_common() if name and name != "UTC"), "")
