"""Values that an event's file may have: names and texts that can be seen, zones, languages, links, names told apart."""

import sys
from typing import Final

import pytest

from portal.domain.event.event import Event, Link, Session
from portal.domain.event.event_file import event_from_mapping, event_to_mapping, problems_of, read_event
from portal.domain.event.value_rules import UNSHOWABLE, is_unshowable
from portal.domain.language import Text
from tests.factories.event_file import faults, small


def talk(content: bytes) -> Session:
    """Return the talk of a small file."""
    return next(session for session in read_event(content, "small.toml").sessions if session.id == "logiciel")


def with_keys(keys: str) -> bytes:
    """Return the small file with further `keys` of its talk."""
    return small(('kind = "talk"\ntitle.fr = "Logiciel"\nroom = "salle-1"\ntheme = "libre"\n', keys))


TALK: Final = 'kind = "talk"\ntitle.fr = "Logiciel"\n'

TEXTS: dict[str, tuple[str, Text]] = {
    "lines of a text that end with CR LF": ('abstract.fr = "a\\r\\nb"', Text("a\nb")),
    "lines of a text that end with CR": ('abstract.fr = "a\\rb"', Text("a\nb")),
    "lines of a word processor": ('abstract.fr = "a\\u000Bb\\u000Cc"', Text("a\nb\nc")),
    "lines of Unicode": ('abstract.fr = "a\\u2028b\\u2029c\\u0085d"', Text("a\nb\nc\nd")),
    "a tab in a text": ('abstract.fr = "a\\tb"', Text("a\tb")),
}


@pytest.mark.parametrize(("keys", "abstract"), TEXTS.values(), ids=TEXTS)
def test_lines_of_a_text_end_with_a_line_feed(keys: str, abstract: Text) -> None:
    assert talk(with_keys(f"{TALK}{keys}\n")).abstract == abstract


TITLES: dict[str, str] = {
    "a tab": "abc\\tdef",
    "a line separator": "abc\\u2028def",
    "a paragraph separator": "abc\\u2029def",
    "a next line": "abc\\u0085def",
    "a line of a word processor": "abc\\u000Bdef",
}


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
def test_title_has_a_space_where_it_was_broken(title: str) -> None:
    read = talk(with_keys(f'kind = "talk"\ntitle.fr = "{title}"\ntags = ["{title}"]\n'))
    assert (read.title, read.tags) == (Text("abc def"), ("abc def",))


TAKEN: dict[str, tuple[str, str, object]] = {
    "a type of anybody's": ('title.fr = "T"\nkind = "lightning talk"', "kind", "lightning talk"),
    "a subtitle": (f'{TALK}subtitle.fr = "Sous-titre"', "subtitle", Text("Sous-titre")),
    "several themes": (f'{TALK}themes = ["libre"]', "themes", ("libre",)),
    "a list of themes under the name of one": (f'{TALK}theme = ["libre"]', "themes", ("libre",)),
    "several rooms": (f'{TALK}rooms = ["salle-1", "salle-2"]', "rooms", ("salle-1", "salle-2")),
    "a list of rooms under the name of one": (f'{TALK}room = ["salle-2", "salle-1"]', "rooms", ("salle-2", "salle-1")),
    "a language": (f'{TALK}language = "de"', "language", "de"),
    "a language of a region and a script": (f'{TALK}language = "zh-Hant-TW"', "language", "zh-Hant-TW"),
    "an address": (f'{TALK}links = ["https://example.org/a.pdf"]', "links", (Link("https://example.org/a.pdf"),)),
    "an address with a label": (
        f'{TALK}links = [{{label = "Notes", url = "http://example.org"}}]',
        "links",
        (Link("http://example.org", "Notes"),),
    ),
    "an onion": (f'{TALK}links = ["http://{"a" * 56}.onion/"]', "links", (Link(f"http://{'a' * 56}.onion/"),)),
    "tags": (f'{TALK}tags = ["réseau", "débutant"]', "tags", ("réseau", "débutant")),
    "a room that it shares": (f"{TALK}shares_room = true", "shares_room", True),
    "everywhere": (f"{TALK}everywhere = true", "everywhere", True),
    "fifty speakers": (
        f"{TALK}speakers = {[f'Ada {number}' for number in range(50)]}\n#",
        "speakers",
        tuple(f"Ada {number}" for number in range(50)),
    ),
    "a title of three hundred characters": (f'kind = "talk"\ntitle.fr = "{"é" * 300}"', "title", Text("é" * 300)),
    "a face as a title": ('kind = "talk"\ntitle.fr = "👩‍👩‍👧 🫨"', "title", Text("👩‍👩‍👧 🫨")),
}


@pytest.mark.parametrize(("keys", "name", "value"), TAKEN.values(), ids=TAKEN)
def test_value_of_a_session_is_read(keys: str, name: str, value: object) -> None:
    content = with_keys(f"{keys}\n")
    if name == "speakers":
        content = content.replace(b'speakers = ["collectif"]', b"")
    assert getattr(talk(content), name) == value


ZONE: Final = "with a name that means the same everywhere"
NO_LINK: Final = "is not an address like https://example.org, of at most 2000 characters"

REFUSED: dict[str, tuple[tuple[str, str], str]] = {
    "a title of a zero-width space": (
        ('title.fr = "AG"', 'title.fr = "\\u200b"'),
        "sessions[3] (ag): title.fr: nothing of it can be seen: it has invisible characters alone",
    ),
    "a name of fillers": (
        ('name.fr = "Salle 2"', 'name.fr = "\\u3164 \\u2800"'),
        "rooms[2] (salle-2): name.fr: nothing of it can be seen: it has invisible characters alone",
    ),
    "a translation of a soft hyphen": (
        ('name.en = "Small"', 'name.en = "\\u00ad"'),
        "event: name.en: nothing of it can be seen: it has invisible characters alone",
    ),
    "a speaker of a variation selector": (
        ('speakers = ["collectif"]', 'speakers = ["\\ufe0f"]'),
        "sessions[2] (logiciel): speakers: nothing of it can be seen: it has invisible characters alone",
    ),
    "a title of more than three hundred characters": (
        ('title.fr = "AG"', f'title.fr = "{"a" * 301}"'),
        "sessions[3] (ag): title.fr: at most 300 characters are taken; here there are 301",
    ),
    "more than fifty speakers": (
        ('speakers = ["collectif"]', f"speakers = {['a'] * 51}"),
        "sessions[2] (logiciel): speakers: at most 50 are taken; here there are 51",
    ),
    "a language by its name": (
        ('id = "ag"', 'id = "ag"\nlanguage = "deutsch!"'),
        "sessions[3] (ag): language: “deutsch!” is no known language tag: one like “fr” is expected",
    ),
    "a link with a label that nobody sees": (
        ('id = "ag"', 'id = "ag"\nlinks = [{label = "\\u200b", url = "https://example.org"}]'),
        "sessions[3] (ag): links: nothing of it can be seen: it has invisible characters alone",
    ),
    "a link of a script": (
        ('id = "ag"', 'id = "ag"\nlinks = ["javascript:alert(1)"]'),
        f"sessions[3] (ag): links: “javascript:alert(1)” {NO_LINK}",
    ),
    "a link to a folder of this machine": (
        ('id = "ag"', 'id = "ag"\nlinks = ["file:///etc/passwd"]'),
        f"sessions[3] (ag): links: “file:///etc/passwd” {NO_LINK}",
    ),
    "a link with a password": (
        ('id = "ag"', 'id = "ag"\nlinks = ["https://ada:secret@example.org"]'),
        f"sessions[3] (ag): links: “https://ada:secret@example.org” {NO_LINK}",
    ),
    "the zone of the machine": (
        ("Europe/Paris", "localtime"),
        f"event: zone: a time zone like “Europe/Paris” is expected, {ZONE}",
    ),
    "a zone of no place": (
        ("Europe/Paris", "Factory"),
        f"event: zone: a time zone like “Europe/Paris” is expected, {ZONE}",
    ),
    "a zone of a folder that not every machine has": (
        ("Europe/Paris", "posix/Europe/Oslo"),
        f"event: zone: a time zone like “Europe/Oslo” is expected, {ZONE}",
    ),
    "a zone with a letter too few": (
        ("Europe/Paris", "Europe/Berln"),
        "event: zone: a time zone like “Europe/Berlin” is expected",
    ),
    "a city without its continent": (
        ("Europe/Paris", "lisbon"),
        "event: zone: a time zone like “Europe/Lisbon” is expected",
    ),
    "two rooms of one name": (
        ('name.fr = "Salle 2"', 'name.fr = "SALLE  1"'),
        "rooms[2] (salle-2): name: “salle-1” has the same name, “SALLE  1”: people could not tell them apart",
    ),
    "two themes of one name in a language": (
        ("[[rooms]]", '[[themes]]\nid = "free"\nname.fr = "Autre"\nname.en = "free"\n\n[[rooms]]'),
        "themes[2] (free): name: “libre” has the same name, “Autre”: people could not tell them apart",
    ),
    "a room for nobody": (
        ('name.fr = "Salle 2"', 'name.fr = "Salle 2"\ncapacity = 0'),
        "rooms[2] (salle-2): capacity: a number from 1 on is expected",
    ),
    "a session in a room and everywhere": (
        ('room = "salle-2"', 'room = "salle-2"\neverywhere = true'),
        "sessions[3] (ag): everywhere: it is everywhere and in a room at once: take out one or the other",
    ),
    "a session in a room twice": (
        ('room = "salle-2"', 'rooms = ["salle-2", "salle-2"]'),
        "sessions[3] (ag): room: “salle-2” is there twice",
    ),
}


@pytest.mark.parametrize(("change", "line"), REFUSED.values(), ids=REFUSED)
def test_value_is_refused_in_words(change: tuple[str, str], line: str) -> None:
    content = small(change)
    if "free" in change[1]:
        content = content.replace(b'name.fr = "Libre"', b'name.fr = "Libre"\nname.en = "Free"', 1)
    assert faults(content) == [f"small.toml: {line}"]


LISTS: dict[str, tuple[str, ...]] = {
    "sessions": ("sessions",),
    "rooms and sessions": ("rooms", "sessions"),
    "themes, rooms and sessions": ("themes", "rooms", "sessions"),
}


@pytest.mark.parametrize("names", LISTS.values(), ids=LISTS)
def test_list_may_be_left_out(names: tuple[str, ...]) -> None:
    text = small().decode()
    left = text[: text.index(f"\n[[{names[0]}]]")]
    empty = "".join(f"{name} = []\n" for name in names)
    assert read_event(left.encode(), "small.toml") == read_event(f"{empty}{left}".encode(), "small.toml")


def of_an_earlier_portal() -> Event:
    """Return an event with values that earlier portals took, and today's refuses."""
    mapping = event_to_mapping(read_event(small(), "small.toml"))
    facts, sessions = mapping["event"], mapping["sessions"]
    assert isinstance(facts, dict)
    assert isinstance(sessions, list)
    sessions[0]["title"]["fr"] = "\u200b"
    sessions[1]["title"]["fr"] = "a\u2028b\tc"
    sessions[2]["title"]["fr"] = "a" * 301
    return event_from_mapping({**mapping, "event": {**facts, "retention_days": 0}}, "edition.json")


def test_event_of_an_earlier_portal_stays_as_it_was_and_is_not_published_again() -> None:
    old = of_an_earlier_portal()
    assert [session.title["fr"] for session in old.sessions] == ["\u200b", "a\u2028b\tc", "a" * 301]
    assert [(problem.table, problem.key) for problem in problems_of(old)] == [
        ("event", "retention_days"),
        ("sessions[1]", "title.fr"),
        ("sessions[3]", "title.fr"),
    ]


def test_pattern_finds_the_characters_that_cannot_be_shown_but_tabs_and_ends_of_lines() -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    assert UNSHOWABLE.findall(every) == [each for each in every if is_unshowable(each) and each not in "\t\n"]
