"""Draw of the seats by the running portal, at the moment that the organisers chose."""

import asyncio
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from portal.domain.errors import StorageError
from portal.domain.language import N_
from portal.domain.organisers.organiser import JournalEntry
from portal.site.times import in_zone
from portal.storage.contract import Store
from portal.tor.service import Say

ROUND: Final = timedelta(minutes=1)
"""Interval at which the running portal looks whether the moment of the draw has come."""

_DRAWN: Final = N_("Draw at the moment that was set: seats given to those who wait: %(number)s")


async def draw_when_due(
    store: Store, clock: Callable[[], datetime], rng: random.Random, say: Say, every: timedelta = ROUND
) -> None:
    """Draw the seats once the moment of the draw has come; look again at the interval `every`.

    The moment is kept with the rules of registration until the draw is made, so that a portal that was off draws when
    it starts. A store that fails is reported, and tried again at the next look.
    """
    while True:
        try:
            await _draw_if_due(store, clock(), rng)
        except StorageError as error:
            say(error.text, error.details)
        await asyncio.sleep(every.total_seconds())


async def _draw_if_due(store: Store, now: datetime, rng: random.Random) -> None:
    number = await store.draw_if_due(now, rng)
    edition = await store.edition()
    if number is not None and edition is not None:
        await store.note(JournalEntry(in_zone(edition.event, now).date(), "", _DRAWN, (("number", str(number)),)))
