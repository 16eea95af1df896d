"""The public names in the sessions of an event: a name is nothing but what sessions have."""

from collections.abc import Iterator
from dataclasses import replace

from portal.domain.errors import EventFileError
from portal.domain.event.event import Event, Session
from portal.domain.event.value_rules import faults_of_value


def speakers_of(event: Event) -> dict[str, tuple[Session, ...]]:
    """Every name, in the order of the alphabet, with its sessions."""
    names = sorted({name for one in event.sessions for name in one.speakers}, key=lambda name: (name.casefold(), name))
    return {name: tuple(one for one in event.sessions if name in one.speakers) for name in names}


def speakers_of_one(event: Event, session: str) -> tuple[str, ...]:
    """The names that stand in no other session than this one, in the order of the alphabet."""
    return tuple(name for name, named in speakers_of(event).items() if [one.id for one in named] == [session])


def speaker_renamed(event: Event, old: str, new: str) -> Event:
    """`event` with the name `new` wherever there was `old`; nowhere twice in one session.

    Raises `EventFileError` when `new` cannot be a name.
    """
    if problems := tuple(faults_of_value(Session, "name", new)):
        raise EventFileError("speakers", problems)
    return _with_names(event, old, (new,))


def speaker_removed(event: Event, name: str) -> Event:
    """`event` without the name in any session."""
    return _with_names(event, name, ())


def _with_names(event: Event, old: str, new: tuple[str, ...]) -> Event:
    def named(session: Session) -> Iterator[str]:
        for name in session.speakers:
            yield from new if name == old else (name,)

    sessions = tuple(
        replace(one, speakers=tuple(dict.fromkeys(named(one)))) if old in one.speakers else one
        for one in event.sessions
    )
    return replace(event, sessions=sessions)
