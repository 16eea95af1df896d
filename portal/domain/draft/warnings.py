"""Warnings about an event: likely mistakes that do not block publishing."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Final

from portal.domain.draft.part import Part, entries_of, keys_of, parts_of, value_of
from portal.domain.errors import Problem
from portal.domain.event.event import Event, Session, SessionKind
from portal.domain.event.languages import languages_of
from portal.domain.event.programme_rules import entry
from portal.domain.language import N_, Language, Text

_IN_A_ROOM: Final = frozenset({SessionKind.TALK, SessionKind.WORKSHOP, SessionKind.ASSEMBLY})
_NOT_TRANSLATED: Final = N_("part of it is not in %(language)s: the public reads another language there")


def warnings_of(event: Event) -> tuple[Problem, ...]:
    """Return everything that is likely a mistake, in the order of the checks.

    The problems that block publishing are those of `event_file.problems_of`.
    """
    return tuple(chain.from_iterable(check(event) for check in _CHECKS))


def _speaking_twice_at_once(event: Event) -> Iterator[Problem]:
    """Yield a speaker in two sessions at the same time, at the later session; a collective may be in several."""
    busy: dict[str, Session] = {}
    for session in sorted(_taking_place(event), key=lambda session: (session.start, session.end)):
        for name in dict.fromkeys(session.speakers):
            other = busy.get(name)
            if other is not None and session.start < other.end and not _is_collective(event, name):
                text = N_("%(speaker)s is in “%(other)s” at the same time")
                yield _of_session(event, session, "speakers", text, speaker=name, other=other.id)
            if other is None or other.end < session.end:
                busy[name] = session


def _is_collective(event: Event, name: str) -> bool:
    return event.collective.name.casefold() in name.casefold()


def _without_a_room(event: Event) -> Iterator[Problem]:
    for session in _taking_place(event):
        if session.room is None and session.kind in _IN_A_ROOM:
            yield _of_session(event, session, "room", N_("it has no room"))


def _without_a_description(event: Event) -> Iterator[Problem]:
    for session in event.sessions:
        if session.kind is not SessionKind.BREAK and session.abstract.is_blank():
            yield _of_session(event, session, "abstract", N_("it has no description"))


def _without_a_translation(event: Event) -> Iterator[Problem]:
    """Yield a part with a text that is missing in a language, once for each language."""
    for part in parts_of(event):
        value = value_of(event, part)
        texts = [text for key in keys_of(part) if isinstance(text := getattr(value, key), Text)]
        for language in languages_of(event):
            if any(not text.is_blank() and not text[language].strip() for text in texts):
                yield _of_part(event, part, language)


def _without_a_session(event: Event) -> Iterator[Problem]:
    used = {session.room for session in event.sessions} | {session.theme for session in event.sessions}
    for table, text in (("rooms", N_("no session takes place in it")), ("themes", N_("no session is of this theme"))):
        for number, unused in enumerate(entries_of(event, table), 1):
            if unused.id not in used:
                yield Problem(entry(table, number), "", text, id=unused.id)


_CHECKS: Final[tuple[Callable[[Event], Iterable[Problem]], ...]] = (
    _speaking_twice_at_once,
    _without_a_room,
    _without_a_description,
    _without_a_translation,
    _without_a_session,
)


def _taking_place(event: Event) -> list[Session]:
    return [session for session in event.sessions if not session.cancelled]


def _of_session(event: Event, session: Session, key: str, text: str, **details: object) -> Problem:
    number = event.sessions.index(session) + 1
    return Problem(entry("sessions", number), key, text, tuple(details.items()), session.id)


def _of_part(event: Event, part: Part, language: Language) -> Problem:
    details = (("language", language),)
    if part.table == "texts":
        return Problem("texts", f"{part.id}.{language}", _NOT_TRANSLATED, details)
    if not part.id:
        return Problem(part.table, "", _NOT_TRANSLATED, details)
    number = [each.id for each in entries_of(event, part.table)].index(part.id) + 1
    return Problem(entry(part.table, number), "", _NOT_TRANSLATED, details, part.id)
