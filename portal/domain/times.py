"""Moments to the minute, the precision of all that is published and stored; in words, and in forms."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, format_time

from portal.domain.input_errors import MomentRefused, MomentSkipped
from portal.domain.language import Language, Text
from portal.domain.language_tags import writing_of


def whole_minute(moment: datetime) -> datetime:
    """Return the beginning of the minute that `moment` falls into."""
    return moment.replace(second=0, microsecond=0)


@cache
def clock_time(moment: time, language: Language) -> str:
    """Return `17 h 30` and `11 h` in French, `17:30` and `11:00` in English, and so on."""
    writing = writing_of(language)
    return format_time(moment, writing.clock if moment.minute else writing.full_hour, locale=writing.locale)


def clock_text(moment: time, languages: Sequence[Language]) -> Text:
    """Return `moment` in each of `languages`."""
    return Text(**{language: clock_time(moment, language) for language in languages})


def span_text(start: time, end: time, languages: Sequence[Language]) -> Text:
    """Return the span of time in each of `languages`: `11 h 20 – 12 h` in French, `11:20 – 12:00` in English."""
    first, last = clock_text(start, languages), clock_text(end, languages)
    return Text(**{language: f"{first[language]} – {last[language]}" for language in languages})


@cache
def short_day(day: date, language: Language, with_year: bool) -> str:
    """Return `sam. 12 juin` in French, `Sat 12 Jun` in English, and so on; `with_year` followed by the year."""
    writing = writing_of(language)
    words = format_skeleton("yMMMEd" if with_year else "MMMEd", day, locale=writing.locale)
    return words.replace("1", writing.first, 1) if writing.first and day.day == 1 else words


def day_text(day: date, languages: Sequence[Language], with_year: bool = False) -> Text:
    """Return `day` in each of `languages`."""
    return Text(**{language: short_day(day, language, with_year) for language in languages})


# Before 1972 clocks differed from UTC by seconds somewhere.
_MOMENT: Final = re.compile(r"2[0-9]{3}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?")


def moment_of(field: str, typed: str, zone: str) -> datetime | None:
    """Return the moment `typed` by the clocks of `zone`, in UTC; None for "". A repeated hour means its first pass.

    Raises `MomentRefused` or `MomentSkipped`, on `field`.
    """
    if not typed.strip():
        return None
    try:
        if not _MOMENT.fullmatch(typed.strip()):
            raise ValueError
        shown = datetime.fromisoformat(typed.strip()).replace(second=0, tzinfo=ZoneInfo(zone))
        moment = shown.astimezone(UTC)
    except ValueError:
        raise MomentRefused(field, example="2026-12-01T09:00") from None
    if shown_moment(moment, zone) != shown.replace(tzinfo=None).isoformat(timespec="minutes"):
        raise MomentSkipped(field)
    return moment


def shown_moment(moment: datetime | None, zone: str) -> str:
    """Return `moment` as a form has it (HTML §2.3.5.5), by the clocks of `zone`: `2026-12-01T09:00`; "" for None."""
    if moment is None:
        return ""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat(timespec="minutes")
