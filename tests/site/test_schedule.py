"""The schedule for conference apps: whole documents in both formats, and what holds for every event."""

import json
import re
from dataclasses import replace
from datetime import date, time, timedelta
from itertools import chain
from typing import Any, Final
from xml.etree import ElementTree

import pytest
from hypothesis import given

from portal.domain.event.days import session_span
from portal.domain.event.event import Day, Event, Link, Room, Session, Speaker
from portal.domain.language import Text
from portal.site.files import JSON
from portal.site.render import render
from portal.site.schedule_files import XML, schedule_json, schedule_xml
from tests.checkout import ROOT
from tests.factories.events import events
from tests.factories.sample import EVENT, edition

DAY: Final = replace(
    EVENT, uid="0b5c21f4", themes=EVENT.themes[:1], rooms=EVENT.rooms[:1], sessions=EVENT.sessions[1:4:2]
)
"""An event of one day: a talk in a room, and a meal, which concerns every room."""
NIGHT: Final = replace(
    EVENT,
    id="ag",
    uid="77aa0c31",
    zone="Etc/GMT+3",
    days=(Day(date(2027, 12, 31), time(20), time(4)), Day(date(2028, 1, 1), time(14), time(15))),
    rooms=(Room("a", Text("Cour", "Yard"), Text("", ""), 120, Text("Rampe.", "Ramp.")), EVENT.rooms[1]),
    speakers=(Speaker("ada", "Ada", Text("Elle écrit.", "She writes.")),),
    sessions=(
        Session(
            "bal",
            "Soirée dansante",
            Text("Bal > fanfare ?>", "Ball"),
            Text("Après [l’accueil](session:lettre).", ""),
            time(0, 30),
            time(2),
            ("a", "petite"),
            ("travail", "libre"),
            ("Ada", "Le collectif"),
            subtitle=Text("", "Only in English"),
            language="pt-BR",
            links=(Link("https://bal.example/"), Link("https://bal.example/été", "Photos")),
            tags=("danse",),
            guid="0A7E9D1C-3B1B-4B7E-9E57-0E0B7A9C1D2E",
        ),
        Session("lettre", "talk", Text("Lettre"), Text(), time(14), time(14, 5), day=2, cancelled=True),
        Session("x", "stands", Text("Stands"), Text(), time(14), time(15), ("a",), day=2, shares_room=True, guid="7@b"),
    ),
)
"""An event without an address, of a night and an afternoon, with whatever a schedule has no place for."""

FILES: Final = ROOT / "tests" / "fixtures" / "schedules"
"""The expected documents: those in XML with an end of line after each element and without the overlay."""

INSTRUCTION: Final = "portal-programme "


def overlay_in(root: ElementTree.Element) -> dict[str, Any]:
    """Return what the processing instruction at the end of a document holds."""
    text = root[-1].text or ""
    assert text.startswith(INSTRUCTION)
    overlay: dict[str, Any] = json.loads(text.removeprefix(INSTRUCTION))
    return overlay


def read_xml(event: Event, clearnet: str | None = None) -> ElementTree.Element:
    parser = ElementTree.XMLParser(target=ElementTree.TreeBuilder(insert_pis=True))
    return ElementTree.fromstring(schedule_xml(edition(event, clearnet, None)), parser)


def read_json(event: Event, clearnet: str | None = None) -> dict[str, Any]:
    conference: dict[str, Any] = json.loads(schedule_json(edition(event, clearnet, None)))["schedule"]["conference"]
    return conference


def canonical(document: str) -> str:
    """Return a document without its instruction and the spaces between its elements."""
    return str(ElementTree.canonicalize(re.sub(r"<\?portal.*\?>", "", document), strip_text=True))


@pytest.mark.parametrize(
    ("event", "clearnet", "name"), [(DAY, "https://event.example", "day.xml"), (NIGHT, None, "night.xml")]
)
def test_xml_is_this_document(event: Event, clearnet: str | None, name: str) -> None:
    content = schedule_xml(edition(event, clearnet, None)).decode()
    assert content.startswith("<?xml version='1.0' encoding='utf-8'?>\n")
    assert canonical(content) == canonical((FILES / name).read_text("utf-8"))


def test_json_is_this_document() -> None:
    content = json.loads(schedule_json(edition(DAY)))
    del content["schedule"]["conference"]["meta"]
    assert content == json.loads((FILES / "day.json").read_text("utf-8"))


def test_what_a_schedule_has_no_place_for_is_the_same_in_both() -> None:
    expected = json.loads((FILES / "night-overlay.json").read_text("utf-8"))
    assert overlay_in(read_xml(NIGHT)) == read_json(NIGHT)["meta"]["portal"] == expected


def test_texts_lead_to_the_site_once_it_has_an_address() -> None:
    conference = read_json(NIGHT, "https://event.example")
    (session,) = conference["days"][0]["rooms"]["Cour + Petite salle"]
    assert session["abstract"] == "Après [l’accueil](https://event.example/fr/seances/lettre/)."
    over = conference["meta"]["portal"]["sessions"][session["guid"]]
    assert over["abstract"] == {"fr": "Après [l’accueil](session:lettre)."}


def test_session_without_an_address_has_the_name_that_json_asks_for() -> None:
    sessions = [*chain(*(chain(*day["rooms"].values()) for day in read_json(NIGHT)["days"]))]
    assert [session["url"] for session in sessions] == [f"urn:uuid:{session['guid']}" for session in sessions]


def test_biography_and_capacity_are_where_json_has_them() -> None:
    conference = read_json(NIGHT)
    assert conference["days"][0]["rooms"]["Cour + Petite salle"][0]["persons"][0]["biography"] == "Elle écrit."
    assert conference["rooms"][0]["capacity"] == 120


def test_schedules_are_files_of_the_edition() -> None:
    files = render(edition())
    assert (files["schedule.xml"].media_type, files["schedule.json"].media_type) == (XML, JSON)
    assert files["schedule.xml"].content == schedule_xml(edition())
    assert files["schedule.json"].content == schedule_json(edition())


def facts_of(session: ElementTree.Element) -> dict[str, Any]:
    """Return a session in XML as it is in JSON, without its end, which XML gives as a duration."""
    texts: dict[str, Any] = {child.tag: child.text or "" for child in session if not len(child)}
    persons = [{**person.attrib, "name": person.text} for person in session.iter("person")]
    links = [{"url": link.get("href"), "title": link.text} for link in session.iter("link")]
    numbers = {"id": int(session.get("id", ""))}
    return {"description": "", **texts, **session.attrib, **numbers, "persons": persons, "links": links}


def same_in_json(session: dict[str, Any]) -> dict[str, Any]:
    """Return a session in JSON as `facts_of` returns it."""
    persons = [
        {"id": str(person["id"]), "guid": person["guid"], "name": person["name"]} for person in session["persons"]
    ]
    absent = {"end", *(name for name in ("language",) if session[name] is None)}
    absent |= {"url"} if session["url"].startswith("urn:") else set()
    texts = {name: value or "" for name, value in session.items() if name not in {*absent, "links", "id"}}
    return {**texts, "id": session["id"], "persons": persons, "links": session["links"]}


@pytest.mark.parametrize("event", [DAY, NIGHT, EVENT])
@pytest.mark.parametrize("clearnet", [None, "https://event.example"])
def test_xml_and_json_say_the_same(event: Event, clearnet: str | None) -> None:
    root, conference = read_xml(event, clearnet), read_json(event, clearnet)
    in_json = {
        (day["date"], name): [same_in_json(session) for session in sessions]
        for day in conference["days"]
        for name, sessions in day["rooms"].items()
    }
    in_xml = {
        (day.get("date"), room.get("name")): [facts_of(session) for session in room]
        for day in root.iter("day")
        for room in day
    }
    assert in_xml == in_json


@given(event=events)
def test_any_event_has_both_with_times_that_fit(event: Event) -> None:
    sessions = [*read_xml(event).iter("event")]
    shown = {session.get("guid", ""): session for session in sessions}
    assert set(overlay_in(read_xml(event))["sessions"]) >= set(shown)
    assert json.loads(schedule_json(edition(event)))["schedule"]["version"] == "2"
    spans = [session_span(event, session) for session in event.sessions]
    starts = [span.in_zone(event.zone).start for span in spans]
    allowed = {
        (start.isoformat(), f"{start:%H:%M}", span.end - span.start) for span, start in zip(spans, starts, strict=True)
    }
    for session in sessions:
        hours, _, minutes = (session.findtext("duration") or "").partition(":")
        length = timedelta(hours=int(hours), minutes=int(minutes))
        assert (session.findtext("date"), session.findtext("start"), length) in allowed
