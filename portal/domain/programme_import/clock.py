"""Dates, clock times and lengths of time, in the spellings of schedule files, spreadsheets and calendars."""

import re
from datetime import date, datetime, timedelta
from typing import Final

DateOrder = str
"""Order of the parts of a date with slashes or dots: "dmy" or "mdy"."""

_ISO_DATE: Final = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_SHORT_DATE: Final = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_WORDED_DATE: Final = re.compile(r"(?:\w+\.?,? )?([0-9]{1,2})(?:er|\.|st|nd|rd|th)? ([^\W\d_]+)\.? ([0-9]{4})")
_MONTHS: Final = (
    *(("jan",), ("fév", "fev", "feb"), ("mar",), ("avr", "apr"), ("mai", "may"), ("juin", "jun")),
    *(("juil", "jul"), ("aoû", "aou", "aug"), ("sep",), ("oct",), ("nov",), ("déc", "dec")),
)
_TIME: Final = re.compile(
    r"([0-9]{1,2})(?: ?[:h.] ?([0-9]{2})(?: ?(?:[:.]|mn?|min) ?([0-9]{2})(?:\.[0-9]+)?| ?mn?| ?min)?| ?h)?"
    r"( ?[ap]\.?m\.?)?",
    re.IGNORECASE,
)
_CLOCK_LENGTH: Final = re.compile(r"([0-9]{1,3}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?")
_ISO_LENGTH: Final = re.compile(
    r"P(?:([0-9]{1,3})W)?(?:([0-9]{1,3})D)?(?:T(?:([0-9]{1,4})H)?(?:([0-9]{1,5})M)?(?:([0-9]{1,6})S)?)?", re.IGNORECASE
)
_WORDED_LENGTH: Final = re.compile(
    r"(?:([0-9]{1,3}) ?(?:h|hours?|heures?) ?)?(?:([0-9]{1,4}) ?(?:m|mn|min|mins|minutes?|')?)?", re.IGNORECASE
)


def read_date(text: str, order: DateOrder = "dmy") -> date:
    """Read `2027-06-12`, `12/06/2027`, `12.06.27` or `samedi 12 juin 2027`. Raises `ValueError`."""
    text = " ".join(text.lower().split())
    if found := _ISO_DATE.match(text):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _SHORT_DATE.fullmatch(text):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        day, month = (first, second) if order == "dmy" else (second, first)
        return _date(year + 2000 if year < 100 else year, month, day)
    if found := _WORDED_DATE.fullmatch(text):
        return _date(int(found[3]), _month(found[2]), int(found[1]))
    raise ValueError(text)


def _date(year: int, month: int, day: int) -> date:
    # Beyond these years, a change of zone or the day of erasure could have no date.
    if not 1900 <= year <= 2999:
        raise ValueError(year)
    return date(year, month, day)


def _month(word: str) -> int:
    for number, beginnings in enumerate(_MONTHS, 1):
        if word.startswith(beginnings):
            return number
    raise ValueError(word)


def order_of(texts: list[str]) -> tuple[DateOrder, bool]:
    """Return the order that the dates `texts` can have, and whether they leave a doubt.

    A day comes before its month unless a date says otherwise.
    """
    found = [match for text in texts if (match := _SHORT_DATE.fullmatch(text.strip()))]
    if any(int(match[1]) > 12 for match in found):
        return "dmy", False
    if any(int(match[3]) > 12 for match in found):
        return "mdy", False
    return "dmy", any(match[2] == "/" and match[1] != match[3] for match in found)


def read_time(text: str) -> timedelta:
    """Read `9:30`, `09:30:00`, `9h30`, `9 h`, `9.30`, `9:30 PM` or `24:00` as the time since midnight.

    A time after 24:00 is one of the next date, up to 36:00. Raises `ValueError`.
    """
    found = _TIME.fullmatch(text.strip().replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " "))
    if found is None or (not found[2] and not found[4] and "h" not in text.lower()):
        raise ValueError(text)
    hours, minutes = int(found[1]), int(found[2] or 0)
    if found[4]:
        if not 1 <= hours <= 12:
            raise ValueError(text)
        hours = hours % 12 + (12 if "p" in found[4].lower() else 0)
    if hours > 36 or minutes > 59:
        raise ValueError(text)
    return timedelta(hours=hours, minutes=minutes)


def read_length(text: str) -> timedelta:
    """Read `00:30`, `1:00:00`, `PT30M`, `45`, `45 min` or `1h30`. Raises `ValueError`.

    Three numbers are hours, minutes and seconds, or days, hours and minutes where the hours have a single digit and the
    seconds are not 00, as pretalx writes what lasts over a day.
    """
    text = " ".join(text.split())
    if found := _CLOCK_LENGTH.fullmatch(text):
        first, second, third = int(found[1]), int(found[2]), found[3]
        if third not in (None, "00") and len(found[1]) == 1 and second < 24:
            return timedelta(days=first, hours=second, minutes=int(third))
        return timedelta(hours=first, minutes=second)
    if len(text) > 1 and (found := _ISO_LENGTH.fullmatch(text)) and any(found.groups()):
        weeks, days, hours, minutes, seconds = (int(each or 0) for each in found.groups())
        return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    if text and (found := _WORDED_LENGTH.fullmatch(text)):
        return timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0))
    raise ValueError(text)


def read_moment(text: str, order: DateOrder = "dmy") -> datetime:
    """Read a moment of RFC 3339 or ISO 8601, or `2027-06-12 9:30`; naive without an offset. Raises `ValueError`."""
    text = text.strip()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        day, _, clock = text.replace("T", " ").partition(" ")
        moment = datetime.combine(read_date(day, order), datetime.min.time()) + read_time(clock)
    _date(moment.year, moment.month, moment.day)
    return moment.replace(second=0, microsecond=0)
