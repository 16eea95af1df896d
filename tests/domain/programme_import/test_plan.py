"""Plan of an import: days, rooms, sessions, and what it says."""

from dataclasses import replace
from datetime import date, time
from typing import Final

import pytest

from portal.domain.event.event import Day, Link, Room, Session, SessionKind, Speaker, Theme
from portal.domain.event.event_file import problems_of
from portal.domain.language import Text
from portal.domain.programme_import.file_format import read_programme
from portal.domain.programme_import.plan import plan_import
from tests.factories.import_plans import EMPTY, FIRST, FRENCH, plan_of, remarks, table
from tests.factories.programmes import XML, event_of_json, schedule_of_json
from tests.factories.sample import EVENT

ALPHA: Final = Session(
    "alpha-amet",
    SessionKind.TALK,
    Text(fr="Alpha amet"),
    Text(fr="Consectetur."),
    time(10),
    time(10, 45),
    rooms=("salle-dolor",),
    themes=("gamma",),
    speakers=("Ada Lorem", "Bo Ipsum"),
    subtitle=Text(fr="Sit beta"),
    description=Text(fr="Un **deux**"),
    language="fr",
    links=(Link("https://lorem.example/a", "Notes"),),
    guid="0f6a2f3e-8d43-4b5a-9a53-0d5b8a3b1c01",
)


def test_programme_becomes_the_event() -> None:
    plan = plan_of(XML)
    night = Session(
        "nuit-delta",
        "party",
        Text(fr="Nuit delta"),
        Text(),
        time(0, 30),
        time(2, 30),
        rooms=("salle-dolor",),
        guid="0f6a2f3e-8d43-4b5a-9a53-0d5b8a3b1c02",
    )
    second = Session(
        "epsilon",
        SessionKind.TALK,
        Text(fr="Epsilon"),
        Text(),
        time(11),
        time(12),
        rooms=("salle-elit",),
        day=2,
        guid="13",
    )
    assert plan.event == replace(
        EMPTY,
        zone="Europe/Paris",
        days=(Day(FIRST, time(10), time(3)), Day(date(2027, 6, 13), time(10), time(18))),
        themes=(Theme("gamma", Text(fr="Gamma"), Text()),),
        rooms=(
            Room("salle-dolor", Text(fr="Salle Dolor"), Text()),
            Room("salle-elit", Text(fr="Salle Elit"), Text()),
        ),
        sessions=(ALPHA, night, second),
    )
    assert (plan.added, plan.changed, plan.unchanged, plan.gone) == (3, 0, 0, ())
    assert [remark.text for remark in plan.lost][-1] == "Links that are not addresses of the web: %(count)s"
    assert remarks(plan) == ["The event takes the time zone of the file, Europe/Paris"]
    assert problems_of(plan.event) == ()


def test_second_import_of_the_same_file_changes_nothing() -> None:
    once = plan_of(XML).event
    again = plan_of(XML, once)
    assert (again.event, again.added, again.changed, again.unchanged) == (once, 0, 0, 3)


def test_second_import_updates_by_the_id_of_the_source_and_keeps_what_is_ours() -> None:
    once = plan_of(XML).event
    ours = replace(
        ALPHA, title=Text("Alpha amet", "Alpha in English"), shares_room=True, abstract=Text("Ancien", "Old")
    )
    edited = replace(once, sessions=(ours, *once.sessions[1:]))
    moved = XML.replace("Alpha amet", "Alpha bis").replace("T10:00:00+02:00</date>", "T10:30:00+02:00</date>")
    plan = plan_of(moved, edited)
    assert plan.event.sessions[0] == replace(
        ours,
        title=Text("Alpha bis", "Alpha in English"),
        abstract=Text("Consectetur.", "Old"),
        start=time(10, 30),
        end=time(11, 15),
    )
    assert (plan.added, plan.changed, plan.unchanged) == (0, 1, 2)


def test_session_that_is_no_longer_in_the_file_stays_or_is_cancelled() -> None:
    once = plan_of(schedule_of_json(event_of_json(), event_of_json(guid="b", title="Beta", start="12:00"))).event
    by_hand = replace(EVENT.sessions[0], id="a-la-main")
    edited = replace(once, sessions=(*once.sessions, by_hand))
    left = plan_of(schedule_of_json(event_of_json()), edited)
    assert (left.gone, left.event.sessions) == ((Text(fr="Beta"),), edited.sessions)
    cancelled = plan_of(schedule_of_json(event_of_json()), edited, replace(FRENCH, cancels_gone=True))
    assert [(each.id, each.cancelled) for each in cancelled.event.sessions] == [
        ("alpha-amet", False),
        ("beta", True),
        ("a-la-main", False),
    ]


def test_session_without_an_id_is_found_by_title_and_time() -> None:
    rows = [
        ",Pause,2027-06-12,10:00,10:15,,,,",
        ",Pause,2027-06-12,16:00,16:15,,,,",
        ",Alpha,2027-06-12,11:00,12:00,,,,",
    ]
    once = plan_of(table(*rows)).event
    assert [(each.id, each.kind) for each in once.sessions] == [
        ("pause", "break"),
        ("alpha", "talk"),
        ("pause-2", "break"),
    ]
    assert plan_of(table(*reversed(rows)), once).event == once
    moved = plan_of(table(*rows[:2], ",Alpha,2027-06-12,13:00,14:00,,,,"), once)
    assert (moved.added, moved.changed, moved.event.sessions[1].start) == (0, 1, time(13))


def test_rooms_and_themes_are_found_by_their_names() -> None:
    plan = plan_of(table("1,Alpha,2026-12-15,12:00,12:30, GRANDE  salle ;Small Room;Neuve,free software,,"), EVENT)
    assert plan.event.sessions[-1].rooms == ("grande", "petite", "neuve")
    assert plan.event.rooms == (*EVENT.rooms, Room("neuve", Text(fr="Neuve"), Text()))
    assert (plan.event.sessions[-1].themes, plan.event.themes) == (("libre",), EVENT.themes)


LONG: Final = "mot " * 74
CUT: Final = f"{LONG.rstrip()}…"


def test_names_that_are_cut_are_found_again_and_those_cut_alike_are_one() -> None:
    content = schedule_of_json(
        event_of_json(room=f"{LONG}aaaaaaaa", track=f"{LONG}aaaaaaaa"),
        event_of_json(guid="b", title="Beta", date="2027-06-12T12:00:00+02:00", room=f"{LONG}bbbbbbbb"),
    )
    once = plan_of(content).event
    assert ([room.name["fr"] for room in once.rooms], [theme.name["fr"] for theme in once.themes]) == ([CUT], [CUT])
    again = plan_of(content, once)
    assert (again.event, again.changed, problems_of(once)) == (once, 0, ())


def test_speaker_whose_name_is_cut_keeps_the_text_about_them() -> None:
    person = {"name": f"{LONG}aaaaaaaa", "biography": "Ada."}
    event = plan_of(schedule_of_json(event_of_json(persons=[person]))).event
    assert ([each.speakers for each in event.sessions], [each.name for each in event.speakers]) == ([(CUT,)], [CUT])
    assert problems_of(event) == ()


def test_facts_of_rooms_and_speakers_are_filled_in() -> None:
    plan = plan_of(schedule_of_json(event_of_json()))
    assert plan.event.rooms == (Room("salle-dolor", Text(fr="Salle Dolor"), Text(fr="Au fond."), capacity=80),)
    assert plan.event.speakers == (Speaker("ada-lorem", "Ada Lorem", Text(fr="Ada **ipsum**.")),)


def test_sessions_that_clash_in_the_source_share_their_room() -> None:
    plan = plan_of(
        table("1,A,2027-06-12,10:00,12:00,X,,,", "2,B,2027-06-12,11:00,12:00,X,,,", "3,C,2027-06-12,12:00,13:00,X,,,")
    )
    assert [each.shares_room for each in plan.event.sessions] == [False, True, False]
    assert remarks(plan) == ["Sessions at the same time as another in one room, marked as sharing it: 1 B"]
    assert problems_of(plan.event) == ()


def test_what_is_too_long_is_cut_and_named() -> None:
    people = [f"Personne {number}" for number in range(60)]
    content = schedule_of_json(event_of_json(title="mot " * 200, abstract="mot " * 5_000, persons=people))
    session, lost = plan_of(content).event.sessions[0], [each.text for each in plan_of(content).lost]
    assert (len(session.title["fr"]), len(session.abstract["fr"]), len(session.speakers)) == (296, 7_996, 50)
    assert lost[-3:] == [
        "Texts of more than %(most)s characters, cut: %(count)s",
        "Texts of more than %(most)s characters, cut: %(count)s",
        "Sessions with more than %(most)s speakers, without the others: %(count)s",
    ]


KINDS: Final = {
    "Lecture": "talk",
    "Atelier": "workshop",
    "Déjeuner": "break",
    "Talk 30 min + 10min Q&A": "Talk 30 min + 10min Q&A",
    "": "talk",
}


@pytest.mark.parametrize(("named", "kind"), KINDS.items())
def test_type_is_one_of_ours_or_any_text(named: str, kind: str) -> None:
    assert plan_of(schedule_of_json(event_of_json(type=named))).event.sessions[0].kind == kind


LANGUAGES: Final = {"en": "en", "pt_BR": "pt-BR", "Français": "fr", "": None, "de, en": "de", "??": None}


@pytest.mark.parametrize(("named", "tag"), LANGUAGES.items())
def test_language_of_a_session_is_a_tag(named: str, tag: str | None) -> None:
    assert plan_of(schedule_of_json(event_of_json(language=named))).event.sessions[0].language == tag


def test_session_without_a_title_gets_one_and_ids_are_never_used_again() -> None:
    programme = read_programme(schedule_of_json(event_of_json(title="\u200b"), event_of_json(guid="b")), "lorem")
    plan = plan_import(EMPTY, programme, FRENCH, taken={"alpha-amet"})
    assert [(each.id, each.title["fr"]) for each in plan.event.sessions] == [
        ("sans-titre", "Sans titre"),
        ("alpha-amet-2", "Alpha amet"),
    ]


def test_id_that_sessions_of_several_titles_have_is_none() -> None:
    content = schedule_of_json(event_of_json(), event_of_json(title="Bêta"))
    once = plan_of(content)
    assert [(each.id, each.guid) for each in once.event.sessions] == [("alpha-amet", None), ("beta", None)]
    assert remarks(once)[1] == "Sessions with an id that other sessions have too, found again by their titles: 2"
    assert plan_of(content, once.event).event == once.event


def test_talk_that_is_held_twice_is_two_sessions() -> None:
    later = {"date": "2027-06-12T15:00:00+02:00", "end": "2027-06-12T15:30:00+02:00"}
    content = schedule_of_json(event_of_json(), event_of_json(**later))
    once = plan_of(content)
    guid = str(event_of_json()["guid"])
    assert [(each.id, each.guid) for each in once.event.sessions] == [
        ("alpha-amet", guid),
        ("alpha-amet-2", f"{guid}#2"),
    ]
    assert plan_of(content, once.event).event == once.event
