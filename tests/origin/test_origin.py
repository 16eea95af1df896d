"""Background tasks of the origin: a fault is logged, and stops nothing."""

import asyncio

import pytest

from portal.server.server import background_tasks

pytestmark = pytest.mark.anyio


async def test_fault_beside_the_doors_is_logged_without_its_words_and_stops_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    words = "a secret"

    async def faulty() -> None:
        raise ValueError(words)

    async def endless() -> None:
        await asyncio.Event().wait()

    async with background_tasks(faulty(), endless()):
        await asyncio.sleep(0.05)
    assert [record.getMessage().splitlines()[0] for record in caplog.records] == ["fault in a background task"]
    assert "ValueError" in caplog.text
    assert words not in caplog.text
