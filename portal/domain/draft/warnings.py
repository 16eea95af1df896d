"""What an organiser should look at before publishing, and may leave as it is."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Final

from portal.domain.draft.part import Part, entries_of, keys_of, parts_of, value_of
from portal.domain.errors import Problem
from portal.domain.event.event import Event, Session, SessionKind
from portal.domain.event.programme_rules import entry
from portal.domain.language import LANGUAGES, N_, Language, Text

_IN_A_ROOM: Final = frozenset({SessionKind.TALK, SessionKind.WORKSHOP, SessionKind.ASSEMBLY})
_NOT_TRANSLATED: Final[dict[Language, str]] = {
    "fr": N_("part of it has no French: the public reads the English there"),
    "en": N_("part of it has no English: the public reads the French there"),
}


def warnings_of(event: Event) -> tuple[Problem, ...]:
    """Everything that is likely a slip and keeps nothing from being published, in the order of the checks.

    What keeps an event from being published is `event_rules.problems_of`.
    """
    return tuple(chain.from_iterable(check(event) for check in _CHECKS))


def _speaking_twice_at_once(event: Event) -> Iterator[Problem]:
    """A name in two sessions at the same time, told once of the later one; a collective may be in several."""
    busy: dict[str, Session] = {}
    for one in sorted(_taking_place(event), key=lambda one: (one.start, one.end)):
        for name in dict.fromkeys(one.speakers):
            other = busy.get(name)
            if other is not None and one.start < other.end and not _is_collective(event, name):
                text = N_("%(speaker)s is in “%(other)s” at the same time")
                yield _of_session(event, one, "speakers", text, speaker=name, other=other.id)
            if other is None or other.end < one.end:
                busy[name] = one


def _is_collective(event: Event, name: str) -> bool:
    return event.collective.name.casefold() in name.casefold()


def _without_a_room(event: Event) -> Iterator[Problem]:
    for one in _taking_place(event):
        if one.room is None and one.kind in _IN_A_ROOM:
            yield _of_session(event, one, "room", N_("it has no room"))


def _without_a_description(event: Event) -> Iterator[Problem]:
    for one in event.sessions:
        if one.kind is not SessionKind.BREAK and not (one.abstract.fr.strip() or one.abstract.en.strip()):
            yield _of_session(event, one, "abstract", N_("it has no description"))


def _without_a_translation(event: Event) -> Iterator[Problem]:
    """A part of which a text is there in one language alone, told once in each language."""
    for part in parts_of(event):
        value = value_of(event, part)
        texts = [held for key in keys_of(part) if isinstance(held := getattr(value, key), Text)]
        for language in LANGUAGES:
            if any(text.in_language(language).strip() and not getattr(text, language).strip() for text in texts):
                yield _of_part(event, part, language)


def _without_a_session(event: Event) -> Iterator[Problem]:
    used = {one.room for one in event.sessions} | {one.theme for one in event.sessions}
    for table, text in (("rooms", N_("no session takes place in it")), ("themes", N_("no session is of this theme"))):
        for number, one in enumerate(entries_of(event, table), 1):
            if one.id not in used:
                yield Problem(entry(table, number), "", text, id=one.id)


_CHECKS: Final[tuple[Callable[[Event], Iterable[Problem]], ...]] = (
    _speaking_twice_at_once,
    _without_a_room,
    _without_a_description,
    _without_a_translation,
    _without_a_session,
)


def _taking_place(event: Event) -> list[Session]:
    return [one for one in event.sessions if not one.cancelled]


def _of_session(event: Event, session: Session, key: str, text: str, **details: object) -> Problem:
    number = event.sessions.index(session) + 1
    return Problem(entry("sessions", number), key, text, tuple(details.items()), session.id)


def _of_part(event: Event, part: Part, language: Language) -> Problem:
    text = _NOT_TRANSLATED[language]
    if part.table == "texts":
        return Problem("texts", f"{part.id}.{language}", text)
    if not part.id:
        return Problem(part.table, "", text)
    number = [one.id for one in entries_of(event, part.table)].index(part.id) + 1
    return Problem(entry(part.table, number), "", text, id=part.id)
