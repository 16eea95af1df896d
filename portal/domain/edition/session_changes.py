"""Changes of the sessions of a programme, each known by its id."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from portal.domain.edition.change import (
    DESCRIBED,
    NAMED,
    NOT_GIVEN,
    Change,
    are_reordered,
    changed,
    entries_in_both,
    entries_without,
    text_changed,
)
from portal.domain.event.days import day_of
from portal.domain.event.event import Event, Room, Session, SessionKind, Theme, is_everywhere
from portal.domain.event.languages import language_names, languages_of
from portal.domain.language import N_, Text
from portal.domain.times import day_text, span_text

_KINDS: Final[Mapping[str, str]] = {
    SessionKind.TALK: N_("a talk"),
    SessionKind.WORKSHOP: N_("a workshop"),
    SessionKind.WELCOME: N_("a welcome"),
    SessionKind.BREAK: N_("a break"),
    SessionKind.ASSEMBLY: N_("an assembly"),
}

_NO_ROOM: Final = N_("no room of its own")
_NO_ROOM_YET: Final = N_("no room yet")
_NO_THEME: Final = N_("no theme")
_NO_SPEAKER: Final = N_("nobody named")


def session_changes(old: Event, new: Event) -> Iterator[Change]:
    """Yield the sessions added, taken out, changed, put in another order."""
    for session in entries_without(new.sessions, old.sessions):
        where, spoken = _place(session, new), when(session, new)
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
    days = day_text(day_of(event, session).date, languages_of(event))
    return Text(**{language: f"{days[language]}, {times[language]}" for language in times.languages})


def _session_changes(before: Session, after: Session, old: Event, new: Event) -> Iterator[Change]:
    yield from text_changed(NAMED, before.title, after.title, title=after.title)
    if before.cancelled != after.cancelled:
        text = N_("Cancelled: “%(title)s”, %(when)s.") if after.cancelled else N_("“%(title)s” takes place after all.")
        yield changed(text, title=after.title, when=when(after, new))
    # A session whose day has another number, and the same date, stays when it was.
    was, becomes = when(before, old), when(after, new)
    if (before.day, before.start, before.end) != (after.day, after.start, after.end) and was != becomes:
        yield changed(N_("“%(title)s” moves from %(old)s to %(new)s."), title=after.title, old=was, new=becomes)
    for text, aspect, named in _ASPECTS:
        if aspect(before, old) != aspect(after, new):
            yield changed(text, title=after.title, old=named(before, old), new=named(after, new))
    for text, is_changed in (
        (N_("“%(title)s” has another subtitle."), before.subtitle != after.subtitle),
        (N_("“%(title)s” shares its room with other sessions."), after.shares_room and not before.shares_room),
        (N_("“%(title)s” has its room to itself."), before.shares_room and not after.shares_room),
        (N_("“%(title)s” has other links."), before.links != after.links),
        (N_("“%(title)s” has other tags."), before.tags != after.tags),
    ):
        if is_changed:
            yield changed(text, title=after.title)
    texts = ((before.abstract, after.abstract), (before.description, after.description))
    was, becomes = next((pair for pair in texts if pair[0] != pair[1]), texts[0])
    yield from text_changed(DESCRIBED, was, becomes, title=after.title)


def _place(session: Session, event: Event) -> object:
    return _names(event, event.rooms, session.rooms, _NO_ROOM if is_everywhere(session) else _NO_ROOM_YET)


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
        N_("“%(title)s” changes room: %(old)s → %(new)s."),
        lambda session, _: (session.rooms, is_everywhere(session)),
        lambda session, event: _place(session, event),
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
    (
        N_("“%(title)s”, language: %(old)s → %(new)s."),
        lambda session, _: session.language,
        lambda session, event: language_names(event, (session.language,)) if session.language else NOT_GIVEN,
    ),
)
