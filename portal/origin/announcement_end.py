"""Announcements that expire: the running portal withdraws each by itself, as an edition of its own."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from portal.domain.edition.announcement_changes import WITHDRAWN
from portal.domain.edition.edition import Edition
from portal.domain.errors import StorageError
from portal.domain.event.announcements import expired_announcements
from portal.domain.event.event import Announcement
from portal.domain.event.languages import own_language_of, words_of
from portal.domain.language import N_
from portal.domain.organisers.organiser import JournalEntry
from portal.domain.times import whole_minute
from portal.routes.current_edition import CurrentEdition
from portal.site.catalogue import translated
from portal.site.times import in_zone
from portal.storage.contract import Store
from portal.tor.service import Say

ROUND: Final = timedelta(minutes=1)
"""Interval at which the running portal looks for expired announcements."""

_JOURNAL_MESSAGE: Final = N_("Announcement withdrawn at its end: “%(title)s”.")


async def withdraw_when_ended(
    store: Store, current: CurrentEdition, clock: Callable[[], datetime], say: Say, every: timedelta = ROUND
) -> None:
    """Withdraw every announcement once it has expired; look again at the interval `every`.

    The pages follow at once. An error of the store is reported, and the next look tries again.
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
        for announcement in expired_announcements(edition.event, now):
            await _withdraw(store, current, edition, announcement, now)


async def _withdraw(
    store: Store, current: CurrentEdition, edition: Edition, announcement: Announcement, now: datetime
) -> None:
    event = edition.event
    title = words_of(event, announcement.title, event.language)
    comment = translated(own_language_of(event, event.language), WITHDRAWN, {"title": title})
    next_edition = await store.withdraw_announcement(announcement.id, comment, edition.addresses, whole_minute(now))
    if next_edition is not None:
        await current.show(next_edition)
        await store.note(JournalEntry(in_zone(event, now).date(), "", _JOURNAL_MESSAGE, (("title", title),)))
