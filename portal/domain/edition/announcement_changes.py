"""What changed in the announcements, each known by its id."""

from collections.abc import Iterator
from typing import Final

from portal.domain.edition.change import DESCRIBED, NAMED, Change, changed, text_changed
from portal.domain.event.event import Announcement, Event
from portal.domain.language import N_

ANNOUNCED: Final = N_("Announcement: “%(title)s”.")
WITHDRAWN: Final = N_("Announcement withdrawn: “%(title)s”.")
"""What an edition changes that is an announcement's own, and its comment: the two are one sentence."""


def announcement_changes(old: Event, new: Event) -> Iterator[Change]:
    """Announcements published, withdrawn, reworded, put in another order."""
    before = {one.id: one for one in old.announcements}
    after = {one.id: one for one in new.announcements}
    for one in new.announcements:
        if one.id not in before:
            yield changed(ANNOUNCED, title=one.title)
    for one in old.announcements:
        if one.id not in after:
            yield changed(WITHDRAWN, title=one.title)
    for one in new.announcements:
        if one.id in before:
            yield from _reworded(before[one.id], one)
    if [id for id in before if id in after] != [id for id in after if id in before]:
        yield changed(N_("The announcements are in another order."))


def _reworded(before: Announcement, after: Announcement) -> Iterator[Change]:
    yield from text_changed(NAMED, before.title, after.title, title=after.title)
    yield from text_changed(DESCRIBED, before.text, after.text, title=after.title)
    if before.important != after.important:
        text = N_("“%(title)s” is now important.") if after.important else N_("“%(title)s” is no longer important.")
        yield changed(text, title=after.title)
    if before.until != after.until:
        yield changed(N_("“%(title)s” is announced until another moment."), title=after.title)
    if before.published != after.published:
        yield changed(N_("“%(title)s” has another date of publication."), title=after.title)
