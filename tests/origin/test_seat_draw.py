"""The draw at a moment: made once, by the running portal, from its minute on, whatever else goes wrong."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

import pytest

from portal.domain.errors import StorageError
from portal.domain.organisers.organiser import JournalEntry
from portal.domain.registration.registration import Counts, Policy
from portal.origin.seat_draw import draw_when_due
from portal.storage.embedded.store import EmbeddedStore, open_store
from tests.factories.looks import messages_of_looks
from tests.factories.portal import first_edition
from tests.fakes.memory_store import memory_files

pytestmark = pytest.mark.anyio

DRAW_AT: Final = datetime(2026, 12, 9, 23, 30, tzinfo=UTC)
BEFORE: Final = DRAW_AT - timedelta(days=1)
WINDOW: Final = Policy(capacity=2, draw_at=DRAW_AT)
DRAWN: Final = JournalEntry(
    date(2026, 12, 10),
    "",
    "Draw at the moment that was set: seats given to those who wait: %(number)s",
    (("number", "2"),),
)
"""In Paris the day has changed."""


class Failing(EmbeddedStore):
    """A store that cannot write the draw, the first time."""

    has_failed = False

    async def draw_if_due(self, now: datetime, rng: Random) -> int | None:
        """Fail once, then do it."""
        if not self.has_failed:
            self.has_failed = True
            raise StorageError
        return await super().draw_if_due(now, rng)


async def begin(store: EmbeddedStore, policy: Policy = WINDOW) -> None:
    """Publish the event, and have three people register in the window."""
    await first_edition(store, policy=policy)
    for person in range(3):
        await store.register(f"{person:064x}", "", "-", BEFORE)


async def look(store: EmbeddedStore, now: datetime) -> list[str]:
    """Return the messages that were given in `LOOKS` looks at `now`."""
    return await messages_of_looks(lambda clock, say: draw_when_due(store, clock, Random(1), say, timedelta(0)), now)


def store_in_memory(kind: type[EmbeddedStore] = EmbeddedStore) -> EmbeddedStore:
    return kind(*memory_files())


async def test_nothing_is_drawn_before_the_moment() -> None:
    store = store_in_memory()
    await store.open()
    await begin(store)
    assert await look(store, DRAW_AT - timedelta(seconds=1)) == []
    assert (await store.counts(), await store.policy(), await store.journal()) == (Counts(waiting=3), WINDOW, ())


async def test_seats_are_drawn_once_from_the_moment_on_and_the_journal_tells_it() -> None:
    store = store_in_memory()
    await store.open()
    await begin(store)
    assert await look(store, DRAW_AT) == []
    assert (await store.counts(), await store.journal()) == (Counts(seated=2, waiting=1), (DRAWN,))
    assert await store.policy() == replace(WINDOW, draw_at=None)


async def test_portal_that_was_off_draws_when_it_starts(tmp_path: Path) -> None:
    store = await open_store(tmp_path)
    await begin(store)
    await store.close()
    store = await open_store(tmp_path)
    await look(store, DRAW_AT + timedelta(days=1))
    assert await store.counts() == Counts(seated=2, waiting=1)
    await store.close()


async def test_store_that_fails_is_tried_again() -> None:
    store = store_in_memory(Failing)
    await store.open()
    await begin(store)
    assert await look(store, DRAW_AT) == [StorageError.text]
    assert (await store.counts(), await store.journal()) == (Counts(seated=2, waiting=1), (DRAWN,))


async def test_portal_without_a_moment_draws_nothing() -> None:
    store = store_in_memory()
    await store.open()
    await begin(store, Policy(capacity=2, draws_at_once=False))
    await store.set_policy(Policy(capacity=3, draws_at_once=False), Random(1))
    assert await look(store, DRAW_AT) == []
    assert (await store.counts(), await store.journal()) == (Counts(seated=2, waiting=1), ())
