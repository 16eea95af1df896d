"""Erasure of what concerns persons: the running portal announces it to the organisers, then carries it out."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from portal.domain.errors import StorageError
from portal.domain.event.event import Event
from portal.domain.language import N_
from portal.domain.registration.retention import Erasable, event_kept_longest, next_erasure
from portal.domain.times import whole_minute
from portal.origin.installation import edition_in_force
from portal.site.times import in_zone
from portal.storage.contract import Store
from portal.tor.service import Say

ROUND: Final = timedelta(hours=1)
"""Interval at which the running portal looks; less than `retention.GAP`, or no announcement would last."""


async def erase_when_due(
    data: Path,
    store: Store,
    shown: Callable[[], Event],
    clock: Callable[[], datetime],
    say: Say,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> None:
    """Announce each erasure before it is due, and carry it out once it has been announced for long enough.

    Where the edition in force waits for signatures, the later deadline counts: its own, or that of the event `shown`
    to the public.
    """
    while True:
        try:
            event = event_kept_longest((await edition_in_force(store, data)).event, shown())
            await announce_or_erase(store, event, clock(), say)
        except StorageError as error:
            say(error.text, error.details)
        await sleep(ROUND.total_seconds())


async def announce_or_erase(store: Store, event: Event, now: datetime, say: Say) -> None:
    """Announce the erasure that is near, or carry it out."""
    coming = next_erasure(event, await store.retained(), now)
    notice = await store.announce_erasure(coming.due if coming and coming.is_near else None, whole_minute(now))
    if coming is None or notice is None or now < notice.earliest:
        return
    if coming.what is Erasable.JOURNAL:
        await store.erase_journal(notice)
        return
    number = await store.erase_all_registrations(in_zone(event, now).date(), notice)
    if number:
        say(N_("The event is over: every registration was erased, %(number)s in all."), {"number": number})
