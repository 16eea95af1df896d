"""What comes back from an earlier edition, and what must not."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from portal.domain.edition.change import Change
from portal.domain.edition.changes import changes
from portal.domain.event.event import Event, Session
from portal.domain.language import Text


def taken_back(earlier: Event, in_force: Event) -> Event:
    """`earlier` as a draft: with the announcements of the event `in_force` instead of its own.

    An announcement is for its moment: an old one does not come back to life, and one that everybody is reading now is
    not withdrawn by the way.
    """
    return replace(earlier, announcements=in_force.announcements)


def lost_changes(published: Event, draft: Event, replaced: Event) -> tuple[Change, ...]:
    """The changes of `draft` that were never `published` and that are gone once it is `replaced`."""
    if draft == replaced:
        return ()
    kept, undone = set(changes(published, replaced)), set(changes(draft, replaced))
    return tuple(one for one in changes(published, draft) if one not in kept or one in undone)


@dataclass(frozen=True, slots=True)
class Reused:
    """A session whose id was that of another before: its `id`, the title `then` and the title `now`."""

    id: str
    then: Text
    now: Text


def reused_ids(event: Event, draft: Event, editions: Iterable[Event]) -> tuple[Reused, ...]:
    """The sessions of `event` that `draft` has not, whose id an edition (the newest first) gave to another title.

    A link that somebody kept, and a diary, would lead to the wrong session. Whether two titles are of one session
    nobody can tell but the organisers.
    """
    known = {session.id for session in draft.sessions}
    before: dict[str, Session] = {}
    for edition in editions:
        for session in edition.sessions:
            before.setdefault(session.id, session)
    return tuple(
        Reused(one.id, before[one.id].title, one.title)
        for one in event.sessions
        if one.id not in known and one.id in before and before[one.id].title != one.title
    )
