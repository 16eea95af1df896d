"""Histories of many editions, for the tests of what is told of them."""

import random
from datetime import UTC, datetime, timedelta
from typing import Final

from portal.domain.edition.change import Change, changed
from portal.domain.edition.edition import Addresses, Edition, HistoryEntry
from portal.domain.event.event import Event
from portal.domain.language import Text
from tests.factories.sample import CLEARNET, EVENT, FINGERPRINT, ONION

FIRST: Final = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
RENAMED: Final = "“%(old)s” is now called “%(new)s”."


def step(number: int, comment: str = "", *changes: Change) -> HistoryEntry:
    """Edition `number`, an hour after the one before it."""
    return HistoryEntry(number, FIRST + timedelta(hours=number), comment or f"Changement {number}", changes)


def edition_of(*steps: HistoryEntry, event: Event = EVENT) -> Edition:
    """Return the edition with these `steps`, the newest first."""
    newest = steps[0]
    addresses = Addresses(CLEARNET, ONION, FINGERPRINT)
    return Edition(newest.number, newest.published, newest.comment, addresses, event, steps)


def long_history(editions: int, changes: int, event: Event = EVENT) -> Edition:
    """Return an edition with a history of so many entries, each with a comment and so many changes, all different."""
    rng = random.Random(1)

    def words(count: int) -> str:
        return " ".join("".join(rng.choices("eaisntrluo", k=rng.randint(2, 9))) for _ in range(count))

    def renamed() -> Change:
        return changed(RENAMED, old=Text(words(5), words(5)), new=Text(words(5), words(5)))

    steps = (step(number, words(12), *(renamed() for _ in range(changes))) for number in range(editions, 0, -1))
    return edition_of(*steps, event=event)
