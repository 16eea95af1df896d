"""Changes of the announcements, each known by its id."""

from collections.abc import Iterator
from typing import Final

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
from portal.domain.event.event import Announcement, Event
from portal.domain.language import N_

ANNOUNCED: Final = N_("Announcement: “%(title)s”.")
WITHDRAWN: Final = N_("Announcement withdrawn: “%(title)s”.")
"""The change of an edition that only publishes or withdraws an announcement, and its comment: the same sentence."""


def announcement_changes(old: Event, new: Event) -> Iterator[Change]:
    """Yield the announcements published, withdrawn, reworded, put in another order."""
    for announcement in entries_without(new.announcements, old.announcements):
        yield changed(ANNOUNCED, title=announcement.title)
    for announcement in entries_without(old.announcements, new.announcements):
        yield changed(WITHDRAWN, title=announcement.title)
    for before, after in entries_in_both(old.announcements, new.announcements):
        yield from _reworded(before, after)
    if are_reordered(old.announcements, new.announcements):
        yield changed(N_("The announcements are in another order."))


def _reworded(before: Announcement, after: Announcement) -> Iterator[Change]:
    yield from text_changed(NAMED, before.title, after.title, title=after.title)
    yield from text_changed(DESCRIBED, before.text, after.text, title=after.title)
    if before.important != after.important:
        text = N_("“%(title)s” is now important.") if after.important else N_("“%(title)s” is no longer important.")
        yield changed(text, title=after.title)
    if before.until != after.until:
        yield changed(N_("“%(title)s” has another end date."), title=after.title)
    if before.published != after.published:
        yield changed(N_("“%(title)s” has another date of publication."), title=after.title)
