"""The schedule of an edition as its two files, which say the same: `/schedule.json` and `/schedule.xml`."""

import json
from collections.abc import Mapping
from typing import Any, Final
from xml.etree.ElementTree import Element, ProcessingInstruction, SubElement, tostring

from portal.domain.edition.edition import Edition
from portal.site.schedule import schedule
from portal.site.schedule_overlay import OVERLAY

XML: Final = "application/xml; charset=utf-8"
"""The media type of a schedule in XML."""
_INSTRUCTION: Final = "portal-programme"
"""Name of the processing instruction that holds the overlay in XML (XML 1.0 §2.6)."""
_FACTS: Final = {
    "title": "title",
    "acronym": "acronym",
    "start": "start",
    "end": "end",
    "daysCount": "days",
    "timeslot_duration": "timeslot_duration",
    "base_url": "base_url",
    "time_zone_name": "time_zone_name",
}
"""The facts of the conference by their names in JSON, with those in XML."""
_OF_SESSION: Final = (
    *("date", "start", "duration", "room", "slug", "title", "subtitle", "track", "type", "abstract"),
    *("language", "description"),
)
_MAY_BE_ABSENT: Final = frozenset({"language", "description"})


def schedule_json(edition: Edition) -> bytes:
    """Return the schedule in JSON."""
    return _json(schedule(edition)).encode()


def schedule_xml(edition: Edition) -> bytes:
    """Return the schedule in XML, made of the one in JSON; the overlay is a processing instruction.

    It has the elements that the schemas of earlier apps know as well; so no colours, tracks and address of its own.
    """
    contents: Any = schedule(edition)
    inside = contents["schedule"]
    conference = {**inside["conference"], **{name: inside[name] for name in ("base_url",) if name in inside}}
    root = Element("schedule")
    SubElement(root, "generator", contents["generator"])
    _add(root, "version", inside["version"])
    root.append(_conference(conference))
    for day in conference["days"]:
        root.append(_day(day, {room["name"]: room["guid"] for room in conference["rooms"]}))
    # A `>` in JSON stands in a string alone; written so, none can close the instruction.
    root.append(ProcessingInstruction(_INSTRUCTION, _json(conference["meta"][OVERLAY]).replace(">", "\\u003e")))
    content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def numbered_json(skeleton: bytes, number: int) -> bytes:
    """Return the `skeleton` of a schedule in JSON, of edition 0, as that of edition `number`."""
    return skeleton.replace(b'"version":"0"', b'"version":"%d"' % number, 1)


def numbered_xml(skeleton: bytes, number: int) -> bytes:
    """Return the `skeleton` of a schedule in XML, of edition 0, as that of edition `number`."""
    return skeleton.replace(b"<version>0</version>", b"<version>%d</version>" % number, 1)


def _conference(facts: Mapping[str, Any]) -> Element:
    conference = Element("conference")
    for name, tag in _FACTS.items():
        if name in facts:
            _add(conference, tag, facts[name])
    return conference


def _day(facts: Mapping[str, Any], guids: Mapping[str, str]) -> Element:
    places = {"index": "index", "date": "date", "day_start": "start", "day_end": "end"}
    day = Element("day", {place: str(facts[name]) for name, place in places.items()})
    for name, sessions in facts["rooms"].items():
        room = SubElement(day, "room", {"name": name, "guid": guids[name]})
        for session in sessions:
            room.append(_session(session))
    return day


def _session(facts: Mapping[str, Any]) -> Element:
    session = Element("event", {"guid": facts["guid"], "id": str(facts["id"])})
    for name in _OF_SESSION:
        if facts[name] or name not in _MAY_BE_ABSENT:
            _add(session, name, facts[name])
    persons = SubElement(session, "persons")
    for person in facts["persons"]:
        _add(persons, "person", person["name"], id=str(person["id"]), guid=person["guid"])
    if facts["links"]:
        links = SubElement(session, "links")
        for link in facts["links"]:
            _add(links, "link", link["title"], href=link["url"])
    if facts["url"].startswith("http"):
        _add(session, "url", facts["url"])
    return session


def _add(parent: Element, tag: str, content: object, **attributes: str) -> None:
    SubElement(parent, tag, attributes).text = None if content is None else str(content)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
