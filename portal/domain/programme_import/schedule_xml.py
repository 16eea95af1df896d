"""Reader of schedule.xml, as pentabarf, frab, pretalx and wafer export it, into the shape of schedule.json.

https://github.com/voc/schedule, validator/xsd/schedule.xml.xsd
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from portal.domain.language import N_
from portal.domain.programme_import.overlay import INSTRUCTION, OVERLAY
from portal.domain.programme_import.programme import Programme, refuse
from portal.domain.programme_import.schedule import read_schedule
from portal.domain.programme_import.schedule_json import json_of
from portal.domain.programme_import.xml_tree import parse_xml

_LISTS = {"persons": "person", "links": "link", "attachments": "attachment"}
_DAY_ATTRIBUTES = {"date": "date", "start": "day_start", "end": "day_end"}


def read_schedule_xml(content: bytes, file: str) -> Programme:
    """Return the programme of a schedule.xml. Raises `EventFileError`."""
    root, instructions = parse_xml(content, file)
    if root.tag != "schedule":
        text = N_("the outermost element is <%(name)s>; that of a programme is <schedule>")
        raise refuse(file, text, name=root.tag[:40])
    conference = root.find("conference")
    facts = {} if conference is None else {child.tag: _text(child) for child in conference}
    tracks = (
        []
        if conference is None
        else [{"name": track.get("name") or _text(track)} for track in conference.iter("track")]
    )
    days = [_day(day) for day in root.iter("day")]
    meta = {OVERLAY: _json(instructions.get(INSTRUCTION, ""))}
    return read_schedule({**facts, "tracks": tracks, "days": days, "meta": meta}, file)


def _json(text: str) -> object:
    try:
        return json_of(text)
    except (ValueError, RecursionError):
        return None


def _day(day: Element) -> dict[str, object]:
    facts: dict[str, object] = {key: day.get(name) for name, key in _DAY_ATTRIBUTES.items()}
    rooms = [(room.get("name", ""), [_event(event) for event in room.findall("event")]) for room in day.findall("room")]
    outside = [_event(event) for event in day.findall("event")]
    return {**facts, "rooms": [*rooms, *([("", outside)] if outside else [])]}


def _event(event: Element) -> dict[str, object]:
    fields: dict[str, object] = {name: event.get(name) for name in ("guid", "id", "code")}
    for child in event:
        if child.tag in _LISTS:
            fields[child.tag] = [_entry(entry) for entry in child.iter(_LISTS[child.tag])]
        elif child.tag == "recording":
            fields |= _recording(child)
        else:
            fields[child.tag] = _text(child)
    return fields


def _entry(entry: Element) -> dict[str, object]:
    """Return a person, a link or an attachment; of a link without an address, its text may be one."""
    text = _text(entry)
    return {"name": text, "title": text, "url": entry.get("href") or text, **_contact(entry)}


def _contact(entry: Element) -> dict[str, object]:
    return {"contact": contact} if (contact := entry.get("contact") or entry.get("email")) else {}


def _recording(recording: Element) -> dict[str, object]:
    named = {child.tag: _text(child) for child in recording}
    return {
        "recording_license": named.get("license", ""),
        "do_not_record": named.get("optout", "").lower() in ("true", "1", "yes"),
        "video_download_url": named.get("url") or named.get("link", ""),
    }


def _text(element: Element) -> str:
    """Return all the text in an element: of HTML that is not escaped, the text with its tags."""
    return "".join(_pieces(element)).strip()


def _pieces(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        yield f"<{child.tag}{_attributes(child)}>"
        yield from _pieces(child)
        yield f"</{child.tag}>{child.tail or ''}"


def _attributes(element: Element) -> str:
    return "".join(f' {name}="{value.replace(chr(34), "&quot;")}"' for name, value in element.attrib.items())
