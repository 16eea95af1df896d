"""What changed in the list of the copies, each known by its id."""

from collections.abc import Iterator

from portal.domain.change import Change, changed
from portal.domain.event import Event
from portal.domain.language import N_


def mirror_changes(old: Event, new: Event) -> Iterator[Change]:
    """Copies added, taken out, told of in other words, put in another order."""
    before = {one.id: one for one in old.mirrors}
    after = {one.id: one for one in new.mirrors}
    for one in new.mirrors:
        if one.id not in before:
            yield changed(N_("New copy: “%(title)s”."), title=one.name)
    for one in old.mirrors:
        if one.id not in after:
            yield changed(N_("Copy taken out of the list: “%(title)s”."), title=one.name)
    for one in new.mirrors:
        if one.id in before and one != before[one.id]:
            yield changed(N_("The entry of the copy “%(title)s” has changed."), title=one.name)
    if [id for id in before if id in after] != [id for id in after if id in before]:
        yield changed(N_("The copies are in another order."))
