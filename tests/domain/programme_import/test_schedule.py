"""Programmes of schedule.xml and schedule.json."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Final

import pytest

from portal.domain.programme_import.file_format import read_programme
from portal.domain.programme_import.programme import (
    ImportedDay,
    ImportedLink,
    ImportedPerson,
    ImportedRoom,
    ImportedSession,
    Programme,
    Remark,
)
from tests.factories.programmes import XML, event_of_json, faults_in, schedule_of_json

SUMMER: Final = timezone(timedelta(hours=2))
FIRST: Final = date(2027, 6, 12)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 6, day, hour, minute, tzinfo=SUMMER)


def read(content: bytes | str) -> Programme:
    return read_programme(content.encode() if isinstance(content, str) else content, "lorem")


WHOLE: Final = ImportedSession(
    "Alpha amet",
    at(12, 10),
    at(12, 10, 45),
    guid="0f6a2f3e-8d43-4b5a-9a53-0d5b8a3b1c01",
    day=FIRST,
    kind="lecture",
    subtitle="Sit beta",
    abstract="Consectetur.",
    description="Un **deux**",
    language="fr",
    rooms=("Salle Dolor",),
    tracks=("Gamma",),
    persons=(ImportedPerson("Ada Lorem"), ImportedPerson("Bo Ipsum")),
    links=(
        ImportedLink("https://lorem.example/a", "Notes"),
        ImportedLink("mailto:x@lorem.example", "Mail"),
    ),
)


def test_every_field_of_schedule_xml_is_read_or_named_as_lost() -> None:
    programme = read(XML)
    assert programme == Programme(
        sessions=(
            WHOLE,
            ImportedSession(
                "Nuit delta",
                at(13, 0, 30),
                at(13, 2, 30),
                guid="0f6a2f3e-8d43-4b5a-9a53-0d5b8a3b1c02",
                day=FIRST,
                kind="party",
                rooms=("Salle Dolor",),
            ),
            ImportedSession("Epsilon", at(13, 11), at(13, 12), guid="13", day=date(2027, 6, 13), rooms=("Salle Elit",)),
        ),
        zone="Europe/Paris",
        days=(ImportedDay(FIRST, at(12, 10), at(13, 3)), ImportedDay(date(2027, 6, 13), at(13, 10), at(13, 18))),
        lost=(
            Remark("Images of sessions: %(count)s", 1, ("Alpha amet",)),
            Remark("Attached files: %(count)s", 1, ("Alpha amet",)),
            Remark("Licences of recordings: %(count)s", 1, ("Alpha amet",)),
            Remark("Requests not to record a session: %(count)s", 1, ("Alpha amet",)),
            Remark("Addresses for feedback: %(count)s", 1, ("Alpha amet",)),
            Remark("Texts with images: %(count)s", 1, ("Alpha amet",)),
            Remark("E-mail addresses of speakers, which are never taken over: %(count)s", 1, ("Bo Ipsum",)),
        ),
    )


def test_every_field_of_schedule_json_is_read_or_named_as_lost() -> None:
    programme = read(schedule_of_json(event_of_json(logo="https://lorem.example/a.png", attachments=[{"url": "/a"}])))
    assert programme.sessions == (
        ImportedSession(
            "Alpha amet",
            at(12, 10),
            at(12, 10, 30),
            guid="5a1d3b52-26f0-4d0f-8a0a-3e6ad1f10001",
            day=FIRST,
            kind="Atelier",
            abstract="Consectetur.",
            language="fr",
            rooms=("Salle Dolor",),
            persons=(ImportedPerson("Ada Lorem", "Ada **ipsum**."),),
            links=(ImportedLink("https://lorem.example/a", "Notes"),),
        ),
    )
    assert programme.rooms == (ImportedRoom("Salle Dolor", "Au fond.", 80), ImportedRoom("Salle Vide"))
    assert (programme.tracks, programme.zone) == (("Gamma",), "Europe/Paris")
    assert [remark.text for remark in programme.lost] == [
        "Images of sessions: %(count)s",
        "Attached files: %(count)s",
        "Addresses for feedback: %(count)s",
        "Addresses of the sessions’ pages in the other program: %(count)s",
    ]


ONE: Final = read(schedule_of_json(event_of_json())).sessions[0]
KINDS: Final = {
    "a speaker of frab": ({"persons": [{"id": 7, "public_name": "Bo"}]}, {"persons": (ImportedPerson("Bo"),)}),
    "a speaker who is only a name": ({"persons": ["Bo"]}, {"persons": (ImportedPerson("Bo"),)}),
    "a speaker without a name": ({"persons": [{"id": 7, "public_name": None}]}, {"persons": ()}),
    "no list of speakers": ({"persons": None}, {"persons": ()}),
    "a track that is a table": ({"track": {"slug": "g", "name": "Gamma"}}, {"tracks": ("Gamma",)}),
    "a type in two languages": ({"type": {"en": "Talk", "fr": "Exposé"}}, {"kind": "Talk"}),
    "the track that wafer writes for none": ({"track": "No Track"}, {"tracks": ()}),
    "a number as id": ({"guid": None}, {"guid": "41"}),
    "a length in days": ({"duration": "1:02:30", "end": None}, {"end": at(13, 12, 30)}),
    "an end without a length": ({"duration": "", "end": "2027-06-12T11:15:00+02:00"}, {"end": at(12, 11, 15)}),
    "a start on the day of the list": (
        {"date": None, "start": "09:15"},
        {"start": at(12, 9, 15), "end": at(12, 9, 45)},
    ),
    "a start after midnight of the day": (
        {"date": None, "start": "01:15"},
        {"start": at(13, 1, 15), "end": at(13, 1, 45)},
    ),
    "a date without a time": ({"date": "2027-06-12", "start": "9:15"}, {"start": at(12, 9, 15), "end": at(12, 9, 45)}),
    "a link that is only an address": (
        {"links": ["https://lorem.example/b"]},
        {"links": (ImportedLink("https://lorem.example/b"),)},
    ),
    "tags": ({"tags": ["un", "deux", "un"]}, {"tags": ("un", "deux")}),
    "a session that is cancelled": ({"status": "canceled"}, {"cancelled": True}),
    "an invisible title": ({"title": "\u200b"}, {"title": ""}),
    "another room than that of the list": ({"room": "Salle Elit"}, {"rooms": ("Salle Elit",)}),
    "no room in the event": ({"room": None}, {"rooms": ("Salle Dolor",)}),
}


@pytest.mark.parametrize(("fields", "expected"), KINDS.values(), ids=KINDS.keys())
def test_field_is_read_as_the_programs_write_it(fields: dict[str, object], expected: dict[str, object]) -> None:
    read_session = read(schedule_of_json(event_of_json(**fields))).sessions[0]
    assert read_session == replace(ONE, **expected)  # type: ignore[arg-type]


def test_session_without_a_time_or_without_a_length_is_named() -> None:
    unplaced = event_of_json(title="Zeta", date=None, start=None)
    endless = event_of_json(title="Eta", duration="00:00", end=None)
    programme = read(schedule_of_json(unplaced, endless))
    assert [(session.title, session.end) for session in programme.sessions] == [("Eta", at(12, 10, 30))]
    assert Remark("Sessions without a date and a time: %(count)s", 1, ("Zeta",)) in programme.lost
    assumed = "Sessions without a length, taken as %(minutes)s minutes: %(count)s"
    assert programme.assumed == (Remark(assumed, 1, ("Eta",), (("minutes", 30),)),)


BAD: Final = {
    "an unfinished XML": (
        "<schedule>\n<conference>",
        [" : line 2, column 13: it is not well-formed XML (no element found) ()"],
    ),
    "another XML": ("<rss/>", [" : the outermost element is <rss>; that of a programme is <schedule> ()"]),
    "a declaration of entities": (
        '<!DOCTYPE s [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>\n<schedule>&c;</schedule>',
        [" : line 1: a document type (<!DOCTYPE …>) is not accepted: remove it ()"],
    ),
    "a file of the server by an entity": (
        '<?xml version="1.0"?>\n<!DOCTYPE s SYSTEM "file:///etc/hostname">\n<schedule/>',
        [" : line 2: a document type (<!DOCTYPE …>) is not accepted: remove it ()"],
    ),
    "an unknown encoding": (
        '<?xml version="1.0" encoding="lorem"?><schedule/>',
        [" : line 1: the encoding that it declares is not supported: use UTF-8 ()"],
    ),
    "XML that is nested deeply": (
        "<schedule>" * 100,
        [" : line 1: there are too many elements, or they are nested too deeply ()"],
    ),
    "a date that is none": (
        XML.replace("<date>2027-06-12T10:00", "<date>2027-06-31T10:00"),
        ["days[1].rooms[Salle Dolor][1] date: “2027-06-31T10:00:00+02:00” cannot be read (Alpha amet)"],
    ),
    "two times that are none": (
        XML.replace("<duration>00:45", "<duration>long").replace("<duration>02:00", "<duration>-1"),
        [
            "days[1].rooms[Salle Dolor][1] duration: “long” cannot be read (Alpha amet)",
            "days[1].rooms[Salle Dolor][2] duration: “-1” cannot be read (Nuit delta)",
        ],
    ),
    "a day without a date": (
        XML.replace("date='2027-06-13' start='2027-06-13T10:00:00+02:00'", ""),
        ["days[2] date: “” is not a date like 2027-06-12 ()"],
    ),
    "a programme without a session": ("<schedule><day date='2027-06-12'/></schedule>", [" : it has no session ()"]),
    "unfinished JSON": ('{\n"schedule": ', [" : line 2, column 13: it is not JSON ()"]),
    "another JSON": ('{"items": []}', [" : it has no list “schedule.conference.days” ()"]),
    "JSON that is nested deeply": ('{"a":' * 100_000, [" : it is not JSON: a value is too deep or too long ()"]),
    "nothing": ("", [" : it is empty ()"]),
    "a spreadsheet": ("PK\x03\x04lorem", [" : it is a spreadsheet: save it as CSV, and import that ()"]),
    "a poem": (
        "Lorem ipsum\ndolor sit\n",
        [" : it is none of schedule.xml, schedule.json, CSV, iCalendar and TOML ()"],
    ),
}


@pytest.mark.parametrize(("content", "expected"), BAD.values(), ids=BAD.keys())
def test_bad_file_is_refused_with_the_place_of_its_fault(content: str, expected: list[str]) -> None:
    assert faults_in(content) == expected


def test_file_in_utf_16_and_in_windows_1252_is_read() -> None:
    text = json.dumps(json.loads(schedule_of_json(event_of_json(title="Été"))), ensure_ascii=False)
    assert read(text.encode("utf-16")).sessions[0].title == "Été"
    programme = read(text.encode("cp1252"))
    assert programme.sessions[0].title == "Été"
    assert programme.assumed == (Remark("The file is not UTF-8; it was read as Windows-1252", 1),)


CHANGES_OF_DAYS: Final = {
    "after four": ("04:00", [(12, 23), (13, 0), (12, 4)]),
    "with seconds": ("04:00:00", [(12, 23), (13, 0), (12, 4)]),
    "at midnight": ("00:00", [(12, 23), (12, 0), (12, 4)]),
    "in the evening": ("20:00", [(12, 23), (12, 0), (12, 4)]),
    "no clock time": ("x", [(12, 23), (12, 0), (12, 4)]),
}


@pytest.mark.parametrize(("change", "starts"), CHANGES_OF_DAYS.values(), ids=CHANGES_OF_DAYS.keys())
def test_event_without_a_date_is_after_midnight_until_the_days_change(
    change: str, starts: list[tuple[int, int]]
) -> None:
    events = "".join(
        f"<event id='{clock}'><start>{clock}</start><duration>01:00</duration><title>Alpha</title></event>"
        for clock in ("23:30", "00:30", "04:00")
    )
    programme = read(
        f"<schedule><conference><day_change>{change}</day_change></conference>"
        f"<day date='2027-06-12' index='1'><room name='Dolor'>{events}</room></day></schedule>"
    )
    assert [(each.start.day, each.start.hour) for each in programme.sessions] == starts


HALVES: Final = {
    "a title": ({"title": "Alpha\ud800 \U0001f600"}, "title", "Alpha? \U0001f600"),
    "an address": (
        {"links": [{"url": "https://lorem.example/\udc00"}]},
        "links",
        (ImportedLink("https://lorem.example/?"),),
    ),
    "an id": ({"guid": "a\ud83d"}, "guid", "a?"),
}


@pytest.mark.parametrize(("fields", "name", "expected"), HALVES.values(), ids=HALVES.keys())
def test_half_of_a_surrogate_pair_is_a_question_mark(fields: dict[str, object], name: str, expected: object) -> None:
    (session,) = read(schedule_of_json(event_of_json(**fields))).sessions
    assert getattr(session, name) == expected


def test_half_of_a_surrogate_pair_in_a_date_is_a_fault_and_in_a_zone_unknown() -> None:
    assert faults_in(schedule_of_json(event_of_json(date="2027\ud800", start="")).decode()) == [
        "days[1].rooms[Salle Dolor][1] date: “2027?” cannot be read (Alpha amet)"
    ]
    content = schedule_of_json(event_of_json()).replace(b"Europe/Paris", b"Europe\\ud800")
    assert read(content).zone == "Europe?"
