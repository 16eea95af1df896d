"""Announcements that come to their end: the running portal withdraws each by itself, as an edition of its own."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from portal.domain.edition.announcement_changes import WITHDRAWN
from portal.domain.edition.edition import Edition
from portal.domain.errors import StorageError
from portal.domain.event.announcements import ended
from portal.domain.event.event import Announcement
from portal.domain.language import N_
from portal.domain.organisers.journal import JournalEntry
from portal.domain.times import whole_minute
from portal.routes.current_edition import CurrentEdition
from portal.site.catalogue import translated
from portal.site.times import in_zone
from portal.storage.contract import Store
from portal.tor.service import Say

ROUND: Final = timedelta(minutes=1)
"""How often the running portal looks whether an announcement has come to its end."""

_NOTED: Final = N_("Announcement withdrawn at its end: “%(title)s”.")


async def withdraw_when_ended(
    store: Store, current: CurrentEdition, clock: Callable[[], datetime], say: Say, every: timedelta = ROUND
) -> None:
    """Withdraw every announcement from the moment on that it was to last until; look again `every` so often.

    What shows the edition follows at once. A store that fails is told of, and tried again at the next look.
    """
    while True:
        try:
            await _withdraw_ended(store, current, clock())
        except StorageError as error:
            say(error.text, error.details)
        await asyncio.sleep(every.total_seconds())


async def _withdraw_ended(store: Store, current: CurrentEdition, now: datetime) -> None:
    edition = await store.edition()
    if edition is not None:
        for one in ended(edition.event, now):
            await _withdraw(store, current, edition, one, now)


async def _withdraw(store: Store, current: CurrentEdition, edition: Edition, one: Announcement, now: datetime) -> None:
    event = edition.event
    title = one.title.in_language(event.language)
    comment = translated(event.language, WITHDRAWN, {"title": title})
    made = await store.withdraw_announcement(one.id, comment, edition.addresses, whole_minute(now))
    if made is not None:
        await current.show(made)
        await store.note(JournalEntry(in_zone(event, now).date(), "", _NOTED, (("title", title),)))
