"""Speakers of an event: the public names in its sessions, and the texts about them."""

from collections.abc import Iterator
from dataclasses import replace

from portal.domain.errors import EventFileError
from portal.domain.event.event import Event, Session
from portal.domain.event.value_rules import faults_of_new_value


def speakers_of(event: Event) -> dict[str, tuple[Session, ...]]:
    """Return every name, in alphabetical order, with its sessions; a text may be about somebody who has none."""
    sessions: dict[str, list[Session]] = {speaker.name: [] for speaker in event.speakers}
    for session in event.sessions:
        for name in dict.fromkeys(session.speakers):
            sessions.setdefault(name, []).append(session)
    return {name: tuple(sessions[name]) for name in sorted(sessions, key=lambda name: (name.casefold(), name))}


def speakers_of_session_alone(event: Event, id: str) -> tuple[str, ...]:
    """Return the names that are in the session with this id and in no other, in alphabetical order."""
    return tuple(name for name, sessions in speakers_of(event).items() if [each.id for each in sessions] == [id])


def speaker_renamed(event: Event, old: str, new: str) -> Event:
    """Return `event` with the name `new` in the place of `old`; nowhere twice in one session.

    The text about `old` goes along, unless there is one about `new`. Raises `EventFileError` when `new` cannot be a
    name.
    """
    if problems := faults_of_new_value(Session, "name", new):
        raise EventFileError("speakers", problems)
    has_text = {speaker.name: not speaker.biography.is_blank() for speaker in event.speakers}
    gone = old if new in has_text and (has_text[new] or not has_text.get(old)) else new
    texts = (speaker for speaker in event.speakers if speaker.name != gone or old == new)
    speakers = tuple(replace(speaker, name=new) if speaker.name == old else speaker for speaker in texts)
    return replace(_with_names(event, old, (new,)), speakers=speakers)


def speaker_removed(event: Event, name: str) -> Event:
    """Return `event` without the name in any session, and without the text about it."""
    speakers = tuple(speaker for speaker in event.speakers if speaker.name != name)
    return replace(_with_names(event, name, ()), speakers=speakers)


def _with_names(event: Event, old: str, new: tuple[str, ...]) -> Event:
    def named(session: Session) -> Iterator[str]:
        for name in session.speakers:
            yield from new if name == old else (name,)

    sessions = tuple(
        replace(session, speakers=tuple(dict.fromkeys(named(session)))) if old in session.speakers else session
        for session in event.sessions
    )
    return replace(event, sessions=sessions)
