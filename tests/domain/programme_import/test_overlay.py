"""Schedules that a portal exported: what a schedule has no place for is laid over the rest."""

import json
from dataclasses import replace
from datetime import date, time
from typing import Any, Final

import pytest

from portal.domain.event.event import Day, Event, Link, Room, Session, Speaker, Theme
from portal.domain.language import Text
from portal.domain.programme_import.file_format import read_programme
from portal.domain.programme_import.plan import Plan, plan_import
from portal.domain.programme_import.session_plan import Choices
from tests.factories.programmes import event_of_json, schedule_of_json
from tests.factories.sample import EVENT

EMPTY: Final = replace(EVENT, sessions=(), rooms=(), themes=(), zone="Europe/Berlin")
GUID: Final = str(event_of_json()["guid"])
OVERLAY: Final[dict[str, Any]] = {
    "format": 1,
    "language": "en",
    "zone": "America/Argentina/Ushuaia",
    "themes": [{"id": "g", "name": {"fr": "Gamma fr", "en": "Gamma"}, "description": {"fr": "", "en": "G."}}],
    "rooms": [
        {"id": "d", "name": {"fr": "Salle Dolor", "en": "Dolor"}, "description": {"fr": "", "en": ""}, "capacity": 9},
        {"id": "e", "name": {"fr": "Salle Elit", "en": "Elit"}, "description": {"fr": "", "en": ""}},
    ],
    "speakers": [{"id": "ada", "name": "Ada Lorem", "biography": {"fr": "Bio.", "en": "Bio en."}}],
    "sessions": {
        GUID: {
            "id": "a",
            "title": {"en": "Alpha", "fr": "Alpha fr"},
            "abstract": {"en": ""},
            "rooms": ["d", "e"],
            "themes": ["g"],
            "shares_room": True,
            "cancelled": True,
            "tags": ["x"],
            "links": ["https://lorem.example/b"],
            "guid": "uid@lorem.example",
        }
    },
}


def exported(overlay: object) -> bytes:
    """Return a schedule.json that names no zone, with an overlay."""
    document = json.loads(schedule_of_json(event_of_json(title="Cancelled: Alpha")))
    conference = document["schedule"]["conference"]
    conference["meta"] = {"portal": overlay}
    del conference["time_zone_name"]
    return json.dumps(document).encode()


def plan_of(overlay: object, event: Event = EMPTY) -> Plan:
    return plan_import(event, read_programme(exported(overlay), "lorem.json"), Choices("fr", "Sans titre"))


def test_overlay_completes_the_schedule() -> None:
    plan = plan_of(OVERLAY)
    assert plan.event == replace(
        EMPTY,
        zone="America/Argentina/Ushuaia",
        days=(Day(date(2027, 6, 12), time(5), time(5, 30)),),
        themes=(Theme("g", Text("Gamma fr", "Gamma"), Text("", "G.")),),
        rooms=(
            Room("d", Text("Salle Dolor", "Dolor"), Text(en="Au fond."), capacity=9),
            Room("e", Text("Salle Elit", "Elit"), Text()),
        ),
        speakers=(Speaker("ada", "Ada Lorem", Text("Bio.", "Ada **ipsum**.")),),
        sessions=(
            Session(
                "a",
                "Atelier",
                Text("Alpha fr", "Alpha"),
                Text(),
                time(5),
                time(5, 30),
                rooms=("d", "e"),
                themes=("g",),
                speakers=("Ada Lorem",),
                cancelled=True,
                language="fr",
                shares_room=True,
                links=(Link("https://lorem.example/b"),),
                tags=("x",),
                guid="uid@lorem.example",
            ),
        ),
    )
    assert plan.lost == ()
    assert plan_of(OVERLAY, plan.event).event == plan.event


BROKEN: Final = {
    "no table": "lorem",
    "another format": {**OVERLAY, "format": 2},
    "a language that is none": {**OVERLAY, "language": "lorem ipsum"},
    "no sessions": {**OVERLAY, "sessions": []},
}


@pytest.mark.parametrize("overlay", BROKEN.values(), ids=BROKEN.keys())
def test_overlay_that_is_none_leaves_the_schedule(overlay: object) -> None:
    assert plan_of(overlay).event == plan_of(None).event


def test_what_is_not_valid_in_an_overlay_is_left_out() -> None:
    table = {"tags": "x", "title": {"xx yy": "A"}, "links": ["ftp://x"], "shares_room": True, "start": "10:00"}
    overlay = {**OVERLAY, "rooms": [{"id": "Salle!"}, 3], "themes": 3, "sessions": {GUID: table, "x": 3}}
    plan, plain = plan_of(overlay), plan_of({**OVERLAY, "rooms": [], "themes": [], "sessions": {}})
    assert plan.event.sessions == (replace(plain.event.sessions[0], shares_room=True),)
    assert plan.event.rooms == plain.event.rooms
