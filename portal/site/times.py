"""Days and clock times in words, in each language, always in the event's own zone."""

from datetime import date, datetime
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from babel.core import get_global
from babel.dates import format_date, format_interval, format_skeleton
from babel.numbers import format_decimal

from portal.domain.event.event import Event
from portal.domain.language import N_, Language
from portal.domain.language_tags import locale_of, writing_of
from portal.site.catalogue import translated
from portal.site.typography import elided

_UTC: Final = frozenset({"UTC", "UCT", "Universal", "Zulu", "Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu"})
_WITHOUT_A_CITY: Final = frozenset({"", "Etc", "US", "Canada", "Brazil", "Chile", "Mexico"})
"""Areas of the tz database whose zones are named after something else, as `CET` and `US/Eastern` are."""
_YEAR: Final = " y"
"""The end of a pattern whose last part is the year (Unicode Technical Standard 35, part 4)."""


def day_in_words(day: date, language: Language) -> str:
    """Write `day` as `mardi 15 décembre 2026`, `mardi 1er décembre 2026`, `Tuesday 15 December 2026`."""
    writing = writing_of(language)
    return format_date(day, _pattern_of(day, language), locale=writing.locale)


def _pattern_of(day: date, language: Language) -> str:
    writing = writing_of(language)
    return writing.day.replace("d", f"'{writing.first}'") if writing.first and day.day == 1 else writing.day


def days_in_words(first: date, last: date, language: Language) -> str:
    """Write the days from `first` to another, `last`: `sam. 12 – dim. 13 juin 2027`."""
    return format_interval(first, last, "yMMMMEEEEd", locale=writing_of(language).locale)


def short_day_in_words(day: date, language: Language, *, brief: bool = False) -> str:
    """Write `day` without its year, where the year is plain: `samedi 12 juin`; `brief`, `sam. 12 juin`."""
    locale, pattern = writing_of(language).locale, _pattern_of(day, language)
    if brief or not pattern.endswith(_YEAR):
        return format_skeleton("MMMEd" if brief else "MMMMEEEEd", day, locale=locale)
    return format_date(day, pattern.removesuffix(_YEAR), locale=locale)


def weekday_in_words(day: date, language: Language) -> str:
    """Write the day of the week of `day` in short: `sam.`, `Sat`."""
    return format_date(day, "EEE", locale=writing_of(language).locale)


@cache
def zone_in_words(zone: str, language: Language) -> str:
    """Write the time zone `Europe/Paris` as `heure de Paris`, `Paris time`; UTC, and a zone of no city, by its name."""
    if zone in _UTC:
        return "UTC"
    area, _, place = zone.rpartition("/")
    if area in _WITHOUT_A_CITY:
        return zone
    names, aliases = locale_of(language).time_zones, get_global("zone_aliases")
    same = (each for name, each in names.items() if aliases.get(str(name), name) == aliases.get(zone, zone))
    cities = (str(each["city"]) for each in same if "city" in each)
    city = next(cities, place.replace("_", " "))
    return elided(translated(language, N_("%(city)s time"), {"city": city}), language)


def in_zone(event: Event, moment: datetime) -> datetime:
    """Return `moment` (aware) as the clocks of the event's zone show it."""
    return moment.astimezone(ZoneInfo(event.zone))


def seconds_in_words(seconds: float, language: Language) -> str:
    """Write `seconds` with one decimal, `0.8`, in French `0,8`."""
    return format_decimal(seconds, "0.0", locale=writing_of(language).locale)
