"""The times of sessions in words and for machines, with the day of the week wherever the date is not plain."""

from datetime import datetime, time
from typing import Final

from markupsafe import Markup

from portal.domain.event.days import day_of, session_span
from portal.domain.event.event import Event, Session
from portal.domain.language import N_, Language
from portal.domain.times import clock_time
from portal.site.catalogue import translated
from portal.site.times import weekday_in_words

MIDNIGHT: Final = N_("midnight")
"""The end of a session that lasts until the date changes."""

_NO_BREAK: Final = "\N{NO-BREAK SPACE}"


def session_times(event: Event, language: Language, session: Session, *, named: bool = False) -> Markup:
    """Return `9 h – 10 h 30`, `23 h – minuit`, `sam. 23 h – dim. 1 h`; see `session_start` for `named`."""
    span = session_span(event, session).in_zone(event.zone)
    is_midnight = span.end.time() == time() and span.end.date() != span.start.date()
    words = translated(language, MIDNIGHT) if is_midnight else _clock(language, span.end)
    if span.end.date() != span.start.date() and not is_midnight:
        words = _with_weekday(language, span.end, words)
    end = Markup('<time datetime="{}">{}</time>').format(span.end.isoformat(timespec="minutes"), words)
    start = session_start(event, language, session, named=named)
    return Markup('<span class="span">{} – {}</span>').format(start, end)


def session_start(event: Event, language: Language, session: Session, *, named: bool = False) -> Markup:
    """Return the start of `session`, with the day of the week after the midnight of its day, or always if `named`."""
    start = session_span(event, session).in_zone(event.zone).start
    words = _clock(language, start)
    if named or start.date() != day_of(event, session).date:
        words = _with_weekday(language, start, words)
    return Markup('<time datetime="{}">{}</time>').format(start.isoformat(timespec="minutes"), words)


def _clock(language: Language, moment: datetime) -> str:
    """Return the time of `moment`, with the name of its zone where the clocks show this time twice."""
    words = clock_time(moment.time(), language)
    is_shown_twice = moment.replace(fold=1 - moment.fold).utcoffset() != moment.utcoffset()
    return f"{words} ({moment.tzname()})" if is_shown_twice else words


def _with_weekday(language: Language, moment: datetime, words: str) -> str:
    return f"{weekday_in_words(moment.date(), language)}{_NO_BREAK}{words}"
