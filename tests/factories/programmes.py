"""Small programmes as other programs write them, with invented words."""

import json
from collections.abc import Mapping
from typing import Final

import pytest

from portal.domain.errors import EventFileError
from portal.domain.programme_import.file_format import read_programme

XML: Final = """<?xml version='1.0' encoding='utf-8'?>
<schedule>
  <generator name="frab" version="0.9"/>
  <version>1.2 lorem</version>
  <conference>
    <acronym>lorem</acronym><title>Lorem Ipsum</title>
    <start>2027-06-12</start><end>2027-06-13</end><days>2</days>
    <timeslot_duration>00:05</timeslot_duration>
    <time_zone_name>Europe/Paris</time_zone_name>
  </conference>
  <day index='1' date='2027-06-12' start='2027-06-12T10:00:00+02:00' end='2027-06-13T03:00:00+02:00'>
    <room name='Salle Dolor'>
      <event guid='0f6a2f3e-8d43-4b5a-9a53-0d5b8a3b1c01' id='11'>
        <date>2027-06-12T10:00:00+02:00</date><start>10:00</start><duration>00:45</duration>
        <room>Salle Dolor</room><slug>lorem-11-alpha</slug>
        <recording><license>CC BY</license><optout>true</optout></recording>
        <title>Alpha amet</title><subtitle>Sit beta</subtitle><track>Gamma</track><type>lecture</type>
        <language>fr</language><abstract>Consectetur.</abstract>
        <description>&lt;p&gt;Un &lt;b&gt;deux&lt;/b&gt;&lt;/p&gt;&lt;img src="x.png"&gt;</description>
        <logo>/images/11.png</logo>
        <persons><person id='1'>Ada Lorem</person><person id='2' contact='b@ipsum.example'>Bo Ipsum</person></persons>
        <links><link href='https://lorem.example/a'>Notes</link><link href='mailto:x@lorem.example'>Mail</link></links>
        <attachments><attachment href='/files/a.pdf'>Diapos</attachment></attachments>
        <feedback_url>https://lorem.example/feedback/11</feedback_url>
      </event>
      <event guid='0f6a2f3e-8d43-4b5a-9a53-0d5b8a3b1c02' id='12'>
        <date>2027-06-13T00:30:00+02:00</date><start>00:30</start><duration>02:00</duration>
        <room>Salle Dolor</room><title>Nuit delta</title><track></track><type>party</type>
      </event>
    </room>
    <room name='Salle Elit'/>
  </day>
  <day index='2' date='2027-06-13' start='2027-06-13T10:00:00+02:00' end='2027-06-13T18:00:00+02:00'>
    <room name='Salle Elit'>
      <event id='13'><start>11:00</start><duration>01:00</duration><title>Epsilon</title></event>
    </room>
  </day>
</schedule>
"""
"""A schedule.xml of two days, the first until after midnight; its last event has neither guid nor date."""


def event_of_json(**fields: object) -> dict[str, object]:
    """Return an event as pretalx writes it, with `fields` in place of its own."""
    return {
        "guid": "5a1d3b52-26f0-4d0f-8a0a-3e6ad1f10001",
        "code": "LOREM1",
        "id": 41,
        "logo": None,
        "date": "2027-06-12T10:00:00+02:00",
        "start": "10:00",
        "end": "2027-06-12T10:30:00+02:00",
        "duration": "00:30",
        "room": "Salle Dolor",
        "slug": "lorem-41-alpha",
        "url": "https://lorem.example/talk/LOREM1/",
        "title": "Alpha amet",
        "subtitle": "",
        "track": None,
        "type": "Atelier",
        "language": "fr",
        "abstract": "Consectetur.",
        "description": None,
        "recording_license": "",
        "do_not_record": False,
        "persons": [
            {
                "code": "ADA001",
                "name": "Ada Lorem",
                "public_name": "Ada Lorem",
                "avatar": None,
                "biography": "Ada **ipsum**.",
                "url": "https://lorem.example/speaker/ADA001/",
                "answers": [],
            }
        ],
        "links": [{"title": "Notes", "url": "https://lorem.example/a", "type": "related"}],
        "feedback_url": "https://lorem.example/talk/LOREM1/feedback/",
        "origin_url": "https://lorem.example/talk/LOREM1/",
        "attachments": [],
        **fields,
    }


def schedule_of_json(*events: Mapping[str, object]) -> bytes:
    """Return a schedule.json of a day with `events`, all in the list of one room."""
    day = {
        "index": 1,
        "date": "2027-06-12",
        "day_start": "2027-06-12T04:00:00+02:00",
        "day_end": "2027-06-13T03:59:00+02:00",
        "rooms": {"Salle Dolor": list(events)},
    }
    conference = {
        "acronym": "lorem",
        "title": "Lorem Ipsum",
        "start": "2027-06-12",
        "end": "2027-06-12",
        "daysCount": 1,
        "timeslot_duration": "00:05",
        "time_zone_name": "Europe/Paris",
        "rooms": [
            {"name": "Salle Dolor", "slug": "dolor", "description": "Au fond.", "capacity": 80},
            {"name": "Salle Vide", "slug": "vide", "description": None, "capacity": None},
        ],
        "tracks": [{"name": "Gamma", "slug": "gamma", "color": "#112233"}],
        "days": [day],
    }
    document = {"generator": {"name": "pretalx"}, "schedule": {"version": "1", "conference": conference}}
    return json.dumps(document).encode()


def calendar_of(*entries: str, head: str = "PRODID:-//lorem//ipsum//FR") -> str:
    """Return a calendar with `entries`, each the lines of a VEVENT without its first and last."""
    events = [f"BEGIN:VEVENT\n{entry.strip()}\nEND:VEVENT" for entry in entries]
    lines = "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", head, *events, "END:VCALENDAR"])
    return lines.replace("\n", "\r\n") + "\r\n"


def faults_in(content: str, name: str = "lorem") -> list[str]:
    """Return the faults for which a file is refused, a line each: place, key, sentence and session."""
    with pytest.raises(EventFileError) as caught:
        read_programme(content.encode(), name)
    found = caught.value.problems
    return [f"{each.table} {each.key}: {each.text % dict(each.details)} ({each.id})" for each in found]
