"""The times of sessions in words and for machines, with the day of the week wherever the date is not plain."""

from datetime import datetime, time
from functools import lru_cache
from typing import Final

from markupsafe import Markup

from portal.domain.event.days import clock_span, day_of
from portal.domain.event.event import Day, Event, Session
from portal.domain.language import N_, Language
from portal.domain.times import clock_time
from portal.site.catalogue import translated
from portal.site.times import weekday_in_words

MIDNIGHT: Final = N_("midnight")
"""The end of a session that lasts until the date changes."""

_TIMES_KEPT: Final = 8_192
"""Times that are kept in words: a session stands on ten pages."""
_NO_BREAK: Final = "\N{NO-BREAK SPACE}"


def session_times(event: Event, language: Language, session: Session, *, named: bool = False) -> Markup:
    """Return `9 h – 10 h 30`, `23 h – minuit`, `sam. 23 h – dim. 1 h`; see `session_start` for `named`."""
    return _times(event.zone, day_of(event, session), session.start, session.end, language, named)[1]


def session_start(event: Event, language: Language, session: Session, *, named: bool = False) -> Markup:
    """Return the start of `session`, with the day of the week after the midnight of its day, or always if `named`."""
    return _times(event.zone, day_of(event, session), session.start, session.end, language, named)[0]


def day_times(event: Event, language: Language, day: Day) -> Markup:
    """Return the times of `day` in the same words."""
    return _times(event.zone, day, day.start, day.end, language, False)[1]


@lru_cache(maxsize=_TIMES_KEPT)
def _times(zone: str, day: Day, start: time, end: time, language: Language, named: bool) -> tuple[Markup, Markup]:
    """Return the start of a session, and its start and end."""
    span = clock_span(zone, day, start, end).in_zone(zone)
    is_midnight = span.end.time() == time() and span.end.date() != span.start.date()
    first = _clock(language, span.start)
    if named or span.start.date() != day.date:
        first = _with_weekday(language, span.start, first)
    last = translated(language, MIDNIGHT) if is_midnight else _clock(language, span.end)
    if span.end.date() != span.start.date() and not is_midnight:
        last = _with_weekday(language, span.end, last)
    began, ended = (
        time_element(moment.isoformat(timespec="minutes"), words)
        for moment, words in ((span.start, first), (span.end, last))
    )
    return began, Markup('<span class="span">{} – {}</span>').format(began, ended)


def time_element(machine: str, words: str) -> Markup:
    """Return a moment in words, readable by machines too (HTML §2.3.5)."""
    return Markup('<time datetime="{}">{}</time>').format(machine, words)


def _clock(language: Language, moment: datetime) -> str:
    """Return the time of `moment`, with the name of its zone where the clocks show this time twice."""
    words = clock_time(moment.time(), language)
    is_shown_twice = moment.replace(fold=1 - moment.fold).utcoffset() != moment.utcoffset()
    return f"{words} ({moment.tzname()})" if is_shown_twice else words


def _with_weekday(language: Language, moment: datetime, words: str) -> str:
    return f"{weekday_in_words(moment.date(), language)}{_NO_BREAK}{words}"
