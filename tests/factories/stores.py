"""The backends that must keep the contract; the tests of the contract run on each. A new one joins the table."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from portal.domain.event.event_file import read_event
from portal.storage.contract import Store
from portal.storage.embedded.store import open_store
from tests.checkout import ROOT
from tests.fakes.memory_store import memory_store

NOW: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY: Final = NOW.date()
EVENT: Final = read_event((ROOT / "events" / "onestla.toml").read_bytes(), "onestla.toml")


@asynccontextmanager
async def in_memory(folder: Path) -> AsyncIterator[Store]:
    """Return the embedded backend without a disk."""
    store = memory_store()
    yield store
    await store.close()


@asynccontextmanager
async def in_files(folder: Path) -> AsyncIterator[Store]:
    """Return the embedded backend in `folder`."""
    store = await open_store(folder / "data")
    yield store
    await store.close()


BACKENDS: Final[dict[str, Callable[[Path], AbstractAsyncContextManager[Store]]]] = {
    "memory": in_memory,
    "files": in_files,
}
