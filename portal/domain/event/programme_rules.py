"""Rules between the parts of an event: unique ids and names, rooms and themes that exist, times that fit."""

from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import chain, islice
from typing import Final
from unicodedata import normalize

from portal.domain.errors import Problem
from portal.domain.event.day_rules import faults_of_days, faults_of_times
from portal.domain.event.overlap_rules import overlap_faults
from portal.domain.event.schedule import Named, Schedule, ScheduledSession, entry, fault
from portal.domain.language import N_, Text
from portal.domain.limits import ANNOUNCEMENTS, DAYS, FAULTS_COUNTED, MIRRORS

_MOST: Final[Mapping[str, int]] = {"announcements": ANNOUNCEMENTS, "mirrors": MIRRORS}
_NAMED_APART: Final = frozenset({"rooms", "themes", "speakers"})
"""The lists in which a name stands for an entry wherever people read it, so that no two may have the same."""


def problems_of_schedule(schedule: Schedule) -> tuple[Problem, ...]:
    """Return the faults of `schedule`: all of them, or FAULTS_COUNTED + 1 where there are more."""
    return tuple(islice(_faults_of(schedule), FAULTS_COUNTED + 1))


def _faults_of(schedule: Schedule) -> Iterator[Problem]:
    yield from faults_of_days(schedule)
    yield from _too_many("days", len(schedule.days), DAYS)
    for table, entries in schedule.lists.items():
        yield from _repeated(table, [each.id for each in entries or ()])
        if table in _NAMED_APART:
            yield from _called_alike(table, entries or ())
        if table in _MOST:
            yield from _too_many(table, len(entries or ()), _MOST[table])
    yield from _repeated("sessions", [session.id for session in schedule.sessions])
    yield from chain.from_iterable(_faults_of_sessions(schedule))
    yield from overlap_faults(schedule)


def _repeated(table: str, ids: Sequence[str | None]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for number, id in enumerate(ids, 1):
        if id in seen:
            text = N_("%(other)s has the same id")
            yield fault(entry(table, number), "id", id, text, other=entry(table, seen[id]))
        elif id is not None:
            seen[id] = number


def _called_alike(table: str, entries: Sequence[Named]) -> Iterator[Problem]:
    """Yield a fault for each entry that has, in a language, the name of an earlier one, but for capitals."""
    seen: dict[tuple[str, str], int] = {}
    for number, each in enumerate(entries, 1):
        words = {name for name in _names(each) if name[1]}
        other = min((seen[name] for name in words if name in seen), default=None)
        if other is not None:
            earlier, name = entries[other - 1], each.name
            shown = name.in_language("fr") if isinstance(name, Text) else name
            text = N_("“%(other)s” has the same name, “%(name)s”: people could not tell them apart")
            yield fault(
                entry(table, number), "name", each.id, text, other=earlier.id or entry(table, other), name=shown
            )
        seen |= dict.fromkeys(words - seen.keys(), number)


def _names(each: Named) -> Iterator[tuple[str, str]]:
    """Yield each language, "" for a name in none, with the name in it as it is compared."""
    if isinstance(each.name, Text):
        yield from ((language, _compared(each.name[language])) for language in each.name.languages)
    elif each.name is not None:
        yield "", _compared(each.name)


def _compared(name: str) -> str:
    return normalize("NFC", " ".join(name.split())).casefold()


def _too_many(table: str, count: int, most: int) -> Iterator[Problem]:
    if count > most:
        text = N_("at most %(most)s are taken; here there are %(count)s")
        yield fault(table, "", None, text, most=most, count=count)


def _faults_of_sessions(schedule: Schedule) -> Iterator[Iterator[Problem]]:
    rooms, themes = (_ids(schedule.lists.get(table)) for table in ("rooms", "themes"))
    for number, session in enumerate(schedule.sessions, 1):
        table = entry("sessions", number)
        yield faults_of_times(table, session, schedule)
        yield _faults_of_place(table, session)
        yield _faults_of_ids(table, session, "room", session.rooms, rooms)
        yield _faults_of_ids(table, session, "theme", session.themes, themes)


def _ids(entries: Sequence[Named] | None) -> Set[str | None] | None:
    return None if entries is None else {each.id for each in entries}


def _faults_of_place(table: str, session: ScheduledSession) -> Iterator[Problem]:
    if session.everywhere and session.rooms:
        text = N_("it is everywhere and in a room at once: take out one or the other")
        yield fault(table, "everywhere", session.id, text)


_UNKNOWN: Final = {"room": N_("no room has the id “%(room)s”"), "theme": N_("no theme has the id “%(theme)s”")}


def _faults_of_ids(
    table: str, session: ScheduledSession, key: str, ids: Sequence[str] | None, known: Set[str | None] | None
) -> Iterator[Problem]:
    """Yield a fault for each of `ids` that is not `known`, None where that could not be read, or there twice."""
    ids = ids or ()
    for place, id in enumerate(ids):
        if id in ids[:place]:
            yield fault(table, key, session.id, N_("“%(name)s” is there twice"), name=id)
        elif known is not None and id not in known:
            yield fault(table, key, session.id, _UNKNOWN[key], **{key: id})
