"""Recognition of the format and the encoding of a programme's file, and the reader of each format."""

import codecs
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, Literal

from portal.domain.language import N_
from portal.domain.limits import IMPORTED_FILE_KIB
from portal.domain.programme_import.calendar_text import unfolded
from portal.domain.programme_import.csv_file import read_csv
from portal.domain.programme_import.email_addresses import without_addresses
from portal.domain.programme_import.icalendar_file import read_icalendar
from portal.domain.programme_import.programme import Programme, Remarks, refuse
from portal.domain.programme_import.schedule_json import read_schedule_json
from portal.domain.programme_import.schedule_xml import read_schedule_xml

FileFormat = Literal["toml", "xml", "json", "ics", "csv"]

_BY_ENDING: Final[Mapping[str, FileFormat]] = {
    **{"toml": "toml", "xml": "xml", "json": "json", "ics": "ics", "ical": "ics", "ifb": "ics", "csv": "csv"},
    **{"tsv": "csv", "tab": "csv"},
}
_TOML_LINE: Final = re.compile(r"^\s*(?:\[\[?\s*[a-z_]+[\w.\s]*\]?\]|[\w.-]+\s*=\s*[\"'\[{0-9tf])", re.MULTILINE)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_READERS: Final[Mapping[FileFormat, Callable[[str, str], Programme]]] = {
    "json": read_schedule_json,
    "ics": read_icalendar,
    "csv": read_csv,
}


def recognise(content: bytes, name: str = "") -> FileFormat:
    """Return the format of a file by how it begins, and by the ending of its `name` where that says nothing.

    Raises `EventFileError` for one that is empty, larger than IMPORTED_FILE_KIB, or none of the formats.
    """
    if len(content) > IMPORTED_FILE_KIB * 1024:
        raise refuse(name, N_("it is larger than %(most)s KiB"), most=IMPORTED_FILE_KIB)
    start = decoded(content[:4096], cut=True)[0].lstrip("\ufeff \t\r\n")
    if not start:
        raise refuse(name, N_("it is empty"))
    if start.startswith("<"):
        return "xml"
    if start.startswith("{"):
        return "json"
    if start[:15].upper() == "BEGIN:VCALENDAR":
        return "ics"
    if content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise refuse(name, N_("it is a spreadsheet: save it as CSV, and import that"))
    by_ending = _BY_ENDING.get(name.rpartition(".")[2].lower())
    if by_ending in ("toml", "csv"):
        return by_ending
    if _TOML_LINE.match(re.sub(r"^\s*(?:#[^\n]*\n\s*)+", "", start)):
        return "toml"
    if any(mark in start.partition("\n")[0] for mark in ",;\t"):
        return "csv"
    raise refuse(name, N_("it is none of schedule.xml, schedule.json, CSV, iCalendar and TOML"))


def read_programme(content: bytes, name: str) -> Programme:
    """Return the programme of a file in any format but our own TOML; `name` is that of the file.

    E-mail addresses leave the programme of another program; one that a portal exported was public before.

    Raises `EventFileError`.
    """
    format = recognise(content, name)
    if format == "xml":
        programme = read_schedule_xml(content, name)
    else:
        text, is_guess = decoded(unfolded(content) if format == "ics" else content)
        programme = _READERS[format](text, name)
        if is_guess:
            assumed = Remarks()
            assumed.add(N_("The file is not UTF-8; it was read as Windows-1252"))
            programme = replace(programme, assumed=(*assumed.listed(), *programme.assumed))
    if not programme.sessions:
        raise refuse(name, N_("it has no session"))
    return programme if programme.overlay else without_addresses(programme)


def decoded(content: bytes, cut: bool = False) -> tuple[str, bool]:
    """Return `content` as text, and whether its encoding had to be guessed: Windows-1252 where it is not Unicode.

    With `cut`, the last character may be missing a part.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace"), False
    try:
        text, _ = codecs.utf_8_decode(content, "strict", not cut)
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), True
    return text, False
