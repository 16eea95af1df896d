"""Days and clock times in words, in each language, always in the event's own zone."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date

from portal.domain.event.event import Event
from portal.domain.language import Language

_LOCALES: Final[dict[Language, str]] = {"fr": "fr_FR", "en": "en_GB"}


def day_in_words(day: date, language: Language) -> str:
    """Write `day` as `mardi 15 décembre 2026`, `mardi 1er décembre 2026`, `Tuesday 15 December 2026`."""
    pattern = "EEEE d'er' MMMM y" if language == "fr" and day.day == 1 else "EEEE d MMMM y"
    return format_date(day, pattern, locale=_LOCALES[language])


def in_zone(event: Event, moment: datetime) -> datetime:
    """Return `moment` (aware) as the clocks of the event's zone show it."""
    return moment.astimezone(ZoneInfo(event.zone))


def seconds_in_words(seconds: float, language: Language) -> str:
    """Write `seconds` with one decimal, `0.8`, after a comma in French."""
    return f"{seconds:.1f}".replace(".", "," if language == "fr" else ".")
