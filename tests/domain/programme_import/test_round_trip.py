"""Programmes exported by a portal and imported into another, and back into the same one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Final

import pytest

from portal.domain.edition.edition import Addresses, Edition
from portal.domain.event.event import Day, Event, Link, Room, Session, Speaker
from portal.domain.event.event_file import problems_of
from portal.domain.event.exported_ids import session_guids
from portal.domain.language import Text
from portal.domain.programme_import.file_format import read_programme
from portal.domain.programme_import.plan import Plan, plan_import
from portal.domain.programme_import.session_plan import Choices
from portal.site.schedule_files import schedule_json, schedule_xml
from tests.factories.sample import EVENT

DAYS: Final = (
    Day(date(2027, 6, 12), time(10), time(2)),
    Day(date(2027, 6, 13), time(9), time(18)),
    Day(date(2027, 6, 14), time(0), time(0)),
)
SESSIONS: Final = (
    Session(
        "un",
        "Déjeuner",
        Text("Un", "One"),
        Text("Chapeau", "Head"),
        time(10),
        time(11),
        rooms=("grande", "petite"),
        themes=("libre", "travail"),
        speakers=("Ada Lorem", "Bo Ipsum"),
        subtitle=Text("Sous-titre", "Subtitle"),
        description=Text("**Gras**\n\n* un", "Bold"),
        language="pt-BR",
        links=(Link("https://lorem.example/"), Link("https://lorem.example/b", "B")),
        tags=("x", "y"),
    ),
    Session("nuit", "talk", Text("Nuit"), Text(), time(0, 30), time(1, 30), rooms=("grande",), cancelled=True),
    Session(
        "affiches",
        "poster",
        Text("Affiches", "Posters"),
        Text(),
        time(10),
        time(12),
        rooms=("grande",),
        day=2,
        shares_room=True,
        guid="1@lorem.example",
    ),
    Session("autre", "talk", Text("Autre", "Other"), Text(), time(10), time(12), rooms=("grande",), day=2),
    Session("partout", "talk", Text("Partout", "All over"), Text(), time(12), time(13), day=2, everywhere=True),
    Session("pause", "break", Text("Pause", "Break"), Text(), time(13), time(14), day=2),
    Session("inconnu", "workshop", Text("Inconnu", "Unknown"), Text(), time(14), time(15), day=2),
    Session("anglais", "talk", Text("", "English alone"), Text(), time(15), time(16), rooms=("petite",), day=2),
)
FULL: Final = replace(
    EVENT,
    uid="f3a1",
    zone="America/Argentina/Ushuaia",
    days=DAYS,
    rooms=(*EVENT.rooms, Room("vide", Text("Vide", "Empty"), Text(), 9, Text("Rampe", "Ramp"))),
    speakers=(Speaker("ada", "Ada Lorem", Text("Ada.", "She.")), Speaker("seule", "Cy Seule", Text("Seule."))),
    sessions=SESSIONS,
)
ELSEWHERE: Final = replace(EVENT, uid="b2c4", zone="Europe/Paris", sessions=(), rooms=(), themes=(), speakers=())
WRITERS: Final = {"schedule.json": schedule_json, "schedule.xml": schedule_xml}
Writer = Callable[[Edition], bytes]


def imported(write: Writer, event: Event, into: Event) -> Plan:
    edition = Edition(1, datetime(2027, 1, 1, tzinfo=UTC), "", Addresses("https://event.example"), event)
    return plan_import(into, read_programme(write(edition), "x"), Choices("fr", "Sans titre"))


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS.keys())
def test_another_portal_takes_the_exported_programme_whole(write: Writer) -> None:
    plan = imported(write, FULL, ELSEWHERE)
    guids = session_guids(FULL)
    sessions = tuple(replace(each, guid=each.guid or guids[each.id]) for each in FULL.sessions)
    assert {each.id: each for each in plan.event.sessions} == {each.id: each for each in sessions}
    assert replace(plan.event, sessions=FULL.sessions) == replace(FULL, uid="b2c4")
    assert (plan.lost, problems_of(plan.event)) == ((), ())
    assert imported(write, FULL, plan.event).event == plan.event


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS.keys())
def test_same_portal_finds_nothing_new_in_its_own_export(write: Writer) -> None:
    plan = imported(write, FULL, FULL)
    assert (plan.event, plan.added, plan.changed, plan.gone) == (FULL, 0, 0, ())


@pytest.mark.parametrize("words", ["Un\n\n* deux\n", " Un ", "Un \n deux\t"], ids=["a line end", "spaces", "both"])
@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS.keys())
def test_same_portal_keeps_the_ends_of_its_own_texts(write: Writer, words: str) -> None:
    text = Text(words, words)
    ours = replace(
        FULL,
        sessions=tuple(replace(each, abstract=text, description=text) for each in FULL.sessions),
        speakers=(Speaker("ada", "Ada Lorem", text),),
    )
    plan = imported(write, ours, ours)
    assert (plan.event, plan.added, plan.changed, plan.gone) == (ours, 0, 0, ())
