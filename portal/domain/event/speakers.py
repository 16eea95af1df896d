"""Speakers of an event: the public names in its sessions, which exist nowhere else."""

from collections.abc import Iterator
from dataclasses import replace

from portal.domain.errors import EventFileError
from portal.domain.event.event import Event, Session
from portal.domain.event.value_rules import faults_of_new_value


def speakers_of(event: Event) -> dict[str, tuple[Session, ...]]:
    """Return every name, in alphabetical order, with its sessions."""
    names = {name for session in event.sessions for name in session.speakers}
    return {
        name: tuple(session for session in event.sessions if name in session.speakers)
        for name in sorted(names, key=lambda name: (name.casefold(), name))
    }


def speakers_of_session_alone(event: Event, id: str) -> tuple[str, ...]:
    """Return the names that are in the session with this id and in no other, in alphabetical order."""
    return tuple(name for name, sessions in speakers_of(event).items() if [each.id for each in sessions] == [id])


def speaker_renamed(event: Event, old: str, new: str) -> Event:
    """Return `event` with the name `new` in the place of `old`; nowhere twice in one session.

    Raises `EventFileError` when `new` cannot be a name.
    """
    if problems := faults_of_new_value(Session, "name", new):
        raise EventFileError("speakers", problems)
    return _with_names(event, old, (new,))


def speaker_removed(event: Event, name: str) -> Event:
    """Return `event` without the name in any session."""
    return _with_names(event, name, ())


def _with_names(event: Event, old: str, new: tuple[str, ...]) -> Event:
    def named(session: Session) -> Iterator[str]:
        for name in session.speakers:
            yield from new if name == old else (name,)

    sessions = tuple(
        replace(session, speakers=tuple(dict.fromkeys(named(session)))) if old in session.speakers else session
        for session in event.sessions
    )
    return replace(event, sessions=sessions)
