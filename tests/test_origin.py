"""The origin beside its doors: what is promised to be erased is erased, on the day, in the event's zone."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from portal.domain.edition import Addresses
from portal.domain.errors import DataMissing, StorageError
from portal.domain.registration import Counts
from portal.domain.retention import Erasure
from portal.origin import beside, erase_when_due
from portal.storage.embedded import EmbeddedStore, memory_store
from tests.site.sample import EVENT

pytestmark = pytest.mark.anyio

NOWHERE = Path("data")
TODAY = datetime(2026, 11, 23, tzinfo=UTC)
FAR_AHEAD = datetime(2036, 2, 7, tzinfo=UTC)
MOMENTS: dict[str, tuple[datetime, Erasure | None]] = {
    "on the day of the event": (datetime(2026, 12, 15, 20, tzinfo=UTC), None),
    "a minute before the day of erasure, in Paris": (datetime(2027, 1, 13, 22, 59, tzinfo=UTC), None),
    "at the first minute of the day of erasure, in Paris": (
        datetime(2027, 1, 13, 23, 0, tzinfo=UTC),
        Erasure(date(2027, 1, 14), 2),
    ),
    "a year later, after the portal was down": (datetime(2028, 1, 14, tzinfo=UTC), Erasure(date(2028, 1, 14), 2)),
}


class Heard(list[tuple[str, dict[str, object]]]):
    """What the origin said."""

    def __call__(self, message: str, details: Mapping[str, object]) -> None:
        self.append((message, dict(details)))


async def store_with_two() -> EmbeddedStore:
    store = memory_store()
    draft = await store.initialise(EVENT)
    await store.publish(draft.revision, "", Addresses(), datetime(2026, 11, 1, tzinfo=UTC))
    for id in ("a" * 64, "b" * 64):
        await store.register(id, "", "$argon2id$", datetime(2026, 11, 23, tzinfo=UTC))
    return store


async def two_looks(store: EmbeddedStore, *moments: datetime) -> Heard:
    """What is said until the erasure, whose clock shows `moments` and stops at the last, sleeps for a whole round."""
    heard, left = Heard(), list(moments)

    def clock() -> datetime:
        return left.pop(0) if len(left) > 1 else left[0]

    task = asyncio.create_task(erase_when_due(NOWHERE, store, clock, heard, timedelta(milliseconds=10)))
    await asyncio.wait([task], timeout=0.3)
    task.cancel()
    await asyncio.wait([task])
    return heard


@pytest.mark.parametrize(("moment", "erasure"), MOMENTS.values(), ids=MOMENTS.keys())
async def test_everything_about_persons_is_erased_on_the_promised_day(
    moment: datetime, erasure: Erasure | None
) -> None:
    store = await store_with_two()
    await store.add_invitations(["c" * 64])
    heard = await two_looks(store, moment)
    left = (Counts(seated=2), 1) if erasure is None else (Counts(), 0)
    assert ((await store.counts(), await store.invitations()), await store.erasure()) == (left, erasure)
    told = [("The event is over: every registration was erased, %(number)s in all.", {"number": 2})]
    assert heard == (told if erasure else [])


async def test_clock_that_was_far_ahead_at_one_look_erases_nothing() -> None:
    store = await store_with_two()
    assert await two_looks(store, FAR_AHEAD, TODAY) == []
    assert (await store.counts(), await store.erasure()) == (Counts(seated=2), None)


async def test_nothing_is_erased_before_the_second_look() -> None:
    store, heard = await store_with_two(), Heard()
    async with beside(erase_when_due(NOWHERE, store, lambda: FAR_AHEAD, heard, timedelta(hours=1))):
        await asyncio.sleep(0.1)
    assert (await store.counts(), heard) == (Counts(seated=2), [])


async def test_nothing_is_said_when_nothing_is_left_to_erase() -> None:
    store = await store_with_two()
    await store.erase_all_registrations(EVENT.day)
    assert await two_looks(store, datetime(2028, 1, 1, tzinfo=UTC)) == []


async def test_store_that_fails_is_told_of_and_tried_again() -> None:
    heard = await two_looks(memory_store(), datetime(2028, 1, 1, tzinfo=UTC))
    assert [message for message, _ in heard] == [DataMissing.text]
    assert issubclass(DataMissing, StorageError)


async def test_fault_beside_the_doors_is_logged_without_its_words_and_stops_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    words = "a secret"

    async def faulty() -> None:
        raise ValueError(words)

    async def endless() -> None:
        await asyncio.Event().wait()

    async with beside(faulty(), endless()):
        await asyncio.sleep(0.05)
    assert [record.getMessage().splitlines()[0] for record in caplog.records] == ["fault beside the doors"]
    assert ("ValueError" in caplog.text, words in caplog.text) == (True, False)
