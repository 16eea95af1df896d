"""Rules of the values of an event beyond their types, by the names of their keys."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache
from typing import Final
from unicodedata import category
from zoneinfo import ZoneInfo, available_timezones

from portal.domain.errors import Problem
from portal.domain.event.event import Announcement, Link, Mirror, Session
from portal.domain.language import N_, Text
from portal.domain.language_tags import canonical_tag, is_tag
from portal.domain.limits import (
    ANNOUNCEMENT_CHARACTERS,
    ANNOUNCEMENT_TITLE_CHARACTERS,
    EVENT_LANGUAGES,
    LINK_CHARACTERS,
    MIRROR_ADDRESSES,
    RETENTION_MAX_DAYS,
    RETENTION_MIN_DAYS,
    SESSION_KIND_CHARACTERS,
    SESSION_SPEAKERS,
    SESSION_TAG_CHARACTERS,
    SESSION_TITLE_CHARACTERS,
    TEXT_FIELD_CHARACTERS,
)
from portal.domain.text import is_invisible, on_one_line, with_line_feeds

SEVERAL_LINES: Final = frozenset(
    {
        *("presentation", "manifesto", "access", "accessibility", "conduct", "agenda"),
        *("description", "abstract", "text", "access_notes", "biography"),
    }
)
"""The texts that may have several lines; all others are a single line."""

MAY_BE_EMPTY: Final = frozenset(
    {
        *("setting", "manifesto", "agenda", "description", "abstract"),
        *("text", "subtitle", "access_notes", "biography"),
    }
)
"""The texts that an event may do without; a file may leave them out."""

_SHORTER: Final[dict[tuple[type, str], int]] = {
    (Announcement, "title"): ANNOUNCEMENT_TITLE_CHARACTERS,
    (Announcement, "text"): ANNOUNCEMENT_CHARACTERS,
}
"""The texts that take fewer characters than the others, by the class they belong to."""

_SHORTER_NOW: Final[dict[tuple[type, str], int]] = {
    (Session, "title"): SESSION_TITLE_CHARACTERS,
    (Session, "subtitle"): SESSION_TITLE_CHARACTERS,
    (Session, "kind"): SESSION_KIND_CHARACTERS,
    (Session, "tags"): SESSION_TAG_CHARACTERS,
}
"""The texts that took more characters in earlier portals."""

# Python's calendar ends with the year 9999: a clock ahead of UTC, or the day of erasure, would be beyond.
_YEARS: Final = (1_000, 9_998)
_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SLUG_CHARACTERS: Final = 64
_COLOUR: Final = re.compile(r"#[0-9A-Fa-f]{6}")
# A web address in the clear is as good as none; an onion needs no certificate. A mirror may stand below a folder.
_ADDRESS: Final = re.compile(
    r"(https://([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])?(:[0-9]{1,5})?|http://[a-z2-7]{56}\.onion)"
    r"(/[A-Za-z0-9._~-]+)*/?"
)
_LINK: Final = re.compile(r"https?://[^\s\x00-\x20@/?#<>\"\\]+([/?#][^\s<>\"\\]*)?", re.IGNORECASE)
_COLOURS: Final = frozenset({"accent", "ink", "paper"})
# XML 1.0 (§2.2) has no place for these two in a feed or a schedule, whatever wrote them.
_NONCHARACTERS: Final = frozenset("\ufffe\uffff")
UNSHOWABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""The characters that no text of an event has: those of `is_unshowable` but a tab and the end of a line."""


def faults_of_value(shape: type, key: str, value: object) -> Iterator[Problem]:
    """Yield the faults of `value`, of the type that `key` of the dataclass `shape` expects; `table` is left empty."""
    if isinstance(value, Text):
        if key not in MAY_BE_EMPTY and value.is_blank():
            yield Problem("", key, N_("it is empty"))
        most = _SHORTER.get((shape, key), TEXT_FIELD_CHARACTERS)
        for language in value.languages:
            yield from _faults_of_characters(f"{key}.{language}", value[language], key in SEVERAL_LINES, most)
    elif isinstance(value, str):
        is_spoken = shape is Session and key == "language" and is_tag(value)
        yield from () if is_spoken else _faults_of_string(key, value)
    elif isinstance(value, tuple) and key == "languages":
        yield from _faults_of_languages(key, value)
    elif isinstance(value, tuple):
        for item in value:
            yield from _faults_of_link(key, item) if isinstance(item, Link) else _faults_of_line(key, item)
        if shape is Mirror:
            yield from _faults_of_addresses(key, value)
    elif isinstance(value, date | int):
        yield from _faults_of_amount(key, value)


def outdated_faults_of(shape: type, key: str, value: object) -> Iterator[Problem]:
    """Yield the faults of `value` that it may have in an event of an earlier portal, and in no other."""
    if key == "retention_days":
        if value in range(RETENTION_MIN_DAYS):
            yield _out_of_retention(key)
    elif key == "zone":
        if isinstance(value, str) and is_zone(value) and value not in _zones():
            text = N_("a time zone like “%(example)s” is expected, with a name that means the same everywhere")
            yield _problem(key, text, example=_zone_like(value))
    elif isinstance(value, date):
        if key == "date" and value.year == _YEARS[1]:  # a night after its last day would be in the year after
            yield _out_of_years(key, _YEARS[1] - 1)
    else:
        yield from _outdated_faults_of_texts(shape, key, value)
        if key == "speakers" and isinstance(value, tuple) and len(value) > SESSION_SPEAKERS:
            text = N_("at most %(most)s are taken; here there are %(count)s")
            yield _problem(key, text, most=SESSION_SPEAKERS, count=len(value))


def _outdated_faults_of_texts(shape: type, key: str, value: object) -> Iterator[Problem]:
    most = _SHORTER_NOW.get((shape, key), TEXT_FIELD_CHARACTERS)
    for name, text in _texts_in(key, value):
        if text.strip() and is_invisible(text) and key not in MAY_BE_EMPTY:
            yield Problem("", name, N_("nothing of it can be seen: it has invisible characters alone"))
        if most < len(text) <= TEXT_FIELD_CHARACTERS:
            yield _too_long(name, text, most)


def _texts_in(key: str, value: object) -> Iterator[tuple[str, str]]:
    """Yield each text of a value with the name of its key."""
    if isinstance(value, Text):
        yield from ((f"{key}.{language}", value[language]) for language in value.languages)
    else:
        items = value if isinstance(value, tuple) else (value,)
        texts = (item.label if isinstance(item, Link) else item for item in items)
        yield from ((key, text) for text in texts if isinstance(text, str))


def faults_of_new_value(shape: type, key: str, value: object) -> tuple[Problem, ...]:
    """Return every fault of a `value` that is entered now."""
    return (*faults_of_value(shape, key, value), *outdated_faults_of(shape, key, value))


def cleaned(value: object, key: str = "", has_lines: bool = False) -> object:
    """Return `value`, of a file or a form, with its ends of lines as LF; on one line with spaces in place of tabs."""
    has_lines = has_lines or key in SEVERAL_LINES
    if isinstance(value, str):
        return with_line_feeds(value) if has_lines else on_one_line(value)
    if isinstance(value, Mapping):
        return {name: cleaned(each, name, has_lines) for name, each in value.items()}
    return [cleaned(each, key, has_lines) for each in value] if isinstance(value, list) else value


def _faults_of_amount(key: str, value: date | int) -> Iterator[Problem]:
    if isinstance(value, bool):
        return
    if isinstance(value, date):
        if not _YEARS[0] <= value.year <= _YEARS[1]:
            yield _out_of_years(key, _YEARS[1])
    elif key != "retention_days":
        if value < 1:
            yield _problem(key, N_("a number from %(least)s on is expected"), least=1)
    elif not 0 <= value <= RETENTION_MAX_DAYS:  # editions of earlier portals have 0, and stay readable
        yield _out_of_retention(key)


def _out_of_years(key: str, last: int) -> Problem:
    return _problem(key, N_("a year from %(first)s to %(last)s is expected"), first=_YEARS[0], last=last)


def _out_of_retention(key: str) -> Problem:
    text = N_("a number from %(least)s to %(most)s is expected")
    return _problem(key, text, least=RETENTION_MIN_DAYS, most=RETENTION_MAX_DAYS)


def _faults_of_addresses(key: str, addresses: tuple[str, ...]) -> Iterator[Problem]:
    if not 1 <= len(addresses) <= MIRROR_ADDRESSES:
        yield _problem(key, N_("from 1 to %(most)s addresses are expected"), most=MIRROR_ADDRESSES)
    for address in addresses:
        if not _ADDRESS.fullmatch(address):
            text = N_("“%(address)s” is not an address like https://example.org or http://….onion")
            yield _problem(key, text, address=address)


def _faults_of_link(key: str, link: Link) -> Iterator[Problem]:
    if not _LINK.fullmatch(link.url) or len(link.url) > LINK_CHARACTERS:
        text = N_("“%(address)s” is not an address like https://example.org, of at most %(most)s characters")
        yield _problem(key, text, address=link.url, most=LINK_CHARACTERS)
    if link.label:
        yield from _faults_of_line(key, link.label)


def _faults_of_string(key: str, value: str) -> Iterator[Problem]:
    if key == "id":
        if not _SLUG.fullmatch(value) or len(value) > _SLUG_CHARACTERS:
            text = N_("small letters without accents, digits and single dashes are expected, like “%(example)s”")
            yield _problem(key, text, example="assemblee-generale")
    elif key == "language":
        yield from _faults_of_tag(key, value)
    elif key in _COLOURS:
        if not is_colour(value):
            yield _problem(key, N_("a colour like “%(example)s” is expected"), example="#a3241c")
    elif key == "zone":
        if not is_zone(value):
            yield _problem(key, N_("a time zone like “%(example)s” is expected"), example=_zone_like(value))
    else:
        yield from _faults_of_line(key, value)


def _faults_of_languages(key: str, tags: tuple[str, ...]) -> Iterator[Problem]:
    if not 1 <= len(tags) <= EVENT_LANGUAGES:
        yield _problem(key, N_("from 1 to %(most)s languages are expected"), most=EVENT_LANGUAGES)
    for number, tag in enumerate(tags):
        if tag in tags[:number]:
            yield _problem(key, N_("“%(name)s” is there twice"), name=tag)
        yield from _faults_of_tag(key, tag)


def _faults_of_tag(key: str, tag: str) -> Iterator[Problem]:
    if (known := canonical_tag(tag)) != tag:
        text = N_("“%(tag)s” is no known language tag: one like “%(example)s” is expected")
        yield _problem(key, text, tag=tag, example=known or "fr")


def is_colour(value: str) -> bool:
    """Return whether `value` is a colour `#rrggbb`."""
    return _COLOUR.fullmatch(value) is not None


def is_zone(name: str) -> bool:
    """Return whether `name` is a time zone of the IANA database."""
    try:
        ZoneInfo(name)
    # A folder of the database, a name out of it, a file that is no zone: each has an error of its own.
    except (KeyError, ValueError, OSError):
        return False
    return True


@cache
def _zones() -> frozenset[str]:
    """Return the names of zones that mean the same on every machine."""
    return frozenset(available_timezones() - {"localtime", "Factory"})


def _zone_like(name: str) -> str:
    """Return the name of a zone that is likely meant by `name`."""
    plain = re.sub("^(posix|right)/", "", name.strip().replace(" ", "_")).casefold()
    names = {zone.casefold(): zone for zone in sorted(_zones())}
    names |= {zone.rpartition("/")[2].casefold(): zone for zone in sorted(_zones()) if "/" in zone}
    alike = get_close_matches(plain, names, n=1, cutoff=0.85)
    return names[alike[0]] if alike else "Europe/Paris"


def _faults_of_line(key: str, line: str) -> Iterator[Problem]:
    if not line.strip():
        yield Problem("", key, N_("it is empty"))
    yield from _faults_of_characters(key, line, several_lines=False, most=TEXT_FIELD_CHARACTERS)


def _faults_of_characters(key: str, value: str, several_lines: bool, most: int) -> Iterator[Problem]:
    if len(value) > most:
        yield _too_long(key, value, most)
    if not several_lines and "\n" in value:
        yield Problem("", key, N_("a single line is expected"))
    if odd := UNSHOWABLE.search(value):
        text = N_("it contains the character %(sign)s, which cannot be shown")
        yield _problem(key, text, sign=f"U+{ord(odd[0]):04X}")


def _too_long(key: str, value: str, most: int) -> Problem:
    text = N_("at most %(most)s characters are taken; here there are %(count)s")
    return _problem(key, text, most=most, count=len(value))


def is_unshowable(character: str) -> bool:
    """Return whether no page or feed can show `character`: a control, half of a surrogate pair, a noncharacter."""
    return category(character) in ("Cc", "Cs") or character in _NONCHARACTERS


def _problem(key: str, text: str, **details: object) -> Problem:
    return Problem("", key, text, tuple(details.items()))
