"""Faults of an event's file: all of them at once, a line each, in the order of the file."""

from functools import partial

import pytest

from portal.domain.errors import EventFileError
from portal.domain.event.event_file import lines_of, read_event
from portal.domain.limits import EVENT_FILE_KIB
from portal.site.catalogue import translated
from tests.factories.event_file import faults, small

CLOCK = "a time like “11:00” is expected"
ZONE = "a time zone like “Europe/Paris” is expected"
SLUG = "small letters without accents, digits and single dashes are expected, like “assemblee-generale”"

FAULTS: dict[str, tuple[tuple[str, str], str]] = {
    "a key that is missing": (('lead.fr = "Une journée"\n', ""), "event: lead: it is missing"),
    "a key that is unknown": (("zone =", "color = 1\nzone ="), "event: color: this name is unknown"),
    "a key that is nearly right": (
        ("retention_days = 7", "retention_days = 7\nretention_day = 8"),
        "event: retention_day: this name is unknown; did you mean “retention_days”?",
    ),
    "a table that is unknown": (
        ("[place]", "[sponsors]\nname = 1\n[place]"),
        "sponsors: this name is unknown",
    ),
    "a language that is unknown": (
        ('name.en = "Small"', 'name.zz = "Klein"'),
        "event: name.zz: this name is unknown",
    ),
    "a language whose tag is too long": (
        ('name.en = "Small"', 'name.fre = "Petit"'),
        "event: name.fre: this name is unknown; did you mean “fr”?",
    ),
    "a language in other letters": (
        ('name.en = "Small"', 'name.pt-br = "Pequeno"'),
        "event: name.pt-br: this name is unknown; did you mean “pt-BR”?",
    ),
    "a text in no language": (
        ('name.fr = "Petit"\nname.en = "Small"', 'name = "Petit"'),
        "event: name: a text in each language is expected: name.fr = … and name.en = …",
    ),
    "a text of the wrong type in a language": (
        ('name.en = "Small"', "name.en = 3"),
        "event: name.en: a text between quotes is expected",
    ),
    "a text that is empty": (('title.fr = "AG"', 'title.fr = " "'), "sessions[3] (ag): title: it is empty"),
    "a title over two lines": (
        ('title.fr = "AG"', 'title.fr = "A\\nG"'),
        "sessions[3] (ag): title.fr: a single line is expected",
    ),
    "a text with a control character": (
        ('manifesto.fr = "M"', 'manifesto.fr = "M\\u0007"'),
        "texts: manifesto.fr: it contains the character U+0007, which cannot be shown",
    ),
    "a text with what XML cannot hold": (
        ('manifesto.fr = "M"', 'manifesto.fr = "M\\uFFFF"'),
        "texts: manifesto.fr: it contains the character U+FFFF, which cannot be shown",
    ),
    "a text that is too long": (
        ('manifesto.fr = "M"', f'manifesto.fr = "{"M" * 8001}"'),
        "texts: manifesto.fr: at most 8000 characters are taken; here there are 8001",
    ),
    "a number between quotes": (
        ("retention_days = 7", 'retention_days = "7"'),
        "event: retention_days: a whole number is expected",
    ),
    "a truth in place of a number": (
        ("retention_days = 7", "retention_days = true"),
        "event: retention_days: a whole number is expected",
    ),
    "a number that is too large": (
        ("retention_days = 7", "retention_days = 366"),
        "event: retention_days: a number from 1 to 365 is expected",
    ),
    "a number in place of a text": (("city = ", "city = 3 # "), "place: city: a text between quotes is expected"),
    "a day that does not exist": (
        ("2026-12-15", "2026-02-30"),
        "event: day: a day like “2026-12-15” is expected",
    ),
    "a day beyond every calendar": (
        ("2026-12-15", "9999-12-15"),
        "event: day: a year from 1000 to 9998 is expected",
    ),
    "a day whose night may be beyond it": (
        ("2026-12-15", "9998-12-15"),
        "event: day: a year from 1000 to 9997 is expected",
    ),
    "a day with a time": (
        ('"2026-12-15"', "2026-12-15T11:00:00"),
        "event: day: a day like “2026-12-15” is expected",
    ),
    "a time that does not exist": (
        ('"11:30"', '"24:30"'),
        f"sessions[1] (accueil): end: {CLOCK}",
    ),
    "a time with seconds": (('"11:30"', "11:30:01"), f"sessions[1] (accueil): end: {CLOCK}"),
    "a time as a number": (('"11:30"', "11.30"), f"sessions[1] (accueil): end: {CLOCK}"),
    "a language by its name": (
        ('language = "fr"', 'language = "French"'),
        "event: language: “French” is no known language tag: one like “fr” is expected",
    ),
    "a kind of very many words": (
        ('kind = "talk"', f'kind = "{"k" * 101}"'),
        "sessions[2] (logiciel): kind: at most 100 characters are taken; here there are 101",
    ),
    "speakers that are not a list": (
        ('speakers = ["collectif"]', 'speakers = "collectif"'),
        'sessions[2] (logiciel): speakers: a list of texts is expected, like ["…", "…"]',
    ),
    "a speaker without a name": (
        ('speakers = ["collectif"]', 'speakers = [""]'),
        "sessions[2] (logiciel): speakers: it is empty",
    ),
    "a zone that does not exist": (
        ("Europe/Paris", "Europe/Marseille"),
        f"event: zone: {ZONE}",
    ),
    "a zone that is a continent": (
        ("Europe/Paris", "Europe"),
        f"event: zone: {ZONE}",
    ),
    "a zone that leaves the database": (
        ("Europe/Paris", "../../etc/passwd"),
        f"event: zone: {ZONE}",
    ),
    "a colour by its name": (("#a3241c", "red"), "colours: accent: a colour like “#a3241c” is expected"),
    "an id with an accent": (('id = "ag"', 'id = "assemblée"'), f"sessions[3] (assemblée): id: {SLUG}"),
    "an id that climbs out of its folder": (('id = "ag"', 'id = ".."'), f"sessions[3] (..): id: {SLUG}"),
    "an id that is too long": (('id = "ag"', f'id = "{"a" * 65}"'), f"sessions[3] ({'a' * 65}): id: {SLUG}"),
    "a session without an id": (('id = "ag"\n', ""), "sessions[3]: id: it is missing"),
    "a session's id that another has": (
        ('id = "ag"', 'id = "accueil"'),
        "sessions[3] (accueil): id: sessions[1] has the same id",
    ),
    "a room's id that another has": (
        ("[[sessions]]", '[[rooms]]\nid = "salle-2"\nname.fr = "Salle 3"\n[[sessions]]'),
        "rooms[3] (salle-2): id: rooms[2] has the same id",
    ),
    "a session that ends before it starts": (
        ('end = "12:30"', 'end = "11:29"'),
        "sessions[2] (logiciel): end: the end is not after the start, 11:30; "
        "one after midnight needs a day that ends after midnight",
    ),
    "a session without a length": (
        ('end = "12:30"', 'end = "11:30"'),
        "sessions[2] (logiciel): end: it ends when it starts, at 11:30: give it a length, of a few minutes at least",
    ),
    "an event that ends before it starts": (
        ('start = "11:00"\nend = "17:30"\nzone', 'start = "17:31"\nend = "17:30"\nzone'),
        "event: end: the end is not after the start, 17:31; a day may end until 12:00 of the next",
    ),
    "a session before the event opens": (
        ('start = "11:00"\nend = "11:30"', 'start = "10:59"\nend = "11:30"'),
        "sessions[1] (accueil): start: it is before the event opens, at 11:00",
    ),
    "a session after the event closes": (
        ('start = "15:30"\nend = "17:30"', 'start = "15:30"\nend = "17:31"'),
        "sessions[3] (ag): end: it is after the event closes, at 17:30",
    ),
    "a room that does not exist": (
        ('room = "salle-1"', 'room = "salle-3"'),
        "sessions[2] (logiciel): room: no room has the id “salle-3”",
    ),
    "a theme that does not exist": (
        ('theme = "libre"', 'theme = "fermé"'),
        "sessions[2] (logiciel): theme: no theme has the id “fermé”",
    ),
    "two sessions at once in a room": (
        ('room = "salle-2"\nstart = "15:30"', 'room = "salle-1"\nstart = "12:29"'),
        "sessions[3] (ag): start: it overlaps “logiciel” (salle-1), and neither shares the room",
    ),
    "a table that is missing": (
        ('[place]\nname.fr = "Ici"\naddress = "1 rue"\ncity = "Paris"', ""),
        "place: it is missing",
    ),
    "a table where a list is expected": (
        ('[[themes]]\nid = "libre"\nname.fr = "Libre"', "[themes]"),
        "themes: a list of tables is expected: write [[themes]] before each",
    ),
    "a list where a table is expected": (("[place]", "[[place]]"), "place: a table of keys is expected"),
}


@pytest.mark.parametrize(("change", "line"), FAULTS.values(), ids=FAULTS)
def test_fault_is_named_by_its_place(change: tuple[str, str], line: str) -> None:
    assert faults(small(change)) == [f"small.toml: {line}"]


NEWS = """
[[announcements]]
id = "metro"
title.fr = "Grève"
published = "2026-11-23T09:30Z"
"""
MOMENT = "published: a moment in UTC like “2026-12-15T09:30Z” is expected"

FAULTS_OF_NEWS = {
    "an announcement at a time of no zone": (('"2026-11-23T09:30Z"', "2026-11-23T09:30:00"), MOMENT),
    "an announcement at a second": (('"2026-11-23T09:30Z"', "2026-11-23T09:30:01Z"), MOMENT),
    "an announcement at a time that does not exist": (("T09:30Z", "T24:30Z"), MOMENT),
    "an announcement on a day that does not exist": (("2026-11-23", "2026-02-30"), MOMENT),
    "an announcement before all time": (('"2026-11-23T09:30Z"', "0001-01-01T00:00:00+01:00"), MOMENT),
    "an announcement that is nearly important": (
        ("published", 'important = "yes"\npublished'),
        "important: true or false is expected",
    ),
    "an announcement whose title is too long": (
        ('"Grève"', f'"{"a" * 101}"'),
        "title.fr: at most 100 characters are taken; here there are 101",
    ),
    "an announcement that is too long": (
        ("published", f'text.fr = "{"a" * 801}"\npublished'),
        "text.fr: at most 800 characters are taken; here there are 801",
    ),
}


@pytest.mark.parametrize(("change", "line"), FAULTS_OF_NEWS.values(), ids=FAULTS_OF_NEWS)
def test_fault_of_an_announcement_is_named(change: tuple[str, str], line: str) -> None:
    assert change[0] in NEWS
    assert faults(small() + NEWS.replace(*change).encode()) == [f"small.toml: announcements[1] (metro): {line}"]


def test_announcements_that_are_alike_or_too_many_are_told() -> None:
    content = small() + b"".join(NEWS.replace("metro", f"metro-{number % 10}").encode() for number in range(11))
    assert faults(content) == [
        "small.toml: announcements: at most 10 are taken; here there are 11",
        "small.toml: announcements[11] (metro-0): id: announcements[1] has the same id",
    ]


def test_every_fault_is_told_in_one_run_and_in_the_order_of_the_file() -> None:
    content = small(
        ('id = "small"\n', "colour = 1\n"),
        ('day = "2026-12-15"', "day = 15"),
        ('address = "1 rue"\n', ""),
        ('ink = "#1d1a16"', 'ink = "black"'),
        ('name.fr = "Libre"\n', ""),
        ('start = "11:00"\nend = "11:30"', 'start = "10:00"\nend = "soon"'),
        ('title.fr = "Logiciel"', 'titre.fr = "Logiciel"\nroom = "salle-9"\n#'),
        ('room = "salle-1"\n', ""),
        ('theme = "libre"', 'theme = "autre"'),
        ('id = "ag"', 'id = "logiciel"'),
    )
    assert faults(content) == [
        "small.toml: event: colour: this name is unknown",
        "small.toml: event: day: a day like “2026-12-15” is expected",
        "small.toml: event: id: it is missing",
        "small.toml: place: address: it is missing",
        "small.toml: colours: ink: a colour like “#a3241c” is expected",
        "small.toml: themes[1] (libre): name: it is missing",
        "small.toml: sessions[1] (accueil): end: a time like “11:00” is expected",
        "small.toml: sessions[2] (logiciel): titre: this name is unknown; did you mean “title”?",
        "small.toml: sessions[2] (logiciel): room: no room has the id “salle-9”",
        "small.toml: sessions[2] (logiciel): theme: no theme has the id “autre”",
        "small.toml: sessions[2] (logiciel): title: it is missing",
        "small.toml: sessions[3] (logiciel): id: sessions[2] has the same id",
    ]


def test_empty_file_misses_every_table_but_the_lists() -> None:
    tables = ("event", "collective", "place", "colours", "texts")
    assert faults(b"") == [f"small.toml: {table}: it is missing" for table in tables]


def test_line_is_told_in_french() -> None:
    with pytest.raises(EventFileError) as raised:
        read_event(small(('language = "fr"', 'language = "zz"')), "petit.toml")
    assert lines_of(raised.value, partial(translated, "fr")) == [
        "petit.toml:8: event: language: «_zz_» n’est pas une étiquette de langue connue_: "
        "il en faut une comme «_fr_»".replace("_", "\N{NO-BREAK SPACE}")
    ]


CONVERTED = "; an older encoding is converted by iconv -f WINDOWS-1252 -t UTF-8 -o utf8.toml event.toml"
NO_TABLES = {
    "not UTF-8": (b'[event]\nname.fr = "\xe9v\xe9nement"', f"line 2 is not UTF-8 text{CONVERTED}"),
    "not TOML": (b"[event]\nname = yes", 'line 2 is not TOML from column 8 on; a straight quote (") may be missing'),
    "a key written twice": (
        b"[event]\nid = 1\nid = 2",
        'line 3 is not TOML from column 7 on; a straight quote (") may be missing',
    ),
    "a text left open": (b'[event]\nname = """', "it is not TOML: it ends before a text or a bracket is closed"),
    "nested without end": (b"a = " + b"[" * 100_000, "it is not TOML: a value is too deep or too long"),
    "a key of very many parts": (b"a" + b".a" * 1_000 + b" = 1", "it is not TOML: a value is too deep or too long"),
    "a table of very many parts": (b"[" + b'"a" . ' * 1_000 + b"a]", "it is not TOML: a value is too deep or too long"),
    "a number of five thousand digits": (b"a = " + b"1" * 5_000, "it is not TOML: a value is too deep or too long"),
    "too large": (b"#" * (EVENT_FILE_KIB * 1024 + 1), "it is larger than 4096 KiB"),
    "a spreadsheet": (b"PK\x03\x04\xff", f"line 1 is not UTF-8 text{CONVERTED}"),
}


@pytest.mark.parametrize(("content", "line"), NO_TABLES.values(), ids=NO_TABLES)
def test_file_that_holds_no_tables_says_where_it_goes_wrong(content: bytes, line: str) -> None:
    assert faults(content) == [f"small.toml: {line}"]
