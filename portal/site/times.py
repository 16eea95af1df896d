"""Days and clock times in words, in each language, always in the event's own zone."""

from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date

from portal.domain.event import Event
from portal.domain.language import Language

_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_LOCALES: Final[dict[Language, str]] = {"fr": "fr_FR", "en": "en_GB"}


def day_in_words(day: date, language: Language) -> str:
    """`mardi 15 décembre 2026`, `Tuesday 15 December 2026`."""
    return format_date(day, "EEEE d MMMM y", locale=_LOCALES[language])


def clock_time(moment: time, language: Language) -> str:
    """`17 h 30` and `11 h` in French, `17:30` and `11:00` in English."""
    if language == "en":
        return f"{moment:%H:%M}"
    minutes = f"{_NO_BREAK}{moment:%M}" if moment.minute else ""
    return f"{moment.hour}{_NO_BREAK}h{minutes}"


def instant(event: Event, moment: time) -> str:
    """The clock time `moment` of the event's day for `<time datetime>`: `2026-12-15T11:00+01:00` (HTML, 2.3.5)."""
    return datetime.combine(event.day, moment, ZoneInfo(event.zone)).isoformat(timespec="minutes")


def in_zone(event: Event, moment: datetime) -> datetime:
    """`moment` (aware) as the clocks of the event's zone show it."""
    return moment.astimezone(ZoneInfo(event.zone))
