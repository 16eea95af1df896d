"""Warnings about an event: likely mistakes that do not block publishing."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import time
from difflib import get_close_matches
from functools import lru_cache
from itertools import accumulate, chain
from typing import Final

from portal.domain.draft.part import Part, PartValue, entries_of, keys_of, values_of_parts
from portal.domain.errors import Problem
from portal.domain.event.day_rules import table_of_day
from portal.domain.event.days import Span, dates_of, day_of, is_shown_twice, session_span
from portal.domain.event.event import Day, Event, Session, SessionKind, is_everywhere, is_undecided
from portal.domain.event.languages import languages_of
from portal.domain.event.schedule import clock, entry
from portal.domain.language import N_, Language, Text

_IN_NO_TEXT: Final = N_("no text is in %(language)s: take this language out of those of the event, or translate it")
_NOT_TRANSLATED: Final = N_("part of it is not in %(language)s: the public reads another language there")


_KINDS: Final = tuple(SessionKind)
_ALIKE: Final = 0.85
"""Likeness of two words, from 0 to 1, from which one is likely meant for the other."""

_TWICE: Final = N_("the clocks show %(time)s twice on %(date)s, as they go back; the first time is meant")


def warnings_of(event: Event) -> tuple[Problem, ...]:
    """Return everything that is likely a mistake, in the order of the checks.

    The problems that block publishing are those of `event_file.problems_of`.
    """
    return tuple(chain.from_iterable(check(event) for check in _CHECKS))


def _speaking_twice_at_once(event: Event) -> Iterator[Problem]:
    """Yield a speaker in two sessions at the same time, at the later session; a collective may be in several."""
    busy: dict[str, tuple[Span, Session]] = {}
    timed = [(session_span(event, session), session) for session in _taking_place(event)]
    for span, session in sorted(timed, key=lambda pair: (pair[0].start, pair[0].end)):
        for name in dict.fromkeys(session.speakers):
            other = busy.get(name)
            if other is not None and span.start < other[0].end and not _is_collective(event, name):
                text = N_("%(speaker)s is in “%(other)s” at the same time")
                yield _of_session(event, session, "speakers", text, speaker=name, other=other[1].id)
            if other is None or other[0].end < span.end:
                busy[name] = span, session


def _is_collective(event: Event, name: str) -> bool:
    return event.collective.name.casefold() in name.casefold()


def _without_a_room(event: Event) -> Iterator[Problem]:
    for session in _taking_place(event):
        if is_undecided(session):
            yield _of_session(event, session, "room", N_("it has no room"))


def _beside_a_session_everywhere(event: Event) -> Iterator[Problem]:
    """Yield a session in a room, or everywhere as well, at the same time as one that is everywhere."""
    timed = sorted(
        ((session_span(event, session), session) for session in _taking_place(event) if not session.shares_room),
        key=lambda pair: (pair[0].start, pair[0].end),
    )
    everywhere = [pair for pair in timed if is_everywhere(pair[1])]
    starts, places = [span.start for span, _ in everywhere], {id(pair): place for place, pair in enumerate(everywhere)}
    longest = list(accumulate(everywhere, _later_end))
    for pair in timed:
        span, session = pair
        if is_undecided(session):
            continue
        # Of the sessions everywhere that start before this one ends, or before it in the list, the last to end.
        before = places.get(id(pair), bisect_left(starts, span.end))
        if before and longest[before - 1][0].end > span.start:
            text = N_("it is at the same time as “%(other)s”, which is everywhere")
            yield _of_session(event, session, "start", text, other=longest[before - 1][1].id)


def _later_end(first: tuple[Span, Session], second: tuple[Span, Session]) -> tuple[Span, Session]:
    return first if first[0].end >= second[0].end else second


def _shown_twice(event: Event) -> Iterator[Problem]:
    """Yield the times of days and of sessions that the clocks show twice, as they are put back."""
    for number, day in enumerate(event.days, 1):
        for key, details in _times_shown_twice(event.zone, day, day.start, day.end):
            yield Problem(table_of_day(event.days, number), key, _TWICE, tuple(details.items()))
    for session in _taking_place(event):
        for key, details in _times_shown_twice(event.zone, day_of(event, session), session.start, session.end):
            yield _of_session(event, session, key, _TWICE, **details)


def _times_shown_twice(zone: str, day: Day, start: time, end: time) -> Iterator[tuple[str, Mapping[str, str]]]:
    first, last = dates_of(day, start, end)
    for key, on, moment in (("start", first, start), ("end", last, end)):
        if is_shown_twice(zone, on, moment):
            yield key, {"time": clock(moment), "date": on.isoformat()}


def _nearly_of_a_known_type(event: Event) -> Iterator[Problem]:
    for session in event.sessions:
        alike = _known_type_like(session.kind)
        if alike not in ("", session.kind):
            text = N_("“%(kind)s” is nearly “%(alike)s”, a type that the portal knows and translates")
            yield _of_session(event, session, "kind", text, kind=session.kind, alike=alike)


@lru_cache(maxsize=256)
def _known_type_like(kind: str) -> str:
    """Return the type that the portal knows and that is most like `kind`, "" for none."""
    return next(iter(get_close_matches(kind.casefold(), _KINDS, n=1, cutoff=_ALIKE)), "")


def _without_a_description(event: Event) -> Iterator[Problem]:
    for session in event.sessions:
        if session.kind != SessionKind.BREAK and session.abstract.is_blank():
            yield _of_session(event, session, "abstract", N_("it has no description"))


def _without_a_translation(event: Event) -> Iterator[Problem]:
    """Yield a language that no text is in, and for each other the parts with a text that is missing in it."""
    texts = {part: _texts_of(part, value) for part, value in values_of_parts(event).items()}
    for language in languages_of(event):
        if not any(text[language].strip() for each in texts.values() for text in each):
            yield Problem("event", "", _IN_NO_TEXT, (("language", language),))
            continue
        for part, each in texts.items():
            if any(not text[language].strip() for text in each):
                yield of_part(event, part, _NOT_TRANSLATED, {"language": language}, language)


def _texts_of(part: Part, value: PartValue) -> list[Text]:
    """Return the texts of a part that have words in some language."""
    texts = (getattr(value, key) for key in keys_of(part))
    return [text for text in texts if isinstance(text, Text) and not text.is_blank()]


def _without_a_session(event: Event) -> Iterator[Problem]:
    used = {id for session in event.sessions for id in (*session.rooms, *session.themes)}
    for table, text in (("rooms", N_("no session takes place in it")), ("themes", N_("no session is of this theme"))):
        for number, unused in enumerate(entries_of(event, table), 1):
            if unused.id not in used:
                yield Problem(entry(table, number), "", text, id=unused.id)


_CHECKS: Final[tuple[Callable[[Event], Iterable[Problem]], ...]] = (
    _speaking_twice_at_once,
    _beside_a_session_everywhere,
    _shown_twice,
    _without_a_room,
    _nearly_of_a_known_type,
    _without_a_description,
    _without_a_translation,
    _without_a_session,
)


def _taking_place(event: Event) -> list[Session]:
    return [session for session in event.sessions if not session.cancelled]


def _of_session(event: Event, session: Session, key: str, text: str, **details: object) -> Problem:
    number = next(number for number, each in enumerate(event.sessions, 1) if each is session)
    return Problem(entry("sessions", number), key, text, tuple(details.items()), session.id)


def of_part(event: Event, part: Part, text: str, details: Mapping[str, object], language: Language = "") -> Problem:
    """Return the problem `text` of a part of `event`; of a long text in `language` where that is given."""
    pairs = tuple(details.items())
    if part.table == "texts":
        return Problem("texts", f"{part.id}.{language}" if language else part.id, text, pairs)
    if not part.id:
        return Problem(part.table, "", text, pairs)
    number = [each.id for each in entries_of(event, part.table)].index(part.id) + 1
    return Problem(entry(part.table, number), "", text, pairs, part.id)
