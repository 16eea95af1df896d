"""Restoring an earlier edition as the draft: the event it gives, later changes that it undoes, ids used twice."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from portal.domain.edition.change import Change
from portal.domain.edition.changes import changes
from portal.domain.event.event import Event, Session
from portal.domain.language import Text


def restored(earlier: Event, in_force: Event) -> Event:
    """Return `earlier` with the announcements of the event `in_force`.

    Old announcements are not published again, and those in force are not withdrawn.
    """
    return replace(earlier, announcements=in_force.announcements)


def lost_changes(published: Event, draft: Event, replaced: Event) -> tuple[Change, ...]:
    """Return the changes of `draft` that were never `published` and are lost once it is `replaced`."""
    if draft == replaced:
        return ()
    kept, undone = set(changes(published, replaced)), set(changes(draft, replaced))
    return tuple(change for change in changes(published, draft) if change not in kept or change in undone)


@dataclass(frozen=True, slots=True)
class Reused:
    """A session with the `id` of an earlier session, which had another title `then`."""

    id: str
    then: Text
    now: Text


def reused_ids(event: Event, draft: Event, editions: Iterable[Event]) -> tuple[Reused, ...]:
    """Return the sessions of `event`, not in `draft`, whose id had another title in an edition (the newest first).

    Links and calendars that people kept would lead to the wrong session, unless only its title has changed, which only
    the organisers know.
    """
    known = {session.id for session in draft.sessions}
    before: dict[str, Session] = {}
    for edition in editions:
        for session in edition.sessions:
            before.setdefault(session.id, session)
    return tuple(
        Reused(session.id, before[session.id].title, session.title)
        for session in event.sessions
        if session.id not in known and session.id in before and before[session.id].title != session.title
    )
