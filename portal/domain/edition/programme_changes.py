"""Changes of the programme beside its sessions: its themes, its rooms and its speakers, each known by its id."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

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
from portal.domain.event.event import Event, Room, Theme
from portal.domain.language import N_

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
    for before, after in entries_in_both(old.rooms, new.rooms):
        if before.capacity != after.capacity:
            places = (NOT_GIVEN if room.capacity is None else room.capacity for room in (before, after))
            text = N_("“%(title)s”, number of places: %(old)s → %(new)s.")
            yield changed(text, title=after.name, **dict(zip(("old", "new"), places, strict=True)))
        if before.access_notes != after.access_notes:
            yield changed(N_("“%(title)s” has other notes on access."), title=after.name)
    if are_reordered(old.rooms, new.rooms):
        yield changed(N_("The rooms are in another order."))


def speaker_changes(old: Event, new: Event) -> Iterator[Change]:
    """Yield the speakers whose texts were added, taken out or changed."""
    for speaker in entries_without(new.speakers, old.speakers):
        yield changed(N_("New text about %(name)s."), name=speaker.name)
    for speaker in entries_without(old.speakers, new.speakers):
        yield changed(N_("Text about %(name)s removed."), name=speaker.name)
    for before, after in entries_in_both(old.speakers, new.speakers):
        if before != after:
            yield changed(N_("The text about %(name)s has changed."), name=after.name)


def _described(old: Sequence[_Thread], new: Sequence[_Thread]) -> Iterator[Change]:
    for before, after in entries_in_both(old, new):
        yield from text_changed(NAMED, before.name, after.name, title=after.name)
        yield from text_changed(DESCRIBED, before.description, after.description, title=after.name)
