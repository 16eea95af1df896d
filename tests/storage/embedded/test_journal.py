"""The contract of the journal, on every backend."""

import asyncio
from datetime import timedelta

import pytest

from portal.domain.organisers.organiser import JournalEntry
from portal.storage.contract import Store
from tests.factories.stores import TODAY

pytestmark = pytest.mark.anyio

INVITED = JournalEntry(TODAY, "Louise", "%(number)s of %(all)s", (("number", "30"), ("all", "90")), "")
ERASED = JournalEntry(TODAY, "Zoë", "One registration erased.", (), "asked for by “one who\nlost” their ticket \ud800")


async def test_journal_begins_empty(store: Store) -> None:
    assert await store.journal() == ()


async def test_journal_gives_back_what_was_noted_the_newest_first(store: Store) -> None:
    tomorrow = JournalEntry(TODAY + timedelta(days=1), "Louise", "Signed.", (), "")
    for entry in (INVITED, tomorrow, ERASED, INVITED):
        await store.note(entry)
    assert await store.journal() == (tomorrow, INVITED, ERASED, INVITED)


async def test_journal_loses_nothing_that_is_noted_at_once(store: Store) -> None:
    await asyncio.gather(*(store.note(INVITED) for _ in range(12)))
    assert await store.journal() == (INVITED,) * 12
