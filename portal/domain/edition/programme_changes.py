"""Changes of the programme: its themes, its rooms and its sessions, each known by its id."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

from portal.domain.edition.change import (
    DESCRIBED,
    NAMED,
    Change,
    are_reordered,
    changed,
    entries_in_both,
    entries_without,
    text_changed,
)
from portal.domain.event.days import day_of
from portal.domain.event.event import Event, Room, Session, SessionKind, Theme
from portal.domain.event.languages import languages_of
from portal.domain.language import N_, Text
from portal.domain.times import span_text

_KINDS: Final[Mapping[str, str]] = {
    SessionKind.TALK: N_("a talk"),
    SessionKind.WORKSHOP: N_("a workshop"),
    SessionKind.WELCOME: N_("a welcome"),
    SessionKind.BREAK: N_("a break"),
    SessionKind.ASSEMBLY: N_("an assembly"),
}

_NO_ROOM: Final = N_("no room of its own")
_NO_THEME: Final = N_("no theme")
_NO_SPEAKER: Final = N_("nobody named")


_Thread = TypeVar("_Thread", Theme, Room)


def theme_changes(old: Event, new: Event) -> Iterator[Change]:
    """Yield the themes added, taken out, renamed, described differently, put in another order."""
    for theme in entries_without(new.themes, old.themes):
        yield changed(N_("New theme: “%(title)s”."), title=theme.name)
    for theme in entries_without(old.themes, new.themes):
        yield changed(N_("Theme removed: “%(title)s”."), title=theme.name)
    yield from _described(old.themes, new.themes)
    if are_reordered(old.themes, new.themes):
        yield changed(N_("The themes are in another order."))


def room_changes(old: Event, new: Event) -> Iterator[Change]:
    """Yield the rooms added, taken out, renamed, described differently, put in another order."""
    for room in entries_without(new.rooms, old.rooms):
        yield changed(N_("New room: “%(title)s”."), title=room.name)
    for room in entries_without(old.rooms, new.rooms):
        yield changed(N_("Room removed: “%(title)s”."), title=room.name)
    yield from _described(old.rooms, new.rooms)
    if are_reordered(old.rooms, new.rooms):
        yield changed(N_("The rooms are in another order."))


def session_changes(old: Event, new: Event) -> Iterator[Change]:
    """Yield the sessions added, taken out, changed, put in another order."""
    for session in entries_without(new.sessions, old.sessions):
        where, spoken = _names(new, new.rooms, session.rooms, _NO_ROOM), when(session, new)
        yield changed(N_("New: “%(title)s”, %(when)s, %(room)s."), title=session.title, when=spoken, room=where)
    for session in entries_without(old.sessions, new.sessions):
        yield changed(N_("Removed: “%(title)s”, %(when)s."), title=session.title, when=when(session, old))
    for before, after in entries_in_both(old.sessions, new.sessions):
        yield from _session_changes(before, after, old, new)
    if are_reordered(old.sessions, new.sessions):
        yield changed(N_("The sessions are in another order."))


def when(session: Session, event: Event) -> Text:
    """Return the times of `session` in each language of `event`, with its date where there are several days."""
    times = span_text(session.start, session.end, languages_of(event))
    if len(event.days) == 1:
        return times
    date = day_of(event, session).date.isoformat()
    return Text(**{language: f"{date}, {times[language]}" for language in times.languages})


def _session_changes(before: Session, after: Session, old: Event, new: Event) -> Iterator[Change]:
    yield from text_changed(NAMED, before.title, after.title, title=after.title)
    if before.cancelled != after.cancelled:
        text = N_("Cancelled: “%(title)s”, %(when)s.") if after.cancelled else N_("“%(title)s” takes place after all.")
        yield changed(text, title=after.title, when=when(after, new))
    for text, aspect, named in _ASPECTS:
        if aspect(before, old) != aspect(after, new):
            yield changed(text, title=after.title, old=named(before, old), new=named(after, new))
    yield from text_changed(DESCRIBED, before.abstract, after.abstract, title=after.title)


def _names(event: Event, entries: Sequence[Theme | Room], ids: Sequence[str], none: str) -> object:
    """Return the names of the entries with these `ids`, in each language; `none`, a message, for no id."""
    if not ids:
        return none
    known = {entry.id: entry.name for entry in entries}
    if len(ids) == 1:
        return known.get(ids[0], ids[0])
    languages = languages_of(event)
    names = [known.get(id, Text(**dict.fromkeys(languages, id))) for id in ids]
    return Text(**{each: ", ".join(name.in_language(each, languages) for name in names) for each in languages})


_Aspect = tuple[str, Callable[[Session, Event], object], Callable[[Session, Event], object]]
_ASPECTS: Final[tuple[_Aspect, ...]] = (
    (
        N_("“%(title)s” moves from %(old)s to %(new)s."),
        lambda session, _: (session.day, session.start, session.end),
        when,
    ),
    (
        N_("“%(title)s” changes room: %(old)s → %(new)s."),
        lambda session, _: session.rooms,
        lambda session, event: _names(event, event.rooms, session.rooms, _NO_ROOM),
    ),
    (
        N_("“%(title)s” changes theme: %(old)s → %(new)s."),
        lambda session, _: session.themes,
        lambda session, event: _names(event, event.themes, session.themes, _NO_THEME),
    ),
    (
        N_("“%(title)s” becomes %(new)s (it was %(old)s)."),
        lambda session, _: session.kind,
        lambda session, _: _KINDS.get(session.kind, session.kind),
    ),
    (
        N_("“%(title)s”, speakers: “%(old)s” becomes “%(new)s”."),
        lambda session, _: session.speakers,
        lambda session, _: ", ".join(session.speakers) or _NO_SPEAKER,
    ),
)


def _described(old: Sequence[_Thread], new: Sequence[_Thread]) -> Iterator[Change]:
    for before, after in entries_in_both(old, new):
        yield from text_changed(NAMED, before.name, after.name, title=after.name)
        yield from text_changed(DESCRIBED, before.description, after.description, title=after.name)
