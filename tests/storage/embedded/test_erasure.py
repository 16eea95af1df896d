"""The contract of the erasure, on every backend."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from portal.domain.organisers.organiser import JournalEntry
from portal.domain.registration.retention import Erasure, ErasureNotice, Postponement, Retained
from portal.storage.contract import Store
from tests.factories.history import locator
from tests.factories.stores import NOW, TODAY

pytestmark = pytest.mark.anyio

DUE: Final = datetime(2026, 12, 22, 16, 30, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)
ENTRY: Final = JournalEntry(TODAY, "Louise", "One registration erased.", (), "asked for")


async def fill(store: Store) -> None:
    """Three registrations, two invitations, one entry of the journal."""
    for n in range(3):
        await store.register(locator(n), "", f"$argon2id${n}", NOW)
    await store.add_invitations([locator(900), locator(901)])
    await store.note(ENTRY)


async def test_retained_begins_with_nothing(store: Store) -> None:
    assert await store.retained() == Retained()


async def test_retained_counts_what_an_erasure_would_take(store: Store) -> None:
    await fill(store)
    assert await store.retained() == Retained(3, 2, 1)


async def test_erase_all_takes_the_invitations_and_leaves_the_journal(store: Store) -> None:
    await fill(store)
    assert await store.erase_all_registrations(TODAY) == 3
    assert (await store.retained(), await store.journal()) == (Retained(0, 0, 1, Erasure(TODAY, 3)), (ENTRY,))


async def test_erase_journal_leaves_everything_else(store: Store) -> None:
    await fill(store)
    assert (await store.erase_journal(), await store.journal(), await store.retained()) == (1, (), Retained(3, 2))


async def test_announced_erasure_keeps_its_first_moment(store: Store) -> None:
    for hours in range(3):
        notice = await store.announce_erasure(DUE, NOW + hours * HOUR)
        assert notice == ErasureNotice(DUE, NOW, NOW + hours * HOUR) == (await store.retained()).notice


async def test_withdrawn_announcement_begins_anew(store: Store) -> None:
    await store.announce_erasure(DUE, NOW)
    assert (await store.announce_erasure(None, NOW + HOUR), await store.retained()) == (None, Retained())
    assert await store.announce_erasure(DUE, NOW + HOUR) == ErasureNotice(DUE, NOW + HOUR, NOW + HOUR)


async def test_postponement_ends_the_announcement(store: Store) -> None:
    await store.announce_erasure(DUE, NOW)
    postponement = Postponement(DUE + 7 * 24 * HOUR, 1)
    assert await store.postpone_erasure(postponement, None)
    assert await store.retained() == Retained(postponement=postponement)


async def test_two_clicks_at_once_postpone_once(store: Store) -> None:
    first, second = Postponement(DUE + HOUR, 1), Postponement(DUE + 2 * HOUR, 1)
    assert [await store.postpone_erasure(postponement, None) for postponement in (first, second)] == [True, False]
    assert (await store.retained()).postponement == first
    assert await store.postpone_erasure(Postponement(DUE + 2 * HOUR, 2), first)


async def test_erasure_that_was_postponed_meanwhile_takes_nothing(store: Store) -> None:
    await fill(store)
    notice = await store.announce_erasure(DUE, NOW)
    assert notice is not None
    postponement = Postponement(DUE + HOUR, 1)
    await store.postpone_erasure(postponement, None)
    assert (await store.erase_all_registrations(TODAY, notice), await store.erase_journal(notice)) == (0, 0)
    assert await store.retained() == Retained(3, 2, 1, postponement=postponement)


async def test_erasure_ends_its_announcement_and_its_postponement(store: Store) -> None:
    await fill(store)
    await store.postpone_erasure(Postponement(DUE, 1), None)
    notice = await store.announce_erasure(DUE, NOW)
    assert await store.erase_all_registrations(TODAY, notice) == 3
    assert await store.retained() == Retained(0, 0, 1, Erasure(TODAY, 3))


async def test_erasure_of_the_journal_ends_its_announcement(store: Store) -> None:
    await fill(store)
    notice = await store.announce_erasure(DUE, NOW)
    assert (await store.erase_journal(notice), await store.retained()) == (1, Retained(3, 2))
