"""Days and clock times in words, in each language, always in the event's own zone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal

from portal.domain.event.event import Event
from portal.domain.language import Language
from portal.domain.language_tags import writing_of


def day_in_words(day: date, language: Language) -> str:
    """Write `day` as `mardi 15 décembre 2026`, `mardi 1er décembre 2026`, `Tuesday 15 December 2026`."""
    writing = writing_of(language)
    pattern = writing.day.replace("d", f"'{writing.first}'") if writing.first and day.day == 1 else writing.day
    return format_date(day, pattern, locale=writing.locale)


def in_zone(event: Event, moment: datetime) -> datetime:
    """Return `moment` (aware) as the clocks of the event's zone show it."""
    return moment.astimezone(ZoneInfo(event.zone))


def seconds_in_words(seconds: float, language: Language) -> str:
    """Write `seconds` with one decimal, `0.8`, in French `0,8`."""
    return format_decimal(seconds, "0.0", locale=writing_of(language).locale)
