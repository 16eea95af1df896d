"""Content lines of a calendar (RFC 5545 §3.1): unfolded, repaired, and without what the parser need not see."""

import re
from collections.abc import Iterator
from typing import Final

from portal.domain.programme_import.calendar_zones import with_known_zones

_PROPERTY: Final = re.compile(
    r"(?:BEGIN|END|VERSION|PRODID|CALSCALE|METHOD|NAME|REFRESH-INTERVAL|SOURCE|COLOR|IMAGE|CONFERENCE|ATTACH|CATEGORIES"
    r"|CLASS|COMMENT|DESCRIPTION|GEO|LOCATION|PERCENT-COMPLETE|PRIORITY|RESOURCES|STATUS|SUMMARY|COMPLETED|DTEND|DUE"
    r"|DTSTART|DURATION|FREEBUSY|TRANSP|TZID|TZNAME|TZOFFSETFROM|TZOFFSETTO|TZURL|ATTENDEE|CONTACT|ORGANIZER"
    r"|RECURRENCE-ID|RELATED-TO|URL|UID|EXDATE|EXRULE|RDATE|RRULE|ACTION|REPEAT|TRIGGER|CREATED|DTSTAMP|LAST-MODIFIED"
    r"|SEQUENCE|REQUEST-STATUS|STYLED-DESCRIPTION|STRUCTURED-DATA|LOCATION-TYPE|PARTICIPANT-TYPE|TZUNTIL"
    r"|X-[A-Z0-9-]+)[;:]",
    re.IGNORECASE,
)
"""The beginning of a content line. Any other line belongs to the text of the line before."""

_FOLD: Final = re.compile(rb"\r?\n[ \t]")
_ENDS: Final = {
    "VALARM": frozenset({"END:VALARM", "END:VEVENT", "END:VTODO", "BEGIN:VEVENT", "END:VCALENDAR"}),
    "VTIMEZONE": frozenset({"END:VTIMEZONE", "BEGIN:VEVENT", "BEGIN:VTODO", "END:VCALENDAR"}),
}
"""The components that are kept from the parser, with the lines at which they end; the last ones in a broken file.

A fault in an alarm would make it refuse the calendar, and it would keep the zones of one calendar for the next.
"""


def unfolded(content: bytes) -> bytes:
    """Return `content` with its folded lines joined (RFC 5545 §3.1): a fold may be within a character."""
    return _FOLD.sub(b"", content)


def repaired(text: str) -> str:
    """Return `text` for the parser: every line that names no property is part of the text of the line before.

    It has no alarm, and no description of a time zone: times are in zones that are known, or in UTC.
    """
    kept: list[str] = []
    left_out: dict[str, list[list[str]]] = {name: [] for name in _ENDS}
    inside = ""
    for line in _joined(text):
        mark = line.strip().upper()
        if inside and mark in _ENDS[inside]:
            is_end, inside = mark == f"END:{inside}", ""
            if is_end:
                continue
        if mark.startswith("BEGIN:") and (name := mark.removeprefix("BEGIN:")) in _ENDS and not inside:
            inside = name
            left_out[name].append([])
        if inside:
            left_out[inside][-1].append(line)
        else:
            kept.append(line)
    return "\r\n".join([*with_known_zones(kept, left_out["VTIMEZONE"]), ""])


def _joined(text: str) -> Iterator[str]:
    lines: list[list[str]] = []
    for line in re.split("\r\n|\n|\r", text.lstrip("\ufeff \t\r\n")):
        if _PROPERTY.match(line):
            lines.append([line])
        elif lines and line:
            lines[-1].append(line if line.startswith("\\n") else f"\\n{line}")
    return ("".join(pieces) for pieces in lines)
