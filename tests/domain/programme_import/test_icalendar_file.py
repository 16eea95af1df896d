"""Programmes of calendars, as Google, Outlook, Nextcloud, pretalx and pentabarf write them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from portal.domain.programme_import.file_format import read_programme
from portal.domain.programme_import.programme import ImportedLink, ImportedPerson, ImportedSession, Programme, Remark
from tests.factories.programmes import calendar_of, faults_in

PARIS: Final = ZoneInfo("Europe/Paris")
BASE: Final = "UID:1@lorem.example\nDTSTART;TZID=Europe/Paris:20270612T093000\nDTEND;TZID=Europe/Paris:20270612T101500"
START: Final = datetime(2027, 6, 12, 9, 30, tzinfo=PARIS)
ALPHA: Final = ImportedSession("Alpha", START, START + timedelta(minutes=45), guid="1@lorem.example")


def read(*entries: str, head: str = "PRODID:-//lorem//ipsum//FR") -> Programme:
    return read_programme(calendar_of(*entries, head=head).encode(), "lorem.ics")


def naive(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 6, day, hour, minute)  # noqa: DTZ001 -- by the clocks of the event


ENTRIES: Final = {
    "the plain properties": (
        f"{BASE}\nSUMMARY:Alpha\nLOCATION:Dolor\nDESCRIPTION:Un\\, deux\\n\\ntrois\nCATEGORIES:Gamma,Delta\n"
        "URL:https://lorem.example/1\nSTATUS:CANCELLED",
        replace(
            ALPHA,
            rooms=("Dolor",),
            description="Un, deux\n\ntrois",
            tracks=("Gamma", "Delta"),
            links=(ImportedLink("https://lorem.example/1"),),
            cancelled=True,
        ),
    ),
    "parameters of vCalendar": (
        f"{BASE}\nSUMMARY;CHARSET=UTF-8;ENCODING=8BIT:Alpha\nLOCATION;CHARSET=UTF-8;ENCODING=8BIT:Dolor",
        replace(ALPHA, rooms=("Dolor",)),
    ),
    "lines that are not folded": (
        f"{BASE}\nSUMMARY:Alpha\nDESCRIPTION:Un \n\\nDeux: trois\nquatre\n\\n  * cinq",
        replace(ALPHA, description="Un \nDeux: trois\nquatre\n  * cinq"),
    ),
    "a name that is folded": (f"{BASE}\nSUMM\n ARY:Al\n pha", ALPHA),
    "a speaker among the attendees of pentabarf": (
        f'{BASE}\nSUMMARY:Alpha\nATTENDEE;ROLE=REQ-PARTICIPANT;CUTYPE=INDIVIDUAL;CN="Ada Lorem":invalid:nomail',
        replace(ALPHA, persons=(ImportedPerson("Ada Lorem"),)),
    ),
    "a length in the place of an end": (
        "UID:1@lorem.example\nDTSTART;TZID=Europe/Paris:20270612T093000\nDURATION:PT45M\nSUMMARY:Alpha",
        ALPHA,
    ),
    "moments in UTC": (
        "UID:1@lorem.example\nDTSTART:20270612T073000Z\nDTEND:20270612T081500Z\nSUMMARY:Alpha",
        replace(ALPHA, start=datetime(2027, 6, 12, 7, 30, tzinfo=UTC), end=datetime(2027, 6, 12, 8, 15, tzinfo=UTC)),
    ),
    "a zone by the name that Windows has for it": (
        "UID:1@lorem.example\nDTSTART;TZID=Romance Standard Time:20270612T093000\n"
        "DTEND;TZID=Romance Standard Time:20270612T101500\nSUMMARY:Alpha",
        ALPHA,
    ),
    "one day": (
        "UID:1@lorem.example\nDTSTART;VALUE=DATE:20270612\nDTEND;VALUE=DATE:20270613\nSUMMARY:Alpha",
        replace(ALPHA, start=naive(12, 0), end=naive(13, 0), all_day=True),
    ),
    "several days": (
        "UID:1@lorem.example\nDTSTART;VALUE=DATE:20270612\nDTEND;VALUE=DATE:20270615\nSUMMARY:Alpha",
        replace(ALPHA, start=naive(12, 0), end=naive(15, 0), all_day=True),
    ),
    "no title": (BASE, replace(ALPHA, title="")),
}


@pytest.mark.parametrize(("entry", "expected"), ENTRIES.values(), ids=ENTRIES.keys())
def test_entry_is_read_as_programs_write_it(entry: str, expected: ImportedSession) -> None:
    assert read(entry).sessions == (expected,)


OF_PRETALX: Final = {
    "two speakers": ("Alpha - bêta - Ada Lorem\\, Bo", "Alpha - bêta", ("Ada Lorem", "Bo")),
    "no speaker": ("Alpha - ", "Alpha", ()),
    "no speaker, and a dash in the title": ("Alpha - bêta - ", "Alpha - bêta", ()),
    "a title alone": ("Alpha", "Alpha", ()),
}


@pytest.mark.parametrize(("summary", "title", "names"), OF_PRETALX.values(), ids=OF_PRETALX.keys())
def test_speakers_behind_a_title_of_pretalx_are_speakers(summary: str, title: str, names: tuple[str, ...]) -> None:
    found = read(f"{BASE}\nSUMMARY:{summary}", head="PRODID:-//pretalx//lorem.example//x")
    assert found.sessions == (replace(ALPHA, title=title, persons=tuple(map(ImportedPerson, names))),)


def test_nobody_is_taken_from_the_people_of_an_entry() -> None:
    people = "ORGANIZER;CN=Ada Lorem:mailto:ada@lorem.example\nATTENDEE;CN=Bo:mailto:bo@lorem.example"
    programme = read(f"{BASE}\nSUMMARY:Alpha\n{people}\nATTACH:https://lorem.example/a.pdf")
    assert programme.sessions == (ALPHA,)
    assert programme.lost == (
        Remark(
            "Entries with organisers or participants, whose names and addresses are never taken: %(count)s",
            1,
            ("Alpha",),
        ),
        Remark("Attached files: %(count)s", 1, ("Alpha",)),
    )


def test_private_entries_and_tasks_are_left_out_and_counted() -> None:
    task = "BEGIN:VTODO\r\nUID:t\r\nSUMMARY:Beta\r\nEND:VTODO\r\n"
    text = calendar_of(f"{BASE}\nSUMMARY:Secret\nCLASS:PRIVATE", f"{BASE}\nSUMMARY:Alpha")
    programme = read_programme(text.replace("END:VCALENDAR", f"{task}END:VCALENDAR").encode(), "lorem.ics")
    assert programme.sessions == (ALPHA,)
    assert programme.lost == (
        Remark("Tasks, notes and free times: %(count)s", 1),
        Remark("Entries that are marked as private: %(count)s", 1),
    )


def test_entry_for_the_whole_event_is_no_session() -> None:
    event = BASE.replace("20270612T093000", "20270612T080000").replace("20270612T101500", "20270614T180000")
    programme = read(f"{event}\nSUMMARY:Lorem 2027", f"{BASE}\nSUMMARY:Alpha", f"{BASE}\nSUMMARY:Alpha")
    assert programme.sessions == (ALPHA, ALPHA)
    assert programme.lost == (Remark("Entries for the whole event: %(count)s", 1, ("Lorem 2027",)),)


VENUES: Final = {
    "rooms of one venue": (
        ["A\\, House\\, 1 Street", "B\\, House\\, 1 Street", "House\\, 1 Street"],
        [("A",), ("B",), ()],
    ),
    "one location alone": (["A\\, House", "A\\, House"], [("A, House",), ("A, House",)]),
    "no common end": (["A\\, House", "B\\, Barn"], [("A, House",), ("B, Barn",)]),
    "an entry without a location": (["A\\, House", "B\\, House", ""], [("A",), ("B",), ()]),
}


@pytest.mark.parametrize(("locations", "rooms"), VENUES.values(), ids=VENUES.keys())
def test_venue_that_all_locations_name_is_no_room(locations: list[str], rooms: list[tuple[str, ...]]) -> None:
    programme = read(*(f"{BASE}\nSUMMARY:Alpha\nLOCATION:{location}" for location in locations))
    assert [session.rooms for session in programme.sessions] == rooms


def test_only_entry_that_leaves_free_and_has_all_others_in_it_is_no_session() -> None:
    event = BASE.replace("20270612T093000", "20270612T080000").replace("20270612T101500", "20270612T180000")
    whole = f"{event}\nSUMMARY:Lorem 2027\nTRANSP:TRANSPARENT".replace("1@", "event@")
    programme = read(whole, f"{BASE}\nSUMMARY:Alpha")
    assert programme.sessions == (ALPHA,)
    assert programme.lost == (Remark("Entries for the whole event: %(count)s", 1, ("Lorem 2027",)),)
    assert len(read(whole, f"{BASE}\nSUMMARY:Alpha\nTRANSP:TRANSPARENT").sessions) == 2


ZONES: Final = {
    "the zone of the calendar": ("PRODID:x\nX-WR-TIMEZONE:Europe/Berlin", BASE, "Europe/Berlin"),
    "the zone of the entries": ("PRODID:x", BASE, "Europe/Paris"),
    "none": ("PRODID:x", "UID:1\nDTSTART:20270612T073000Z\nDTEND:20270612T081500Z", ""),
}


@pytest.mark.parametrize(("head", "entry", "zone"), ZONES.values(), ids=ZONES.keys())
def test_zone_is_that_of_the_calendar_or_of_its_entries(head: str, entry: str, zone: str) -> None:
    assert read(f"{entry}\nSUMMARY:Alpha", head=head).zone == zone


def test_times_without_a_zone_are_those_of_the_event_and_named() -> None:
    programme = read("UID:1@lorem.example\nDTSTART:20270612T093000\nDTEND:20270612T093000\nSUMMARY:Alpha")
    assert programme.sessions == (replace(ALPHA, start=naive(12, 9, 30), end=naive(12, 10)),)
    assert programme.assumed == (
        Remark("Sessions without a time zone, taken by the clocks of the event: %(count)s", 1, ("Alpha",)),
        Remark("Sessions without a length, taken as %(minutes)s minutes: %(count)s", 1, ("Alpha",), (("minutes", 30),)),
    )


BAD: Final = {
    "a calendar without an end": ("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", [" : it has no session ()"]),
    "an entry without a start": (
        calendar_of("UID:1\nSUMMARY:Alpha"),
        ["VEVENT[1] DTSTART: the start is missing or cannot be read (Alpha)"],
    ),
    "a start that is none": (
        calendar_of(f"{BASE}\nSUMMARY:Alpha", "UID:2\nSUMMARY:Beta\nDTSTART:tomorrow"),
        ["VEVENT[2] DTSTART: the start is missing or cannot be read (Beta)"],
    ),
    "a start beyond all programmes": (
        calendar_of("UID:2\nSUMMARY:Beta\nDTSTART:99991231T235900"),
        ["VEVENT[1] DTSTART: the start is missing or cannot be read (Beta)"],
    ),
}


@pytest.mark.parametrize(("content", "expected"), BAD.values(), ids=BAD.keys())
def test_bad_calendar_is_refused_with_its_entries(content: str, expected: list[str]) -> None:
    assert faults_in(content, "lorem.ics") == expected
