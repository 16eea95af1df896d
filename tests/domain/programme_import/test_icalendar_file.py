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


def test_speakers_behind_a_title_of_pretalx_are_speakers() -> None:
    found = read(f"{BASE}\nSUMMARY:Alpha - bêta - Ada Lorem\\, Bo", head="PRODID:-//pretalx//lorem.example//x")
    assert found.sessions == (
        replace(ALPHA, title="Alpha - bêta", persons=(ImportedPerson("Ada Lorem"), ImportedPerson("Bo"))),
    )


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


REPEATS: Final = {
    "three days": ("RRULE:FREQ=DAILY;COUNT=3", [12, 13, 14]),
    "until a moment in UTC": ("RRULE:FREQ=DAILY;UNTIL=20270614T073000Z", [12, 13, 14]),
    "a date left out": ("RRULE:FREQ=DAILY;COUNT=3\nEXDATE;TZID=Europe/Paris:20270613T093000", [12, 14]),
    "further dates": ("RDATE;TZID=Europe/Paris:20270613T093000,20270615T093000", [12, 13, 15]),
    "certain days of the week": ("RRULE:FREQ=WEEKLY;COUNT=3;BYDAY=SA,SU,MO", [12, 13, 14]),
}


@pytest.mark.parametrize(("rule", "days"), REPEATS.values(), ids=REPEATS.keys())
def test_repeated_entry_is_a_session_on_each_of_its_dates(rule: str, days: list[int]) -> None:
    found = read(f"{BASE}\nSUMMARY:Alpha\n{rule}").sessions
    assert [session.start for session in found] == [START.replace(day=day) for day in days]
    ids = [session.guid for session in found]
    assert ids == ["1@lorem.example", *(f"1@lorem.example#2027-06-{day}" for day in days[1:])]


def test_repetition_with_an_entry_of_its_own_is_read_once() -> None:
    moved = BASE.replace("T093000", "T110000").replace("T101500", "T114500").replace("0612", "0613")
    recurrence = "RECURRENCE-ID;TZID=Europe/Paris:20270613T093000"
    found = read(f"{BASE}\nSUMMARY:Alpha\nRRULE:FREQ=DAILY;COUNT=3", f"{moved}\n{recurrence}\nSUMMARY:Alpha").sessions
    assert sorted((session.start.day, session.start.hour, session.guid) for session in found) == [
        (12, 9, "1@lorem.example"),
        (13, 11, "1@lorem.example#2027-06-13"),
        (14, 9, "1@lorem.example#2027-06-14"),
    ]


BEYOND: Final = {
    "a date left out in the year 1": ("EXDATE:00010101T000000Z", [12], ["Alpha (EXDATE)"]),
    "a further date in the year 9999": ("RDATE:99991231T235959Z", [12], ["Alpha (RDATE)"]),
    "a further date without a time": ("RDATE;VALUE=DATE:99991231,20270613,30101231", [12, 13], ["Alpha (RDATE)"]),
}


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize(("line", "days", "named"), BEYOND.values(), ids=BEYOND.keys())
def test_repetition_beyond_all_programmes_is_left_out_and_named(
    zone: str, line: str, days: list[int], named: list[str]
) -> None:
    programme = read(f"{BASE.replace('Europe/Paris', zone)}\nSUMMARY:Alpha\n{line}")
    assert [session.start.day for session in programme.sessions] == days
    assert [remark.names for remark in programme.lost] == [tuple(named)]


LENGTHS: Final = {
    "P99999999D": timedelta(days=366),
    "-P99999999D": timedelta(minutes=30),
    "P1DT1H": timedelta(hours=25),
}


@pytest.mark.parametrize(("length", "expected"), LENGTHS.items())
def test_length_is_bounded(length: str, expected: timedelta) -> None:
    (session,) = read(f"UID:1\nDTSTART:20270612T073000Z\nDURATION:{length}\nSUMMARY:Alpha").sessions
    assert session.end - session.start == expected


TOO_MANY: Final = "Entries that repeat more than %(most)s times, without the later ones: %(count)s"
NOT_UNDERSTOOD: Final = "Entries whose repetition is not understood; only the first date was taken: %(count)s"
ENDLESS: Final = {
    "for ever": ("FREQ=DAILY", 61, [TOO_MANY]),
    "by the second": ("FREQ=SECONDLY", 1, [NOT_UNDERSTOOD]),
    "by months": ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", 1, [NOT_UNDERSTOOD]),
    "by an interval of nothing": ("FREQ=DAILY;INTERVAL=0", 1, [NOT_UNDERSTOOD]),
    "on no date at all": ("FREQ=DAILY;INTERVAL=7;BYDAY=MO", 1, []),
}


@pytest.mark.parametrize(("rule", "count", "text"), ENDLESS.values(), ids=ENDLESS.keys())
def test_repetition_without_an_end_is_bounded(rule: str, count: int, text: list[str]) -> None:
    programme = read(f"{BASE}\nSUMMARY:Alpha\nRRULE:{rule}")
    assert (len(programme.sessions), [each.text for each in programme.lost]) == (count, text)


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
